import { manifest as shopify } from '#connectors/channels/shopify/manifest.ts';
import { parseSettings as parseShopify } from '#connectors/channels/shopify/settings.ts';
import { manifest as tryton } from '#connectors/erps/tryton/manifest.ts';
import { parseSettings as parseTryton } from '#connectors/erps/tryton/settings.ts';
import { manifest as generic } from '#connectors/generic/manifest.ts';
import { parseSettings as parseGeneric } from '#connectors/generic/settings.ts';
import type { ConnectorManifest } from '#connectors/manifest.ts';
import type { ConnectorId, Stage } from './stage.ts';

/** Partner accounts as the deployment sees them: where their secret lies, what functions are told about them. */

const MANIFESTS: Record<ConnectorId, ConnectorManifest> = { shopify, generic, tryton };

/** Each throws for settings that its connector can't use. */
const SETTINGS: Record<ConnectorId, (given: Record<string, unknown>) => unknown> = {
  shopify: parseShopify,
  generic: parseGeneric,
  tryton: parseTryton,
};

/** The faults of every account's settings, as one text; undefined when all can be used. */
export function checkAccountSettings({ accounts }: Stage): string | undefined {
  const faults = connectorsOf(accounts).flatMap((connector) =>
    accounts[connector].flatMap(({ account, settings }) => {
      try {
        SETTINGS[connector](settings);
        return [];
      } catch (error) {
        return [`✖ accounts.${connector}, account "${account}": ${(error as Error).message}`];
      }
    }),
  );
  return faults.length === 0 ? undefined : faults.join('\n');
}

export const connectorsOf = (accounts: Stage['accounts']): ConnectorId[] => Object.keys(accounts) as ConnectorId[];

/** The one physical name in the app: functions find a secret by it, and a person sets it by it. */
export const secretName = (stage: string, connector: string, account: string): string =>
  `crossdock/${stage}/${connector}/${account}`;

/** Keys that buyers are hashed with (docs/fraud-controls.md); made with the stage, so that nobody need set them. */
export const fraudKeysSecretName = (stage: string): string => `crossdock/${stage}/fraud/keys`;

/** What `CROSSDOCK_ACCOUNTS` holds: the accounts of these connectors, secrets by name only. */
export function accountsJson({ name, accounts }: Stage, connectors: readonly string[]): string {
  return JSON.stringify(
    connectorsOf(accounts)
      .filter((connector) => connectors.includes(connector))
      .flatMap((connector) =>
        accounts[connector].map(({ account, settings }) => ({
          connector,
          account,
          secretName: secretName(name, connector, account),
          settings,
        })),
      ),
  );
}

/** What `CROSSDOCK_ROUTING` holds: where orders are booked, and of which accounts settlements are fetched without a person. */
export const routingJson = ({ routing, accounts }: Pick<Stage, 'routing' | 'accounts'>): string =>
  JSON.stringify({
    ...routing,
    collected: accounts.shopify
      .filter(({ settings }) => settings.payouts !== undefined)
      .map(({ account }) => `shopify/${account}`),
  });

/** Whether a client of the API shows who it is by AWS credentials. */
export const takesAwsCredentials = ({ accounts }: Stage): boolean =>
  accounts.generic.some(({ settings }) => parseGeneric(settings).api.iam !== undefined);

/** The command that gives an account its secret, with a blank for every part. */
export function setSecretCommand(stage: Stage, connector: ConnectorId, account: string): string {
  const parts = Object.entries(MANIFESTS[connector].secrets).map(([part, kind]) => [
    part,
    kind === 'rotating' ? ['…'] : '…',
  ]);
  return [
    'aws secretsmanager put-secret-value',
    `--secret-id ${secretName(stage.name, connector, account)}`,
    `--secret-string '${JSON.stringify(Object.fromEntries(parts))}'`,
    ...(stage.region === undefined ? [] : [`--region ${stage.region}`]),
  ].join(' ');
}
