import type { PublishableEvent } from '#application/ports/publisher.ts';
import type { JournalRow } from '#application/relay/relay-journal.ts';
import type { Metadata } from '#events/envelope.ts';
import type { Row } from './rows.ts';

/**
 * Journal rows as they lie in the table. What the events of a row have in common (when, why, whose) stands once, and what
 * follows from the key, the type or the sequence is left out; reading gives every event back as it was.
 */

/** What an event's metadata usually shares with the others of its row. */
type Common = Omit<Metadata, 'id' | 'schemaVersion' | 'subject' | 'sequence'>;

type PackedEvent = { type: string; schemaVersion: number; sequence: number; data: unknown; source?: string } & Partial<
  Pick<Metadata, 'id'> & { common: Common }
>;

export function journalItem({ key, row, events, operations }: JournalRow, foreignId?: string): Row {
  const common = events[0] && commonOf(events[0]);
  return {
    pk: key,
    sk: row,
    ...common,
    ...(events.length > 0 && { events: events.map((event) => pack(event, key, common)) }),
    ...(operations.length > 0 && { operations }),
    ...(foreignId !== undefined && { foreignId }),
  };
}

/** Reads a journal row of the table, or of its stream. */
export function journalRowOf(item: Row): JournalRow {
  const { pk, sk, events = [], operations = [], foreignId: _lookUp, ...common } = item;
  return {
    key: pk as string,
    row: sk as string,
    events: (events as PackedEvent[]).map((event) => unpack(event, pk as string, common as Common)),
    operations: operations as JournalRow['operations'],
  };
}

function pack({ type, source, envelope }: PublishableEvent, key: string, shared: Common | undefined): PackedEvent {
  const { id, schemaVersion, sequence } = envelope.metadata;
  const common = commonOf({ envelope });
  return {
    type,
    schemaVersion,
    sequence,
    data: envelope.data,
    ...(id !== usualId(key, sequence) && { id }),
    ...(source !== usualSource(type) && { source }),
    ...(!same(common, shared) && { common }),
  };
}

function unpack(packed: PackedEvent, subject: string, shared: Common): PublishableEvent {
  const { type, schemaVersion, sequence, data, id, source, common } = packed;
  const metadata = {
    id: id ?? usualId(subject, sequence),
    schemaVersion,
    ...(common ?? shared),
    subject,
    sequence,
  };
  return { type, source: source ?? usualSource(type), envelope: { metadata, data } };
}

const usualId = (key: string, sequence: number): string => `${key}/${sequence}`;

const usualSource = (type: string): string => `crossdock.${type.slice(0, type.indexOf('.'))}`;

function commonOf({ envelope }: Pick<PublishableEvent, 'envelope'>): Common {
  const { id: _id, schemaVersion: _version, subject: _subject, sequence: _sequence, ...common } = envelope.metadata;
  return common;
}

function same(a: Common, b: Common | undefined): boolean {
  const names = Object.keys({ ...a, ...b }) as (keyof Common)[];
  return names.every((name) => a[name] === b?.[name]);
}
