import type { Described } from './describe.ts';

/** From a DLQ to the queue that its messages came from. */
export type Way = { readonly dlqUrl: string; readonly sourceUrl: string };

export type Choice = {
  /** Which messages; all when left out. */
  readonly wanted?: (message: Described) => boolean;
  /** How many at most; all when left out. */
  readonly limit?: number;
};

export type Moved = {
  readonly moved: number;
  /** Why some of what was to be moved was not. */
  readonly trouble?: string;
};

/** Puts dead messages back on their queue, bodies and attributes as they are: the case of a parked one closes by them. */
export interface Redrive {
  move(way: Way, choice: Choice, tell: (moved: number) => void): Promise<Moved>;
}

/** This SQS has no move tasks. */
export class NoMoveTasks extends Error {
  override readonly name = 'NoMoveTasks';
}

/**
 * All messages go by SQS's own task, which is quick and needs nobody to stay; a choice of them, or an SQS without such tasks,
 * needs the other adapter.
 */
export async function redrive(
  adapters: { readonly byTask: Redrive; readonly byCopy: Redrive },
  way: Way,
  choice: Choice,
  tell: (moved: number) => void,
): Promise<Moved> {
  const all = choice.wanted === undefined && choice.limit === undefined;
  if (!all) return adapters.byCopy.move(way, choice, tell);
  try {
    return await adapters.byTask.move(way, choice, tell);
  } catch (error) {
    if (error instanceof NoMoveTasks) return adapters.byCopy.move(way, choice, tell);
    throw error;
  }
}
