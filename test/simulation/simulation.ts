import { createHash } from 'node:crypto';
import { FUNCTIONS, type FunctionSpec } from '../../functions/topology.ts';
import { fraudKeysSecretName, secretName } from '../../lib/config/accounts.ts';
import type { Stage } from '../../lib/config/stage.ts';
import { returnToRefund } from '../../lib/workflows/return-to-refund.ts';
import { Dice, type DiceOptions } from './kernel/faults.ts';
import { Loop } from './kernel/loop.ts';
import { Random } from './kernel/random.ts';
import { put } from './link/current.ts';
import { SimNetwork } from './partners/network.ts';
import type { PartnerServer } from './partners/partner.ts';
import { environmentIn, TABLES, visibilityIn } from './services/account.ts';
import { SimBus } from './services/bus.ts';
import { Clockwork } from './services/clockwork.ts';
import { Cloud } from './services/cloud.ts';
import { DueTimes } from './services/due-times.ts';
import { SimDynamo } from './services/dynamodb/sim-dynamo.ts';
import { crossdockTables } from './services/dynamodb/table-spec.ts';
import { SimGateway } from './services/gateway.ts';
import { type LambdaHandler, SimLambda } from './services/lambda.ts';
import { SimSecrets } from './services/secrets.ts';
import { queueUrlOf, SimSqs } from './services/sqs.ts';
import { SimStepFunctions } from './services/step-functions.ts';
import { SimStream, type StreamRecord } from './services/stream.ts';
import { Trace } from './trace.ts';

/** A morning on which every run begins. */
const START = Date.parse('2026-11-20T08:00:00.000Z');

const STEP_FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:returns-step-return';
const INDEX_LAG_MS = 2_000;
const HOUR = 60 * 60_000;

export type SimulationOptions = DiceOptions & {
  readonly seed: string;
  readonly stage: Stage;
  readonly handlers: ReadonlyMap<string, LambdaHandler>;
  readonly tracing: boolean;
};

/**
 * Crossdock deployed into a simulated AWS account: every function, queue, table, rule and workflow of the topology, in
 * virtual time and with one source of chance. What lies outside (partners, people) is put around it by its user.
 */
export class Simulation {
  readonly loop = new Loop(START);
  readonly random: Random;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly stage: Stage;
  readonly lambda: SimLambda;
  readonly sqs: SimSqs;
  readonly bus: SimBus;
  readonly dynamo: SimDynamo;
  readonly stream: SimStream;
  readonly workflow: SimStepFunctions;
  readonly secrets = new SimSecrets();
  readonly network: SimNetwork;
  readonly gateway: SimGateway;
  readonly cloud: Cloud;
  readonly clockwork: Clockwork;
  readonly #due = new DueTimes();
  /** Whether a payout that is to be fetched has not been imported. */
  awaitsPayouts: () => boolean = () => false;
  /** Hears of every step that a workflow is about to have done. */
  onStep: () => void = () => {};
  /** Hears of every file that is laid into the drop. */
  onDropped: (key: string, text: string) => void = () => {};
  #shippedAt: number | undefined;

