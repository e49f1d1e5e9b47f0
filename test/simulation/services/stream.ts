import type { Dice } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import type { SimLambda } from './lambda.ts';

/** A record as a stream holds it; `Keys` and the image in DynamoDB's own form. */
export type StreamRecord = {
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: { readonly Keys: Readonly<Record<string, { readonly S?: string }>>; readonly NewImage?: unknown };
};

type Ports = { readonly loop: Loop; readonly dice: Dice; readonly random: Random; readonly lambda: SimLambda };
type Shard = { readonly records: StreamRecord[]; busy: boolean; failures: number };

const SHARDS = 4;
/** Nobody promises how soon a batch that failed comes again: after a second here, then twice as late each time, 64 s at most. */
const DOUBLINGS = 6;

/**
 * The state table's stream and Lambda's mapping on it: in order within a shard, at least once, a failed batch whole again and
 * again. The filter is that of the mapping (lib/constructs/journal-consumer.ts): inserted rows of the journal.
 */
export class SimStream {
  readonly #ports: Ports;
  readonly #functionId: string;
  readonly #batchSize: number;
  readonly #shards: readonly Shard[];

  constructor(ports: Ports, functionId: string, batchSize: number) {
    this.#ports = ports;
    this.#functionId = functionId;
    this.#batchSize = batchSize;
    this.#shards = Array.from({ length: SHARDS }, () => ({ records: [], busy: false, failures: 0 }));
  }

  /** Records that no batch has got past yet. */
  get waiting(): number {
    return this.#shards.reduce((sum, { records }) => sum + records.length, 0);
  }

  take(record: StreamRecord): void {
    const { pk, sk } = record.dynamodb.Keys;
    if (record.eventName !== 'INSERT' || !sk?.S?.startsWith('EVENT#')) return;
    const shard = this.#shards[hash(pk?.S ?? '') % SHARDS] as Shard;
    shard.records.push(record);
    if (!shard.busy) this.#later(shard);
  }

  #later(shard: Shard, wait = 0): void {
    const { loop, dice, random } = this.#ports;
    shard.busy = true;
    const late = dice.strikes('stream.late') ? random.int(1_000, 60_000) : 0;
    loop.after(random.int(5, 200) + late + wait, () => this.#work(shard));
  }

  async #work(shard: Shard): Promise<void> {
    const { dice, random, lambda } = this.#ports;
    const batch = shard.records.slice(0, random.int(1, this.#batchSize));
    const ended = await lambda.invoke(this.#functionId, { Records: batch });
    const failed = ended.kind !== 'returned' || dice.strikes('stream.batch-comes-again');
    if (!failed) shard.records.splice(0, batch.length);
    shard.busy = false;
    shard.failures = failed ? shard.failures + 1 : 0;
    if (shard.records.length > 0) this.#later(shard, failed ? 1_000 * 2 ** Math.min(shard.failures - 1, DOUBLINGS) : 0);
  }
}

function hash(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 31) + text.charCodeAt(index)) | 0;
  return value >>> 0;
}
