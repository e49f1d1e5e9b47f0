import type { DueTimer, InboxMark, Stored, Wait } from '#application/ports/store.ts';
import type { JournalRow } from '#application/relay/relay-journal.ts';
import type { Case } from '#core/cases/case.ts';
import type { Operation } from '#core/operations/operation.ts';

/** The rows that the memory stores share. */
export type Tables = {
  readonly states: Map<string, Stored<unknown>>;
  readonly journal: JournalRow[];
  /** Subjects by an id of somebody else's. */
  readonly foreignIds: Map<string, Set<string>>;
  readonly operations: Map<string, Operation>;
  readonly cases: Map<string, Case>;
  /** A waiting step is a timer that also holds its token. */
  readonly timers: Map<string, DueTimer & { readonly wait?: Wait }>;
  readonly inbox: Map<string, InboxMark>;
  readonly cursors: Map<string, string>;
  readonly pauses: Map<string, string>;
};

export const emptyTables = (): Tables => ({
  states: new Map(),
  journal: [],
  foreignIds: new Map(),
  operations: new Map(),
  cases: new Map(),
  timers: new Map(),
  inbox: new Map(),
  cursors: new Map(),
  pauses: new Map(),
});

export const timerId = (subject: string, name: string): string => JSON.stringify([subject, name]);

export const caseId = (subject: string, code: string): string => JSON.stringify([subject, code]);

/** Those due at `now`, oldest first. */
export function oldestDue<T extends { readonly dueAt?: string }>(rows: Iterable<T>, now: string, limit: number): T[] {
  return [...rows]
    .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
    .sort((a, b) => (a.dueAt ?? '').localeCompare(b.dueAt ?? ''))
    .slice(0, limit);
}
