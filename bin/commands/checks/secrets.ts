import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { UNSET_SECRET } from '#connectors/manifest.ts';
import { connectors } from '#connectors/registry.ts';
import { hashKeysOf } from '#core/returns/fraud/identity.ts';
import { secretsClient } from '#platform/aws/clients.ts';
import { connectorsOf, fraudKeysSecretName, secretName, setSecretCommand } from '../../../lib/config/accounts.ts';
import type { ConnectorId, Stage } from '../../../lib/config/stage.ts';
import { failureOf } from '../failure.ts';
import { type Check, later, ok, unknown, wrong } from './check.ts';

type Need = 'required' | 'rotating' | 'optional';

/** A secret that the stage needs, and how anybody knows that it can be used. */
type Secret = {
  readonly name: string;
  readonly SecretId: string;
  readonly faultOf: (text: string) => string | undefined;
  readonly found: string;
  /** What makes it usable; left out for one that is made with the stage as it has to be. */
  readonly set?: string;
  readonly fix: string;
};

/** Every secret of the stage: is it there, has somebody set it, has it all parts. Values are never told. */
export function checkSecrets(stage: Stage, deployed: boolean): Promise<Check[]> {
  const accounts = connectorsOf(stage.accounts).flatMap((connector) =>
    stage.accounts[connector].map(({ account }) => secretOf(stage, connector, account)),
  );
  return Promise.all([...accounts, fraudKeysOf(stage)].map((secret) => checkSecret(secret, deployed)));
}

function secretOf(stage: Stage, connector: ConnectorId, account: string): Secret {
  const set = setSecretCommand(stage, connector, account);
  return {
    name: `secret of ${connector}/${account}`,
    SecretId: secretName(stage.name, connector, account),
    faultOf: (text) => secretFault(text, connectors[connector]?.manifest.secrets ?? {}),
    found: 'set, with all parts',
    set,
    fix: set,
  };
}

const fraudKeysOf = ({ name }: Stage): Secret => ({
  name: 'keys of fraud controls',
  SecretId: fraudKeysSecretName(name),
  faultOf: fraudKeysFault,
  found: 'there is a current one',
  fix: 'set it as docs/fraud-controls.md says: {"current": "k1", "k1": "<32 characters or more>"}',
});

async function checkSecret({ name, SecretId, faultOf, found, set, fix }: Secret, deployed: boolean): Promise<Check> {
  try {
    const { SecretString = '' } = await secretsClient().send(new GetSecretValueCommand({ SecretId }));
    const fault = faultOf(SecretString);
    return fault === undefined ? ok(name, found) : wrong(name, fault, fix);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) {
      return unknown(
        name,
        failureOf(error).message,
        `let the caller read it: secretsmanager:GetSecretValue on ${SecretId}`,
      );
    }
    const then = set === undefined ? '' : `; then: ${set}`;
    if (!deployed) return later(name, 'made by the first deployment', `deploy the stage${then}`);
    return wrong(name, `${SecretId} does not exist`, `deploy the stage again, which makes it${then}`);
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

/** What is wrong with the keys that buyers are hashed with; undefined when they can be used. */
export function fraudKeysFault(text: string): string | undefined {
  const secret = jsonObject(text);
  if (!secret) return 'it is not a JSON object';
  return hashKeysOf(secret) ? undefined : 'it names no key of 32 characters or more as its current one';
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
