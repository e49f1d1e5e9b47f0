import type { FaultPoint, LogFields } from '#application/ports/runtime.ts';
import type { Dice, Fault } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import { invocation, type Underneath } from '../link/current.ts';
import type { SimNetwork } from '../partners/network.ts';
import { SimArchive } from './archive.ts';
import { named, type SimSqs } from './sqs.ts';

type Command = { readonly constructor: { readonly name: string }; readonly input: unknown };
type Service = { apply(command: Command): unknown };

export type CloudPorts = {
  readonly loop: Loop;
  readonly dice: Dice;
  readonly random: Random;
  readonly network: SimNetwork;
  readonly services: Readonly<Record<AwsService, Service>> & { readonly sqs: SimSqs };
};

export type AwsService = 'dynamodb' | 'sqs' | 'events' | 'states' | 'secrets';

/** Calls that change something: a crash before or after them is what tears our work apart. */
const READS = new Set(['GetCommand', 'QueryCommand', 'BatchGetCommand', 'ScanCommand', 'GetSecretValueCommand']);

/**
 * What lies below our adapters: each call to AWS takes effect at one instant of virtual time, between two of which anything
 * else may happen; and whoever made it may die just before or just after.
 */
export class Cloud implements Underneath {
  readonly archive = new SimArchive();
  readonly #ports: CloudPorts;
  /** Writes to AWS and calls to partners, by the function that made them. */
  readonly effects = new Map<string, number>();
  /** Services that answer nothing but "later" for a while. */
  readonly #away = new Set<AwsService>();
  readonly #ids: Random;
  readonly #luck: Random;
  /** Fault points that were passed, by name. */
  readonly passed = new Map<FaultPoint, number>();
  /** Hears every line that a function logs. */
  onLog: (functionId: string, message: string, fields: LogFields) => void = () => {};
  #lastId = 0;

  constructor(ports: CloudPorts) {
    this.#ports = ports;
    this.#ids = ports.random.fork('ids');
    this.#luck = ports.random.fork('luck');
  }

  /** From now on a service answers nothing but "later". */
  goAway(service: AwsService): void {
    this.#away.add(service);
  }

  isAway(service: AwsService): boolean {
    return this.#away.has(service);
  }

  comeBack(service: AwsService): void {
    if (this.#away.delete(service) && service === 'sqs') this.#ports.services.sqs.comeBack();
  }

  now = (): number => this.#ports.loop.now;
  chance = (): number => this.#luck.real();

  /** As sortable and as unique as a ULID. */
  nextId(): string {
    this.#lastId++;
    return `${this.#ports.loop.now.toString(32).toUpperCase()}${String(this.#lastId).padStart(10, '0')}${this.#ids.int(100_000, 999_999)}`;
  }

  logged(message: string, fields: LogFields): void {
    this.onLog(invocation()?.functionId ?? 'nobody', message, fields);
  }

  sleep(milliseconds: number): Promise<void> {
    return this.#settling(() => undefined, milliseconds);
  }

  timer(milliseconds: number, then: () => void): () => void {
    const caller = invocation();
    const handle = this.#ports.loop.after(Math.max(0, milliseconds), () => {
      if (!caller?.ended) then();
    });
    return () => {
      handle.cancelled = true;
    };
  }

  /** Each point is a place to die at; the dice know two kinds of them. */
  async faultPoint(point: FaultPoint): Promise<void> {
    this.passed.set(point, (this.passed.get(point) ?? 0) + 1);
    const caller = invocation();
    const fault: Fault = point.includes(':before') ? 'lambda.crash-before-effect' : 'lambda.crash-after-effect';
    if (!caller || !this.#ports.dice.strikes(fault)) return;
    caller.crash(`at ${point}`);
    await new Promise(() => {});
  }

  aws(service: string, command: Command): Promise<unknown> {
    const { dice, random, services } = this.#ports;
    const one = services[service as keyof typeof services];
    const { name } = command.constructor;
    if (this.#away.has(service as AwsService)) {
      return this.#settling(
        () => {
          throw named('ServiceUnavailable', 'the service is away', 503);
        },
        random.int(20, 200),
      );
    }
    if (READS.has(name)) {
      return this.#settling(
        () => {
          if (service === 'secrets' && dice.strikes('secrets.unavailable'))
            throw named('InternalServiceError', 'later', 500);
          if (service === 'dynamodb' && dice.strikes('dynamodb.throttled')) throw throttled();
          return one.apply(command);
        },
        random.int(1, 8),
      );
    }
    this.#count();
    return this.#settling(() => this.#write(service, one, command), random.int(2, 25), `${service} ${name}`);
  }

  #write(service: string, one: Service, command: Command): unknown {
    const { dice } = this.#ports;
    if (service === 'sqs' && dice.strikes('sqs.send-refused')) throw named('ServiceUnavailable', 'later', 503);
    if (service === 'states' && dice.strikes('workflow.answer-lost')) {
      one.apply(command);
      throw named('TimeoutError', 'no answer', 0);
    }
    if (service === 'dynamodb') {
      if (dice.strikes('dynamodb.throttled')) throw throttled();
      if (dice.strikes('dynamodb.transaction-conflict')) throw named('TransactionConflictException', 'in conflict');
      if (dice.strikes('dynamodb.denied')) throw named('AccessDeniedException', 'not authorized to perform it');
      const answer = one.apply(command);
      if (dice.strikes('dynamodb.answer-lost')) throw named('TimeoutError', 'no answer', 0);
      return answer;
    }
    return one.apply(command);
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    this.#count();
    if (!SimArchive.serves(url)) return this.#ports.network.fetch(url, init);
    const method = init.method ?? 'GET';
    const apply = () => {
      if (this.#ports.dice.strikes('archive.unavailable')) return this.archive.refuse();
      // A file is read by streams of Node's.
      if (method === 'GET') this.#ports.loop.breathe();
      return this.archive.answer(method, url, init);
    };
    return this.#settling(apply, this.#ports.random.int(10, 60), method === 'PUT' ? 'archive PUT' : undefined);
  }

  #count(): void {
    const { functionId } = invocation() ?? { functionId: 'nobody' };
    this.effects.set(functionId, (this.effects.get(functionId) ?? 0) + 1);
  }

  /** Does something after a while, once, unless its caller has died; `write` names it when a death around it matters. */
  #settling<T>(apply: () => T, milliseconds: number, write?: string): Promise<T> {
    const { loop, dice } = this.#ports;
    const caller = invocation();
    return new Promise((resolve, reject) => {
      if (caller?.ended) return;
      loop.after(milliseconds, () => {
        // Whoever timed out meanwhile had sent its request: it takes effect, and nobody is there to hear of it.
        const alone = caller?.ended ?? false;
        if (alone && write === undefined) return;
        if (!alone && caller && write !== undefined && dice.strikes('lambda.crash-before-effect')) {
          return caller.crash(`before ${write}`);
        }
        let settle: () => void;
        try {
          const value = apply();
          settle = () => resolve(value);
        } catch (error) {
          settle = () => reject(error);
        }
        if (alone) return;
        if (caller && write !== undefined && dice.strikes('lambda.crash-after-effect'))
          return caller.crash(`after ${write}`);
        settle();
      });
    });
  }
}

const throttled = (): Error => named('ProvisionedThroughputExceededException', 'the table is throttled');
