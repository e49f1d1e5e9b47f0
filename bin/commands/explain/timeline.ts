import type { PublishableEvent } from '#application/ports/publisher.ts';
import type { Operation } from '#core/operations/operation.ts';
import { eventDetail } from './event-detail.ts';
import type { Story } from './story.ts';

/** Something that happened, and what caused it. */
export type Entry = {
  readonly at: string;
  readonly subject: string;
  /** Event type, or what became of an operation. */
  readonly what: string;
  readonly detail: string;
  /** Id of the message, event or operation that brought it about. */
  readonly cause: string;
  readonly correlationId: string;
};

/**
 * Everything that happened, oldest first. What one commit did has one time: an operation's end then comes before the events
 * that it brought about, and an operation is planned after the event that asked for it; the rest keeps the story's order.
 */
export function timeline({ chapters, operations }: Story): Entry[] {
  const rows = chapters.flatMap(({ journal }) => journal);
  const planning = new Map(rows.flatMap((row) => row.operations.map(({ key }) => [key, row.events.at(-1)] as const)));
  const entries = [
    ...operations.flatMap(endings),
    ...rows.flatMap((row) => row.events.map(eventEntry)),
    ...operations.map((operation) => planned(operation, planning.get(operation.key))),
  ];
  return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const eventEntry = ({ type, envelope: { metadata, data } }: PublishableEvent): Entry => ({
  at: metadata.occurredAt,
  subject: metadata.subject,
  what: type,
  detail: eventDetail(data),
  cause: metadata.causationId,
  correlationId: metadata.correlationId,
});

/** `by` is the last event of the commit that planned it. */
function planned({ key, subject, target, plannedAt, correlationId }: Operation, by?: PublishableEvent): Entry {
  return {
    at: plannedAt,
    subject,
    what: 'operation planned',
    detail: `${key} at ${target.connector}/${target.account}`,
    cause: by?.envelope.metadata.id ?? subject,
    correlationId,
  };
}

function endings(operation: Operation): Entry[] {
  const { key, subject, endedAt, unknownSince, correlationId } = operation;
  const detail = `${key}: ${outcomeOf(operation)}`;
  const about = { subject, detail, cause: key, correlationId };
  return [
    ...(unknownSince === undefined ? [] : [{ ...about, at: unknownSince, what: 'operation unknown' }]),
    ...(endedAt === undefined ? [] : [{ ...about, at: endedAt, what: `operation ${operation.status}` }]),
  ];
}

/** What is known of an operation's end, or why it has none yet. */
export function outcomeOf({ status, attempts, ref, facts, reason, notBefore, lease, generation }: Operation): string {
  const number = typeof facts?.number === 'string' ? ` (${facts.number})` : '';
  return [
    ref === undefined ? '' : `as ${ref}${number}`,
    reason === undefined ? '' : `${reason.code}: ${reason.message}`,
    status === 'attempting' && lease ? `held until ${lease.until}` : '',
    notBefore === undefined ? '' : `not before ${notBefore}`,
    attempts === 0 ? 'not called yet' : `called ${times(attempts)}`,
    generation === undefined ? '' : `planned again ${times(generation)} by a person`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);
