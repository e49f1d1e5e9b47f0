import { TransientError } from '#core/kernel/errors.ts';
import { type Cause, type Handled, operationExists, type Staged } from '../aggregate.ts';
import type { AggregateWrite, Commit, Store } from '../ports/store.ts';

/** What one decision that touches several aggregates lays out: all of the writes, or none and why. */
export type Together<S> =
  | { readonly kind: 'staged'; readonly writes: readonly AggregateWrite[]; readonly state: S }
  | Exclude<Staged<S>, { kind: 'staged' }>;

/** The writes of the parts that decided anything. */
export const writesOf = (...parts: readonly (Staged<unknown> | undefined)[]): AggregateWrite[] =>
  parts.flatMap((part) => (part?.kind === 'staged' ? [part.write] : []));

const TRIES = 4;

/**
 * Loads, decides and commits several aggregates as one; when somebody else was first, decides again on what they left.
 * As `handle` does for one aggregate, an ignored decision still leaves its inbox mark and its operation row.
 */
export async function handleTogether<S>(
  store: Store,
  subject: string,
  decide: () => Promise<Together<S>>,
  cause: Cause,
  also: Pick<Commit, 'inbox' | 'operation'> = {},
): Promise<Handled<S>> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const decided = await decide();
    if (decided.kind === 'rejected') return decided;
    if (decided.kind === 'ignored' && !also.inbox && !also.operation) return decided;
    const result = await store.commit(commitOf(decided, cause, also));
    if (result.kind === 'committed') {
      return decided.kind === 'ignored' ? decided : { kind: 'committed', state: decided.state };
    }
    if (result.kind === 'seen') return result;
    if (result.kind === 'operation-exists') throw operationExists(subject, result.key);
  }
  throw new TransientError('VERSION_CONFLICT', `${subject} changed under ${TRIES} attempts: it will be tried again`, {
    context: { subject },
  });
}

function commitOf<S>(
  decided: Exclude<Together<S>, { kind: 'rejected' }>,
  { now }: Cause,
  also: Pick<Commit, 'inbox' | 'operation'>,
): Commit {
  if (decided.kind === 'staged') return { now, aggregates: decided.writes, ...also };
  const inbox = also.inbox && { ...also.inbox, outcome: 'ignored' as const, why: decided.why };
  return { now, aggregates: [], ...also, ...(inbox && { inbox }) };
}
