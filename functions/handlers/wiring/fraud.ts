import type { Log } from '#application/ports/runtime.ts';
import type { FraudPorts } from '#application/returns/fraud/judge-return.ts';
import { TransientError } from '#core/kernel/errors.ts';
import { type HashKeys, hashKeysIn } from '#core/returns/fraud/identity.ts';
import type { RuleSet } from '#core/returns/fraud/judge.ts';
import { stateStore } from '#platform/aws/stores.ts';
import { jsonEnv, once, requiredEnv } from '#platform/env.ts';
import { secrets } from '#platform/handlers/on-aws.ts';

/** The sets of rules as deployed; checked when the stage was synthesized. */
export const ruleSets = once(() =>
  jsonEnv('FRAUD_RULES', (given) => (given as { readonly ruleSets: readonly RuleSet[] }).ruleSets),
);

/**
 * The keys that buyers are hashed with, as the secret has them. Whoever replaces a key adds one, names it as the current one,
 * and takes the old one out when it is out of every rule's window.
 */
export async function hashKeys(): Promise<HashKeys> {
  const name = requiredEnv('FRAUD_KEYS_SECRET');
  const keys = hashKeysIn(await secrets().get(name));
  if (keys) return keys;
  const message = `secret ${name} names no key of 32 characters or more as its current one`;
  throw new TransientError('SECRET_INCOMPLETE', message, { retryAfterSeconds: 60 });
}

export const fraudPorts = (log: Log): FraudPorts => ({ store: stateStore(), ruleSets: ruleSets(), hashKeys, log });
