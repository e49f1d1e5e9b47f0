import { parseSettings } from '#connectors/generic/settings.ts';
import { verifier } from '#connectors/generic/verify.ts';
import { DynamoLimiter } from '#platform/aws/limiter.ts';
import { once, partnerAccounts } from '#platform/env.ts';
import { remoteKeySets } from '#platform/handlers/access-token.ts';
import type { ApiAccount } from '#platform/handlers/api-clients.ts';
import type { RoutePorts } from '#platform/handlers/api-routes.ts';
import { clock, secrets } from '#platform/handlers/on-aws.ts';

/** Larger than any request that its schema lets through. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Who may call the API, and how: every account of Standard Webhooks. */
const clients = once((): readonly ApiAccount[] =>
  partnerAccounts()
    .filter(({ connector }) => connector === 'generic')
    .map((account) => ({ ...account, rules: parseSettings(account.settings).api })),
);

export const routePorts = once(
  (): RoutePorts => ({
    accounts: clients(),
    verifier,
    secrets: secrets(),
    keys: remoteKeySets(),
    limiter: new DynamoLimiter(),
    clock,
  }),
);
