import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { UNSET_SECRET } from '#connectors/manifest.ts';
import { connectors } from '#connectors/registry.ts';
import { secretsClient } from '#platform/aws/clients.ts';
import { connectorsOf, secretName, setSecretCommand } from '../../../lib/config/accounts.ts';
import type { ConnectorId, Stage } from '../../../lib/config/stage.ts';
import { failureOf } from '../failure.ts';
import { type Check, later, ok, unknown, wrong } from './check.ts';

type Need = 'required' | 'rotating' | 'optional';

/** Every account's secret: is it there, has somebody set it, has it all parts. Values are never told. */
export function checkSecrets(stage: Stage, deployed: boolean): Promise<Check[]> {
  const accounts = connectorsOf(stage.accounts).flatMap((connector) =>
    stage.accounts[connector].map(({ account }) => ({ connector, account })),
  );
  return Promise.all(accounts.map(({ connector, account }) => checkSecret(stage, connector, account, deployed)));
}

async function checkSecret(stage: Stage, connector: ConnectorId, account: string, deployed: boolean): Promise<Check> {
  const name = `secret of ${connector}/${account}`;
  const fix = setSecretCommand(stage, connector, account);
  const SecretId = secretName(stage.name, connector, account);
  try {
    const { SecretString = '' } = await secretsClient().send(new GetSecretValueCommand({ SecretId }));
    const fault = secretFault(SecretString, connectors[connector]?.manifest.secrets ?? {});
    return fault === undefined ? ok(name, 'set, with all parts') : wrong(name, fault, fix);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) {
      return unknown(
        name,
        failureOf(error).message,
        `let the caller read it: secretsmanager:GetSecretValue on ${SecretId}`,
      );
    }
    if (!deployed) return later(name, 'made by the first deployment', `then: ${fix}`);
    return wrong(name, `${SecretId} does not exist`, `deploy the stage again, which makes it; then: ${fix}`);
  }
}

/** What is wrong with a secret's text; undefined when it has every part that its connector needs. */
export function secretFault(text: string, needs: Readonly<Record<string, Need>>): string | undefined {
  const secret = jsonObject(text);
  if (!secret) return 'it is not a JSON object';
  const lacking = Object.entries(needs)
    .filter(([part, need]) => need !== 'optional' && !hasValue(secret[part]))
    .map(([part]) => part);
  if (lacking.length === 0) return undefined;
  return UNSET_SECRET in secret ? 'nobody has set it yet' : `it lacks ${lacking.join(', ')}`;
}

/** Texts with something in them; the `…` of the command that sets a secret is a blank that nobody filled in. */
function hasValue(part: unknown): boolean {
  const values = Array.isArray(part) ? part : [part];
  return values.length > 0 && values.every((one) => typeof one === 'string' && one.trim() !== '' && one !== '…');
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const given: unknown = JSON.parse(text);
    return typeof given === 'object' && given !== null && !Array.isArray(given)
      ? (given as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
