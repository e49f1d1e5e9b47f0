/**
 * Batches that nobody tells: handed out again in rounds, for whoever told them may have died. Where round upon round brings
 * nothing, something is wrong that no repetition mends: a person hears of it, and the rounds grow longer.
 */
export type Untold = {
  /** Rounds in which no batch was told, one upon the other. */
  readonly rounds: number;
  /** Batches that were not told at the last one. */
  readonly pending: number;
  /** When the next one is due. */
  readonly next: string;
};

export const RECORDING_PATIENCE_MINUTES = 15;
/** So many rounds without a batch that was told, and it is a case. */
export const ROUNDS_UNTIL_CASE = 3;
const LONGEST_MINUTES = 24 * 60;

/** The next round, of so many batches at an instant; undefined while the one before still has its time. */
export function nextRound(before: Untold | undefined, pending: number, at: string): Untold | undefined {
  if (before !== undefined && at < before.next) return undefined;
  const rounds = before?.pending === pending ? before.rounds + 1 : 1;
  const doublings = Math.max(0, rounds + 1 - ROUNDS_UNTIL_CASE);
  const minutes = Math.min(RECORDING_PATIENCE_MINUTES * 2 ** doublings, LONGEST_MINUTES);
  return { rounds, pending, next: new Date(Date.parse(at) + minutes * 60_000).toISOString() };
}
