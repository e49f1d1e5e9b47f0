import { QUEUES } from '../../../functions/topology.ts';
import type { Dice } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import { named, type SimSqs } from './sqs.ts';

type Entry = { readonly Source: string; readonly DetailType: string; readonly Detail: string; readonly Time: Date };
type Ports = { readonly loop: Loop; readonly dice: Dice; readonly random: Random; readonly sqs: SimSqs };

export type BusEvent = { readonly type: string; readonly detail: string };

/** EventBridge's bus with the rules of the topology: each event whole onto each queue that asks for its type. */
export class SimBus {
  readonly #ports: Ports;
  readonly #targets = new Map<string, string[]>();
  /** Everything that it ever took. */
  readonly taken: BusEvent[] = [];
  #lastId = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
    for (const { id, events = [] } of QUEUES) {
      for (const type of events) this.#targets.set(type, [...(this.#targets.get(type) ?? []), id]);
    }
  }

  apply({
    constructor: { name },
    input,
  }: {
    readonly constructor: { readonly name: string };
    readonly input: unknown;
  }): unknown {
    if (name !== 'PutEventsCommand') throw new Error(`the simulated bus does not know ${name}`);
    const { dice } = this.#ports;
    if (dice.strikes('bus.call-refused')) throw named('InternalException', 'the bus is out of order', 500);
    const { Entries } = input as { Entries: readonly Entry[] };
    const results = Entries.map((entry) => {
      if (dice.strikes('bus.entry-refused')) return { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };
      this.#take(entry);
      return { EventId: `e-${this.#lastId}` };
    });
    return { FailedEntryCount: results.filter((one) => 'ErrorCode' in one).length, Entries: results };
  }

  #take({ Source, DetailType, Detail, Time }: Entry): void {
    const id = `e-${++this.#lastId}`;
    this.taken.push({ type: DetailType, detail: Detail });
    const body = `{"version":"0","id":"${id}","detail-type":"${DetailType}","source":"${Source}","account":"000000000000","time":"${Time.toISOString()}","region":"us-east-1","resources":[],"detail":${Detail}}`;
    this.#deliver(body, this.#targets.get(DetailType) ?? []);
  }

  /** S3's news of a new object, onto the queues that ask for what lies under such keys. */
  objectCreated(key: string, sequencer: number): void {
    const time = `${new Date(this.#ports.loop.now).toISOString().slice(0, 19)}Z`;
    const detail = { object: { key, sequencer: sequencer.toString(16).toUpperCase().padStart(18, '0') } };
    const queues = QUEUES.filter(({ filesUnder }) => filesUnder !== undefined && key.startsWith(filesUnder));
    this.#deliver(
      JSON.stringify({ 'detail-type': 'Object Created', source: 'aws.s3', time, detail }),
      queues.map(({ id }) => id),
    );
  }

  #deliver(body: string, queues: readonly string[]): void {
    const { loop, dice, random } = this.#ports;
    for (const queue of queues) {
      const times = dice.strikes('bus.delivered-twice') ? 2 : 1;
      for (let time = 0; time < times; time++) {
        const late = dice.strikes('bus.delivered-late') ? random.int(1_000, 300_000) : 0;
        loop.after(random.int(20, 250) + late, () => this.#ports.sqs.send(queue, body));
      }
    }
  }
}
