import { secretPart } from '#platform/aws/secrets.ts';
import { accountOf } from '#platform/env.ts';
import { clock, secrets } from '#platform/handlers/on-aws.ts';
import { perAccount } from '../../../../handlers/wiring/executing.ts';
import { ShopifyClient } from '../client.ts';
import { manifest } from '../manifest.ts';
import { ShopifyPayouts } from '../payouts.ts';
import { parseSettings } from '../settings.ts';

/** The payouts of a configured account. */
export const payoutsOf = perAccount((target) => {
  const { settings, secretName } = accountOf(target);
  const accessToken = async () => secretPart(secretName, await secrets().get(secretName), 'accessToken');
  const { callTimeoutSeconds } = manifest.limits;
  return new ShopifyPayouts(
    new ShopifyClient({ settings: parseSettings(settings), accessToken, callTimeoutSeconds }),
    clock,
  );
});

/** From which day on an account's payouts are fetched; undefined for one whose are not. */
export const collectedFrom = ({ settings }: { readonly settings: unknown }): string | undefined =>
  parseSettings(settings).payouts?.from;
