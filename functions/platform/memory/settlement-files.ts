import { createHash } from 'node:crypto';
import type {
  BatchTask,
  CollectionRequest,
  SettlementDrop,
  SettlementLines,
  SettlementRequests,
  SettlementWork,
} from '#application/ports/settlement-files.ts';
import { PoisonError } from '#core/kernel/errors.ts';

export class MemorySettlementDrop implements SettlementDrop {
  readonly files = new Map<string, Uint8Array>();
  readonly mappings = new Map<string, unknown>();

  async open(key: string): Promise<AsyncIterable<Uint8Array>> {
    const found = this.files.get(key);
    if (!found) throw new PoisonError('FILE_GONE', `the drop has nothing under ${key}: was it taken away again?`);
    return inPieces(found);
  }

  async version(key: string): Promise<string | undefined> {
    const found = this.files.get(key);
    return found && createHash('sha256').update(found).digest('hex');
  }

  async replace(key: string, bytes: Uint8Array, version: string | undefined): Promise<boolean> {
    if ((await this.version(key)) !== version) return false;
    this.files.set(key, Uint8Array.from(bytes));
    return true;
  }

  async mapping(channel: string, account: string): Promise<unknown> {
    return structuredClone(this.mappings.get(`${channel}/${account}`));
  }
}

/** As they come over a wire: cut anywhere. */
async function* inPieces(bytes: Uint8Array, size = 1021): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.slice(from, from + size);
}

export class MemorySettlementLines implements SettlementLines {
  readonly objects = new Map<string, string>();

  async put(name: string, text: string): Promise<void> {
    this.objects.set(name, text);
  }

  async get(name: string): Promise<string> {
    const found = this.objects.get(name);
    if (found !== undefined) return found;
    throw new PoisonError('LINES_GONE', `the archive has nothing under ${name}`);
  }
}

export class MemorySettlementWork implements SettlementWork {
  readonly tasks: BatchTask[] = [];
  readonly toReclassify: string[] = [];

  async send(tasks: readonly BatchTask[]): Promise<void> {
    this.tasks.push(...structuredClone(tasks));
  }

  async reclassify(settlement: string): Promise<void> {
    this.toReclassify.push(settlement);
  }
}

export class MemorySettlementRequests implements SettlementRequests {
  readonly asked: CollectionRequest[] = [];

  async ask(requests: readonly CollectionRequest[]): Promise<void> {
    this.asked.push(...structuredClone(requests));
  }
}