  constructor({ seed, stage, handlers, tracing, ...dice }: SimulationOptions) {
    this.stage = stage;
    this.random = new Random(seed);
    this.dice = new Dice(this.random.fork('faults'), dice);
    this.trace = new Trace(() => this.loop.now, tracing);
    const { loop } = this;
    const trace = (line: string) => this.trace.say(line);
    const ports = (name: string) => ({ loop, dice: this.dice, random: this.random.fork(name), trace });

    this.lambda = new SimLambda(ports('lambda'));
    this.sqs = new SimSqs(
      { ...ports('sqs'), lambda: this.lambda, isAway: () => this.cloud.isAway('sqs') },
      visibilityIn(stage),
    );
    this.bus = new SimBus({ ...ports('bus'), sqs: this.sqs });
    this.network = new SimNetwork({ ...ports('network'), tracing });
    this.dynamo = new SimDynamo(crossdockTables(TABLES), {
      now: () => loop.now,
      indexLagMs: INDEX_LAG_MS,
      staleIndexReads: () => this.dice.strikes('dynamodb.stale-index'),
    });
    this.workflow = this.#stepFunctions();
    this.cloud = new Cloud({
      ...ports('cloud'),
      network: this.network,
      services: {
        dynamodb: this.dynamo,
        sqs: this.sqs,
        events: this.bus,
        states: this.workflow,
        secrets: this.secrets,
      },
    });
    this.cloud.archive.onDropped = (key, text, sequencer) => {
      this.onDropped(key, text);
      this.bus.objectCreated(key, sequencer);
    };
    this.gateway = new SimGateway(this.lambda);
    this.dynamo.onChange(({ place, after }) => this.#due.set(place.id, after?.dueAt as string | undefined));
    this.clockwork = new Clockwork(
      { ...ports('clockwork'), lambda: this.lambda },
      {
        'shopify/poll-payouts': {
          next: () => (this.awaitsPayouts() ? Math.ceil(loop.now / HOUR) * HOUR : undefined),
          done: () => undefined,
        },
        'core/sweep-timers': { next: () => this.#due.earliest, done: () => undefined },
        'tryton/poll-shipments': {
          next: () => this.#shippedAt,
          done: (began) => {
            if (this.#shippedAt !== undefined && this.#shippedAt <= began) this.#shippedAt = undefined;
          },
        },
      },
    );
    this.stream = this.#deploy(handlers, ports('stream'));
    put(this.cloud);
  }

  /** Makes a partner reachable at an origin. */
  serve(origin: string, name: string, server: PartnerServer): void {
    this.network.serve(origin, name, server);
  }

  /** The warehouse has sent something out: the next poll has something to find. */
  shipped(): void {
    this.#shippedAt = this.loop.now;
  }

  setFraudKeys(value: object): void {
    this.secrets.set(fraudKeysSecretName(this.stage.name), value);
  }

  setSecret(connector: string, value: object): void {
    this.secrets.set(secretName(this.stage.name, connector, 'main'), value);
  }

  /** A file is laid into the drop. */
  drop(key: string, bytes: Buffer): void {
    this.cloud.archive.drop(key, bytes);
  }

  /** Runs until nothing is left to happen, or until an instant; `afterEach` sees the world at rest after every event. */
  run(until: number, afterEach: () => void): Promise<void> {
    return this.loop.run({ until, beforeEach: (next) => this.clockwork.before(next), afterEach });
  }

  /** All that every store holds, as one number. */
  digest(...partners: readonly unknown[]): string {
    const hash = createHash('sha256');
    for (const [name, rows] of this.dynamo.tables) {
      hash.update(name);
      for (const [id, row] of rows) hash.update(id).update(JSON.stringify(row));
    }
    hash.update(JSON.stringify([partners, this.bus.taken.length, this.loop.steps, this.loop.now]));
    return hash.digest('hex');
  }

  #deploy(
    handlers: ReadonlyMap<string, LambdaHandler>,
    ports: ConstructorParameters<typeof SimStream>[0] extends infer P ? Omit<P & object, 'lambda'> : never,
  ): SimStream {
    let stream: SimStream | undefined;
    for (const spec of FUNCTIONS) {
      const handler = handlers.get(spec.id);
      if (!handler) throw new Error(`no handler was loaded for ${spec.id}`);
      this.lambda.deploy({ spec, handler, environment: environmentIn(this.stage, spec) });
      const { trigger } = spec;
      if (trigger.on === 'queue') this.sqs.consume(trigger.queue, spec.id, trigger.batchSize, trigger.maxConcurrency);
      if (trigger.on === 'journal') stream = this.#journal(spec, trigger.batchSize, ports);
    }
    if (!stream) throw new Error('no function of the topology relays the journal');
    return stream;
  }

  #journal(spec: FunctionSpec, batchSize: number, ports: object): SimStream {
    const stream = new SimStream(
      { ...(ports as ConstructorParameters<typeof SimStream>[0]), lambda: this.lambda },
      spec.id,
      batchSize,
    );
    this.dynamo.onStream((record) => stream.take(record as StreamRecord));
    return stream;
  }

  #stepFunctions(): SimStepFunctions {
    const { returns, workflow } = this.stage;
    const times = { ...workflow, receiptDays: returns.receiptDays, inspectionDays: returns.inspectionDays };
    const waitsQueueUrl = queueUrlOf('workflow-waits');
    return new SimStepFunctions({
      loop: this.loop,
      random: this.random.fork('workflow'),
      definition: returnToRefund({ waitsQueueUrl, stepFunctionArn: STEP_FUNCTION_ARN }, times),
      faults: {
        loseToken: () => this.dice.strikes('workflow.token-lost'),
        sendTwice: () => this.dice.strikes('workflow.wait-sent-twice'),
      },
      sendMessage: async (_url, body) => void this.sqs.send('workflow-waits', body),
      invoke: async (_arn, payload) => {
        this.onStep();
        const ended = await this.lambda.invoke('returns/step-return', payload);
        if (ended.kind === 'returned') return ended.value;
        if (ended.kind === 'threw') throw ended.error;
        throw Object.assign(new Error(ended.why), { name: 'Lambda.Unknown' });
      },
    });
  }
}
