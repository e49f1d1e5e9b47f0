import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { EventPublisher, PublishableEvent } from '#application/ports/publisher.ts';
import { requiredEnv } from '../env.ts';
import { eventBridgeClient } from './clients.ts';
import { complain } from './complain.ts';

/** Limits of one PutEvents call: entries, and bytes of all of them (source, detail-type, detail and time). */
const ENTRIES = 10;
const BYTES = 256 * 1024;

type Entry = { readonly event: PublishableEvent; readonly entry: PutEventsRequestEntry; readonly bytes: number };

/** The bus. The only caller of PutEvents. */
export class EventBridgePublisher implements EventPublisher {
  readonly #client: EventBridgeClient;

  constructor(client: EventBridgeClient = eventBridgeClient()) {
    this.#client = client;
  }

  async publish(events: readonly PublishableEvent[]): Promise<PublishableEvent[]> {
    const bus = requiredEnv('EVENT_BUS_NAME');
    const refused = await Promise.all(
      callsOf(events.map((event) => entryOf(event, bus))).map((call) => this.#put(call)),
    );
    return refused.flat();
  }

  /** The bus takes some entries of a call and refuses others with HTTP 200; their results come in the order of the entries. */
  async #put(call: readonly Entry[]): Promise<PublishableEvent[]> {
    try {
      const put = new PutEventsCommand({ Entries: call.map(({ entry }) => entry) });
      const { FailedEntryCount = 0, Entries = [] } = await this.#client.send(put);
      if (FailedEntryCount === 0) return [];
      for (const { ErrorCode } of Entries) {
        if (ErrorCode !== undefined) complain('an event of a batch', Object.assign(new Error(), { name: ErrorCode }));
      }
      return call.filter((_one, index) => Entries[index]?.ErrorCode !== undefined).map(({ event }) => event);
    } catch (error) {
      complain('a batch of events', error);
      return call.map(({ event }) => event);
    }
  }
}

function entryOf(event: PublishableEvent, EventBusName: string): Entry {
  const { type, source, envelope } = event;
  const Time = new Date(envelope.metadata.occurredAt);
  const entry = { EventBusName, Source: source, DetailType: type, Detail: JSON.stringify(envelope), Time };
  const bytes =
    14 + [entry.Source, entry.DetailType, entry.Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { event, entry, bytes };
}

/** In order, each call as full as the limits allow. */
function callsOf(entries: readonly Entry[]): Entry[][] {
  const calls: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = calls.at(-1);
    if (last && last.length < ENTRIES && bytes + entry.bytes <= BYTES) {
      last.push(entry);
      bytes += entry.bytes;
    } else {
      calls.push([entry]);
      bytes = entry.bytes;
    }
  }
  return calls;
}
