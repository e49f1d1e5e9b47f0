import type { Target } from '#core/operations/operation.ts';

/** Hands operations to the queue of the partner that carries them out. */
export interface OperationQueue {
  /** Answers the keys that the queue did not take. Delay in seconds, 900 at most (SQS). */
  send(target: Target, keys: readonly string[], delaySeconds?: number): Promise<string[]>;
}
