import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyInconsistentStateError,
  IdempotencyPersistenceLayerError,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import type { Context } from 'aws-lambda';
import type { Log } from '#application/ports/runtime.ts';

/** An answer as it went out, byte for byte. */
export type GivenAnswer = { readonly status: number; readonly text: string };

/** Whose request it is and what it asks: the same key with the same content gets the same answer. */
export type Asked = { readonly key: string; readonly content: string };

export type Replay = (asked: Asked, log: Log, answer: () => Promise<GivenAnswer>) => Promise<GivenAnswer>;

/** Longer than any platform asks again for one answer; the decision itself is kept for ever. */
const KEPT_SECONDS = 7 * 24 * 60 * 60;
/** After this a request that began is taken for cut off. */
const RUNS_AT_MOST_MS = 15_000;

/**
 * Gives a repeat the first answer byte for byte, also after a deployment that would word it otherwise. It only remembers:
 * whether a request is a repeat, a conflict or new is for the aggregate to decide, so whenever the memory can't tell (the
 * first one is still under way, other content came under the key, the table can't be reached) the answer is made again.
 */
export function replaying(persistenceStore: BasePersistenceLayer): Replay {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    payloadValidationJmesPath: 'content',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: KEPT_SECONDS,
    hashFunction: 'sha256',
    lambdaContext: { getRemainingTimeInMillis: () => RUNS_AT_MOST_MS } as Context,
  });
  return async (asked, log, answer) => {
    const once = makeIdempotent(async (_asked: Asked) => answer(), {
      persistenceStore,
      config,
      keyPrefix: 'REPLAY',
      dataIndexArgument: 0,
    });
    try {
      return (await once(asked)) as GivenAnswer;
    } catch (error) {
      if (error instanceof IdempotencyPersistenceLayerError) log.warn('answer not remembered', { error: error.name });
      else if (!leftToDecide(error)) throw error;
      return answer();
    }
  };
}

const leftToDecide = (error: unknown): boolean =>
  error instanceof IdempotencyAlreadyInProgressError ||
  error instanceof IdempotencyInconsistentStateError ||
  error instanceof IdempotencyValidationError;
