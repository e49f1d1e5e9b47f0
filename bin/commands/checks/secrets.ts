import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { UNSET_SECRET } from '#connectors/manifest.ts';
import { connectors } from '#connectors/registry.ts';
import { hashKeysIn } from '#core/returns/fraud/identity.ts';
import { secretsClient } from '#platform/aws/clients.ts';
import { connectorsOf, fraudKeysSecretName, secretName, setSecretCommand } from '../../../lib/config/accounts.ts';
import type { ConnectorId, Stage } from '../../../lib/config/stage.ts';
import { failureOf } from '../failure.ts';
import { type Check, later, ok, unknown, wrong } from './check.ts';

type Need = 'required' | 'rotating' | 'optional';

/** Every account's secret: is it there, has somebody set it, has it all parts. Values are never told. */
export function checkSecrets(stage: Stage, deployed: boolean): Promise<Check[]> {
  const accounts = connectorsOf(stage.accounts).flatMap((connector) =>
    stage.accounts[connector].map(({ account }) => ({ connector, account })),
  );
  return Promise.all([
    ...accounts.map(({ connector, account }) => checkSecret(stage, connector, account, deployed)),
    checkFraudKeys(stage, deployed),
  ]);
}

/** The keys that buyers are hashed with: made with the stage, so that nobody sets them, and read by whatever judges returns. */
async function checkFraudKeys(stage: Stage, deployed: boolean): Promise<Check> {
  const name = 'keys of the fraud rules';
  const SecretId = fraudKeysSecretName(stage.name);
  const used = stage.fraud.ruleSets.length > 0;
  try {
    const { SecretString = '' } = await secretsClient().send(new GetSecretValueCommand({ SecretId }));
    const fault = fraudKeysFault(SecretString);
    if (fault === undefined) return ok(name, 'set');
    const fix = `give ${SecretId} a current key, beside those that it had (docs/fraud-controls.md)`;
    return used ? wrong(name, fault, fix) : later(name, `${fault}; no rules are set`, fix);
  } catch (error) {
    return notRead(name, SecretId, error, deployed);
  }
}

/** What is wrong with the text of the keys; undefined when buyers can be hashed with them. No key is told. */
export function fraudKeysFault(text: string): string | undefined {
  const secret = jsonObject(text);
  if (!secret) return 'it is not a JSON object';
  return hashKeysIn(secret) ? undefined : 'it names no key of 32 characters or more as its current one';
}

function notRead(name: string, SecretId: string, error: unknown, deployed: boolean, then?: string): Check {
  if (!(error instanceof ResourceNotFoundException)) {
    const fix = `let the caller read it: secretsmanager:GetSecretValue on ${SecretId}`;
    return unknown(name, failureOf(error).message, fix);
  }
  const after = then === undefined ? '' : `; then: ${then}`;
  if (!deployed) return later(name, 'made by the first deployment', `deploy the stage${after}`);
  return wrong(name, `${SecretId} does not exist`, `deploy the stage again, which makes it${after}`);
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
    return notRead(name, SecretId, error, deployed, fix);
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
