import { PoisonError } from '#core/kernel/errors.ts';
import type { Archive } from '../aws/archive.ts';

/** Keeps raw messages by their key. */
export class MemoryArchive implements Archive {
  readonly objects = new Map<string, Uint8Array>();

  async put(key: string, body: Uint8Array): Promise<void> {
    this.objects.set(key, Uint8Array.from(body));
  }

  async get(key: string): Promise<Uint8Array> {
    const found = this.objects.get(key);
    if (!found) throw new PoisonError('RAW_MESSAGE_GONE', `the archive has nothing under ${key}`);
    return Uint8Array.from(found);
  }
}
