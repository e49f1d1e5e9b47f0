import { accountOf } from '#platform/env.ts';
import { clock, secrets } from '#platform/handlers/on-aws.ts';
import { perAccount } from '../../../../handlers/wiring/executing.ts';
import { trytonConnector } from '../connector.ts';
import { parseSettings } from '../settings.ts';

/** The connector of a configured account, made once a sandbox. */
export const tryton = perAccount((target) => {
  const { settings, secretName } = accountOf(target);
  return trytonConnector({
    settings: parseSettings(settings),
    secret: async () => JSON.stringify(await secrets().get(secretName)),
    clock,
  });
});
