import type { Target } from '#core/operations/operation.ts';
import { accountOf } from '#platform/env.ts';
import { clock, secrets } from '#platform/handlers/on-aws.ts';
import { type TrytonAccess, trytonAccess } from '../access.ts';
import { parseSettings } from '../settings.ts';

/** Access to a configured account. Executors and readers are made apart, so that a function bundles what it needs. */
export function accessTo(target: Target): TrytonAccess {
  const { settings, secretName } = accountOf(target);
  return trytonAccess({
    settings: parseSettings(settings),
    secret: async () => JSON.stringify(await secrets().get(secretName)),
    clock,
  });
}
