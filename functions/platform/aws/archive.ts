import { PoisonError } from '#core/kernel/errors.ts';
import { requiredEnv } from '../env.ts';
import { S3Bucket } from './s3.ts';

/** Keeps raw messages that are too large for a queue. */
export interface Archive {
  put(key: string, body: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array>;
}

/** Every raw message lies under this prefix; a rule of the bucket forgets it after a month. */
const PREFIX = 'raw/';

/** Where a raw message goes. Nothing of it tells what is inside. */
export const archiveKey = (connector: string, account: string, day: string, id: string): string =>
  `${PREFIX}${connector}/${account}/${day}/${id}`;

export class S3Archive implements Archive {
  readonly #bucket = new S3Bucket('raw archive', () => requiredEnv('ARCHIVE_BUCKET_NAME'));

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#bucket.put(key, body);
  }

  /** Throws PoisonError when there is nothing under the key: a month has gone by, or it was never written. */
  async get(key: string): Promise<Uint8Array> {
    if (!key.startsWith(PREFIX)) throw new PoisonError('RAW_MESSAGE_GONE', `"${key}" is no key of the raw archive`);
    const found = await this.#bucket.get(key);
    if (found) return found;
    throw new PoisonError('RAW_MESSAGE_GONE', `the archive has nothing under ${key}`);
  }
}
