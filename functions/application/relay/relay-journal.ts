import type { Target } from '#core/operations/operation.ts';
import type { EventPublisher, PublishableEvent } from '../ports/publisher.ts';
import type { OperationQueue } from '../ports/queues.ts';
import type { Faults } from '../ports/runtime.ts';

/** A row of the journal: what one commit on one aggregate has to tell the world. */
export type JournalRow = {
  readonly key: string;
  /** Sort key of the row (`EVENT#000000000012`). */
  readonly row: string;
  readonly events: readonly PublishableEvent[];
  readonly operations: readonly ({ readonly key: string } & Target)[];
};

export type RelayPorts = {
  readonly publisher: EventPublisher;
  readonly queue: OperationQueue;
  readonly faults: Faults;
};

/**
 * Publishes the events and hands over the operations of journal rows. Answers the rows of which anything was not taken;
 * the caller keeps those for another try. Doing a row twice is harmless: events have ids, operations have leases.
 */
export async function relayJournal(
  { publisher, queue, faults }: RelayPorts,
  rows: readonly JournalRow[],
): Promise<JournalRow[]> {
  for (const { key } of rows) await faults.at('relay:before-publish', key);
  // At once: nobody is promised that an event is told before its operation begins, and the operation's partner waits.
  const [refused, failedOperations] = await Promise.all([
    publisher.publish(rows.flatMap(({ events }) => events)),
    handOver(queue, rows),
  ]);
  const failedEvents = new Set(refused);
  for (const { key } of rows) await faults.at('relay:after-publish', key);
  return rows.filter(
    ({ events, operations }) =>
      events.some((event) => failedEvents.has(event)) || operations.some(({ key }) => failedOperations.has(key)),
  );
}

async function handOver(queue: OperationQueue, rows: readonly JournalRow[]): Promise<Set<string>> {
  const byTarget = new Map<string, { target: Target; keys: string[] }>();
  for (const { key, connector, account } of rows.flatMap(({ operations }) => operations)) {
    const name = `${connector}/${account}`;
    const group = byTarget.get(name) ?? { target: { connector, account }, keys: [] };
    group.keys.push(key);
    byTarget.set(name, group);
  }
  const failed = await Promise.all([...byTarget.values()].map(({ target, keys }) => queue.send(target, keys)));
  return new Set(failed.flat());
}
