import type {
  BatchTask,
  CollectionRequest,
  SettlementDrop,
  SettlementLines,
  SettlementRequests,
  SettlementWork,
} from '#application/ports/settlement-files.ts';
import { segment } from '#application/settlements/names.ts';
import { PoisonError, TransientError } from '#core/kernel/errors.ts';
import { requiredEnv } from '../env.ts';
import { sendMessage, sendMessages } from './queues.ts';
import { S3Bucket } from './s3.ts';

/** Objects of settlements are large: batches of some megabytes. */
const TIMEOUT_MS = 30_000;
/** What the columns of a generic file mean fits into a page. */
const MOST_MAPPING_BYTES = 64 * 1024;

/** The bucket that settlement files are laid down in. */
export class S3SettlementDrop implements SettlementDrop {
  readonly #bucket = new S3Bucket('settlement drop', () => requiredEnv('DROP_BUCKET_NAME'), TIMEOUT_MS);

  async open(key: string): Promise<AsyncIterable<Uint8Array>> {
    const found = await this.#bucket.stream(key);
    if (found) return found;
    throw new PoisonError('FILE_GONE', `the drop has nothing under ${key}: was it taken away again?`);
  }

  version(key: string): Promise<string | undefined> {
    return this.#bucket.version(key);
  }

  replace(key: string, bytes: Uint8Array, version: string | undefined): Promise<boolean> {
    return this.#bucket.replace(key, bytes, version);
  }

  async mapping(channel: string, account: string): Promise<unknown> {
    const key = mappingKey(channel, account);
    const found = await this.#bucket.get(key);
    if (!found) return undefined;
    if (found.byteLength > MOST_MAPPING_BYTES) {
      throw new PoisonError(
        'SETTLEMENT_MAPPING',
        `${key} has ${found.byteLength} bytes: ${MOST_MAPPING_BYTES} are taken`,
      );
    }
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(found));
    } catch {
      throw new PoisonError('SETTLEMENT_MAPPING', `${key} is no JSON in UTF-8`);
    }
  }
}

/** What the columns of an account's generic files mean; apart from the files, for those are forgotten after a while. */
export const mappingKey = (channel: string, account: string): string =>
  `mappings/${segment(channel)}/${segment(account)}.json`;

/** Lines of settlements beside the raw messages of the archive, under a prefix of their own that nothing forgets. */
export class S3SettlementLines implements SettlementLines {
  readonly #bucket = new S3Bucket('archive of settlements', () => requiredEnv('ARCHIVE_BUCKET_NAME'), TIMEOUT_MS);

  async put(name: string, text: string): Promise<void> {
    await this.#bucket.put(name, Buffer.from(text, 'utf8'));
  }

  async get(name: string): Promise<string> {
    const found = await this.#bucket.get(name);
    if (found) return Buffer.from(found).toString('utf8');
    throw new PoisonError('LINES_GONE', `the archive has nothing under ${name}`);
  }
}

export class SqsSettlementWork implements SettlementWork {
  async send(tasks: readonly BatchTask[]): Promise<void> {
    await sendAll(requiredEnv('SETTLEMENT_WORK_QUEUE_URL'), tasks, 'batches');
  }

  async reclassify(settlement: string): Promise<void> {
    await sendMessage(requiredEnv('SETTLEMENT_FILES_QUEUE_URL'), JSON.stringify({ reclassify: settlement }));
  }
}

export class SqsSettlementRequests implements SettlementRequests {
  async ask(requests: readonly CollectionRequest[]): Promise<void> {
    await sendAll(requiredEnv('SETTLEMENT_REQUESTS_QUEUE_URL'), requests, 'settlements to be collected');
  }
}

async function sendAll(url: string, given: readonly object[], what: string): Promise<void> {
  const refused = await sendMessages(
    url,
    given.map((one) => JSON.stringify(one)),
  );
  if (refused.length === 0) return;
  throw new TransientError(
    'AWS_UNAVAILABLE',
    `${refused.length} of ${given.length} ${what} were not taken by the queue`,
  );
}
