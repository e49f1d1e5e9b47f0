import type { IdSource } from '#application/ports/runtime.ts';
import { type JournalRow, type RelayPorts, relayJournal } from '#application/relay/relay-journal.ts';
import { TransientError } from '#core/kernel/errors.ts';
import { jsonObject, queueHandler, textField } from './queue.ts';
import type { QueueControl } from './queue-control.ts';
import type { JournalRowName } from './stream.ts';

export type RelayRetryPorts = {
  readonly relay: RelayPorts;
  readonly journal: { row(key: string, row: string): Promise<JournalRow | undefined> };
  readonly control: QueueControl;
};

/** Relays journal rows that the stream relay could not. Messages are `{"key", "row"}`. */
export function relayRetryHandler(ports: () => RelayRetryPorts, ids: IdSource) {
  return queueHandler<JournalRowName>({
    ids,
    control: () => ports().control,
    read(body) {
      const given = jsonObject(body);
      const message = { key: textField(given, 'key'), row: textField(given, 'row') };
      return { message, id: `${message.key}/${message.row}`, contract: 'journal-row' };
    },
    async run({ key, row }, { log }) {
      const { relay, journal } = ports();
      const found = await journal.row(key, row);
      if (!found) throw new Error(`the journal has no row ${row} of ${key}: was the table restored from a backup?`);
      if ((await relayJournal(relay, [found])).length > 0) {
        throw new TransientError('RELAY_REFUSED', `bus or queue did not take ${key} ${row}`, {
          context: { subject: key },
        });
      }
      log.info('row relayed', { subject: key, row });
    },
  });
}
