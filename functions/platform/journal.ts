import type { PublishableEvent } from '#application/ports/publisher.ts';
import type { AggregateWrite } from '#application/ports/store.ts';
import type { JournalRow } from '#application/relay/relay-journal.ts';
import type { Case, CaseToOpen } from '#core/cases/case.ts';
import { caseClosedV1, caseOpenedV1 } from '#events/cases/types.ts';
import type { EventType } from '#events/event-type.ts';

/** What every journal row's sort key begins with; the stream's filter knows it. */
export const JOURNAL_PREFIX = 'EVENT#';

/** The journal as it lies in the table: for the relay's second try, and for whoever wants to know what happened. */
export interface JournalReader {
  row(key: string, row: string): Promise<JournalRow | undefined>;
  /** All rows of one subject, oldest first. */
  history(key: string): Promise<JournalRow[]>;
  /** Keys of the subjects that somebody else knows by this id; a moment behind the last commit. */
  subjectsOf(foreignId: string): Promise<string[]>;
}

/** Digits enough for any history, so that rows lie in order. */
const padded = (sequence: number): string => String(sequence).padStart(12, '0');

/**
 * The sort key of a commit's journal row: the sequence of its last event. A commit that only plans operations has no event
 * of its own; it comes right after the last one, told apart by the version that it makes.
 */
export function journalSortKey({ events, sequence, expectedVersion }: AggregateWrite): string {
  const key = `${JOURNAL_PREFIX}${padded(sequence)}`;
  return events.length > 0 ? key : `${key}#${expectedVersion + 1}`;
}

/** The row that a commit leaves in the journal; undefined when it has nothing to tell. */
export function journalRow(write: AggregateWrite): JournalRow | undefined {
  if (write.events.length === 0 && write.operations.length === 0) return undefined;
  return {
    key: write.key,
    row: journalSortKey(write),
    events: write.events,
    operations: write.operations.map(({ key, target }) => ({ key, ...target })),
  };
}

/** How far an aggregate's history has come, as its state row says. */
export type Place = { readonly version: number; readonly sequence: number; readonly openCases: readonly string[] };

/**
 * The row that tells of a case which no aggregate's decision opened or closed. In an aggregate's history it takes the next
 * sequence; a subject without state (a partner account, an intake) has none, there it is numbered by the case's count.
 */
export function caseRow(
  what: 'opened' | 'closed',
  found: CaseToOpen & Pick<Case, 'subject' | 'count'>,
  place: Pick<Place, 'sequence'> | undefined,
  now: string,
): JournalRow {
  const { subject, code, count } = found;
  const sequence = place ? place.sequence + 1 : count;
  const id = place ? `${subject}/${sequence}` : `${subject}/CASE#${code}/${count}/${what}`;
  const row = place ? padded(sequence) : `CASE#${code}#${padded(count)}#${what}`;
  const event = caseEvent(what, found, { id, sequence }, now);
  return { key: subject, row: `${JOURNAL_PREFIX}${row}`, events: [event], operations: [] };
}

function caseEvent(
  what: 'opened' | 'closed',
  { subject, code, owner, message, suggestedFix, moneyAtRisk }: CaseToOpen & Pick<Case, 'subject'>,
  { id, sequence }: { readonly id: string; readonly sequence: number },
  now: string,
): PublishableEvent {
  const contract: EventType = what === 'opened' ? caseOpenedV1 : caseClosedV1;
  const cause = `${subject}/CASE#${code}`;
  return {
    type: contract.type,
    source: contract.source,
    envelope: {
      metadata: {
        id,
        schemaVersion: contract.schemaVersion,
        occurredAt: now,
        correlationId: cause,
        causationId: cause,
        subject,
        sequence,
      },
      data: what === 'opened' ? { code, owner, message, suggestedFix, ...(moneyAtRisk && { moneyAtRisk }) } : { code },
    },
  };
}
