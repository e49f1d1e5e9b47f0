import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { UNSET_SECRET } from '#connectors/manifest.ts';
import { TransientError } from '#core/kernel/errors.ts';
import { secretsClient } from './clients.ts';
import { aws } from './failures.ts';

/** The parts of a partner account's secret. */
export type Secret = Readonly<Record<string, unknown>>;

export interface SecretSource {
  /** May be some minutes old. */
  get(name: string): Promise<Secret>;
  /** Read anew, because the one at hand did not fit; undefined when it was read anew just before. */
  refresh(name: string): Promise<Secret | undefined>;
}

const KEPT_MS = 5 * 60_000;
/** Forged messages must not make us call Secrets Manager for each of them. */
const REFRESH_MS = 30_000;

/** Secrets by name, kept for five minutes once they are read. */
export class KeptSecrets implements SecretSource {
  readonly #readText: (name: string) => Promise<string>;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly secret: Secret; readonly readAt: number }>();

  constructor(readText: (name: string) => Promise<string>, now: () => number) {
    this.#readText = readText;
    this.#now = now;
  }

  async get(name: string): Promise<Secret> {
    const kept = this.#kept.get(name);
    return kept && this.#now() - kept.readAt < KEPT_MS ? kept.secret : this.#read(name);
  }

  async refresh(name: string): Promise<Secret | undefined> {
    const kept = this.#kept.get(name);
    return kept && this.#now() - kept.readAt < REFRESH_MS ? undefined : this.#read(name);
  }

  async #read(name: string): Promise<Secret> {
    const secret = parse(name, await this.#readText(name));
    // Kept, it would stand in the way of the one that somebody is about to set.
    if (!(UNSET_SECRET in secret)) this.#kept.set(name, { secret, readAt: this.#now() });
    return secret;
  }
}

export class SecretsManagerSource extends KeptSecrets {
  constructor(client: SecretsManagerClient = secretsClient(), now: () => number = Date.now) {
    super(async (name) => {
      const read = new GetSecretValueCommand({ SecretId: name });
      return (await aws(`read secret ${name}`, client.send(read))).SecretString ?? '';
    }, now);
  }
}

function parse(name: string, text: string): Secret {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Secret;
  } catch {
    // Not quoted: what can't be parsed is the secret itself.
  }
  throw incomplete(name, 'is not a JSON object');
}

/** A part that has one value. */
export function secretPart(name: string, secret: Secret, part: string): string {
  const value = secret[part];
  if (typeof value === 'string' && value !== '') return value;
  throw incomplete(name, `lacks "${part}"`);
}

/** A part that may have two values at a time, so that one can be replaced while messages signed with it still come in. */
export function secretValues(name: string, secret: Secret, part: string): readonly string[] {
  const value = secret[part];
  const values = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string' && one !== '');
  if (values.length > 0) return values.slice(0, 2);
  throw incomplete(name, `lacks "${part}"`);
}

/** Passing, for it goes by as soon as somebody sets the secret; whoever sent something is asked to send it again. */
const incomplete = (name: string, what: string): TransientError =>
  new TransientError('SECRET_INCOMPLETE', `secret ${name} ${what}; set it with "aws secretsmanager put-secret-value"`, {
    retryAfterSeconds: 60,
  });
