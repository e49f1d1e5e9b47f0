import { readFileSync } from 'node:fs';
import type { AccountConfig } from '#application/ports/connector.ts';
import { sandbox } from './sandbox.ts';

/**
 * The environment of a function, read when it is first needed and never at import. No required name has a default: a
 * function that was deployed without one says so instead of doing something else.
 */

/** The deployment is wrong: a name is missing or its value can't be used. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export function requiredEnv(name: string): string {
  const value = sandbox().environment[name];
  if (value) return value;
  throw new ConfigurationError(
    `${name} is not set: deploy the function again with all that functions/topology.ts lists`,
  );
}

/**
 * A name whose value is JSON, as `check` reads it. `check` throws with what is wrong. What could grow beyond the four
 * kilobytes that Lambda has for all names lies in a file beside the bundle: the value then is `@` and the file's name.
 */
export function jsonEnv<T>(name: string, check: (given: unknown) => T): T {
  const text = requiredEnv(name);
  try {
    return check(JSON.parse(text.startsWith('@') ? besideBundle(text.slice(1)) : text));
  } catch (error) {
    throw new ConfigurationError(`${name} can't be used: ${(error as Error).message}`, { cause: error });
  }
}

const besideBundle = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

export const secondsEnv = (name: string): number => jsonEnv(name, checkSeconds);

/** Does it once a sandbox, at the first call, and keeps what came out. What throws is tried again at the next call. */
export function once<T>(make: () => T): () => T {
  const maker = {};
  return () => {
    const { kept } = sandbox();
    if (!kept.has(maker)) kept.set(maker, make());
    return kept.get(maker) as T;
  };
}

/** Partner accounts that this function serves. */
export const partnerAccounts = /* @__PURE__ */ once(() => jsonEnv('CROSSDOCK_ACCOUNTS', checkAccounts));

/** The URL of each connector's operation queue. */
export const operationQueueUrls = /* @__PURE__ */ once(() => jsonEnv('OPERATION_QUEUE_URLS', checkUrls));

/** The account of a partner. Throws when the function was not given it. */
export function accountOf({ connector, account }: { connector: string; account: string }): AccountConfig {
  const found = findAccount(connector, account);
  if (found) return found;
  throw new ConfigurationError(`no account "${account}" of ${connector} is configured: add it to the stage's accounts`);
}

export const findAccount = (connector: string, account: string): AccountConfig | undefined =>
  partnerAccounts().find((one) => one.connector === connector && one.account === account);

function checkAccounts(given: unknown): readonly AccountConfig[] {
  if (!Array.isArray(given)) throw new TypeError('it must be a list of accounts');
  for (const [index, one] of given.entries()) {
    for (const field of ['connector', 'account', 'secretName']) {
      if (typeof one?.[field] !== 'string' || one[field] === '')
        throw new TypeError(`[${index}].${field} must be a text`);
    }
  }
  return given;
}

function checkSeconds(given: unknown): number {
  if (typeof given === 'number' && given > 0) return given;
  throw new TypeError('it must be a number of seconds');
}

function checkUrls(given: unknown): Readonly<Record<string, string>> {
  if (typeof given !== 'object' || given === null) throw new TypeError('it must map connectors to queue URLs');
  for (const [connector, url] of Object.entries(given)) {
    if (!URL.canParse(url)) throw new TypeError(`the queue of ${connector} is "${url}", which is no URL`);
  }
  return given as Record<string, string>;
}
