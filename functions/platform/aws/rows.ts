import { hash } from 'node:crypto';
import type { AggregateWrite, Stored } from '#application/ports/store.ts';
import type { Case } from '#core/cases/case.ts';
import type { Operation } from '#core/operations/operation.ts';

/** How rows of the tables look. Each kilobyte of a transactional write is paid twice, so they hold nothing twice. */

export type Row = Record<string, unknown>;

export const STATE_ROW = 'STATE';
export const caseSortKey = (code: string): string => `CASE#${code}`;
/** A waiting step is a timer too; it keeps its own name among them. */
export const timerSortKey = (name: string): string => (name.startsWith('WAIT#') ? name : `TIMER#${name}`);
export const timerName = (sortKey: string): string =>
  sortKey.startsWith('TIMER#') ? sortKey.slice('TIMER#'.length) : sortKey;
export const waitSortKey = (step: string): string => `WAIT#${step}`;

/** Parts of the index of what is due, so that no single one takes all writes. */
export const DUE_SHARDS = ['0', '1', '2', '3'] as const;

/** The part that a key's timers and operations lie in: the same for ever. */
export function dueShard(key: string): string {
  const [first = 0] = hash('sha256', key, 'buffer');
  return DUE_SHARDS[first % DUE_SHARDS.length] ?? DUE_SHARDS[0];
}

/**
 * The row of an aggregate. Personal data is lifted out of the state into an attribute of its own: erasing it is one update
 * that needs to know nothing else of the state.
 */
export function stateRow({ key, state, expectedVersion, sequence, openCases }: AggregateWrite): Row {
  const { personal, ...rest } = state as { personal?: unknown };
  return {
    pk: key,
    sk: STATE_ROW,
    kind: key.slice(0, Math.max(0, key.indexOf('#'))) || key,
    version: expectedVersion + 1,
    sequence,
    state: rest,
    ...(openCases.length > 0 && { openCases }),
    ...(personal !== undefined && { personal }),
  };
}

export function storedOf<S>({ state, personal, version, sequence, openCases }: Row): Stored<S> {
  return {
    state: { ...(state as object), ...(personal !== undefined && { personal }) } as S,
    version: version as number,
    sequence: sequence as number,
    openCases: (openCases ?? []) as string[],
  };
}

/** In the index of what is due while it has a time to be looked at. */
export function operationRow(operation: Operation): Row {
  return { ...operation, ...(operation.dueAt !== undefined && { dueShard: dueShard(operation.key) }) };
}

export function operationOf({ dueShard: _part, ...row }: Row): Operation {
  return row as Operation;
}

export function caseOf({ pk, sk: _sortKey, openOwner: _list, ...row }: Row): Case {
  return { ...row, subject: pk } as Case;
}
