import { isEnded } from '#core/operations/operation.ts';
import { parseOrderKey } from '#core/orders/order.ts';
import { refundKey } from '#core/refunds/refund.ts';
import { QUEUES } from '../../functions/topology.ts';
import { loadHandlers } from './handlers.ts';
import { canGoOn } from './invariants/liveness.ts';
import { Watch } from './invariants/watch.ts';
import type { Fault } from './kernel/faults.ts';
import { Random } from './kernel/random.ts';
import type { RunRequest, RunResult } from './result.ts';
import { DRY_RUN, Operators } from './retailer/operators.ts';
import { townStage } from './retailer/stage.ts';
import { Town } from './retailer/town.ts';
import { heldOf, TownGround } from './retailer/town-ground.ts';
import { Troublemaker } from './retailer/troublemaker.ts';
import { type Workload, workloadOf } from './retailer/workloads.ts';
import { TABLES } from './services/account.ts';
import { rowId } from './services/dynamodb/keys.ts';
import { dlqOf } from './services/sqs.ts';
import { Simulation } from './simulation.ts';
import { timelineOf } from './timeline.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The partners' books are looked into after so many events. */
const BOOKS_EVERY = 2_000;
/** Longest that a healed world may take until it is at rest: beyond the longest wait for a parcel and its inspection. */
const DRAIN_DAYS = 2.2;
/** Until the month after has come, and what people plan for it is done. */
const MONTH_DAYS = 14;
/** Events after which a run that does not come to rest is called off. */
const MOST_EVENTS = 3_000_000;

/** Words of the buyer in every order that the simulated shop makes. */
const PERSONAL_WORDS = ['ada.buyer@mail.example.com', 'Chestnut Street 92'];

const handlers = await loadHandlers();

/** Carries one run out, from an empty account to rest. */
export async function runSeed(request: RunRequest, { trace }: { readonly trace: boolean }): Promise<RunResult> {
  const began = process.cpuUsage();
  const workload = workloadOf(request);
  const seed = `${request.workload}/${request.seed}`;
  const rules = () => new Random(`${seed}/house-rules`);
  const simulation = new Simulation({
    seed,
    stage: townStage(workload, rules()),
    handlers,
    tracing: trace,
    intensity: workload.intensity,
    ...(request.faults && { only: request.faults }),
  });
  const start = simulation.loop.now;
  const run = new Run(simulation, workload, rules());
  await run.safety(request.buyers);
  await run.liveness();
  const { struck } = simulation.dice;
  const { user, system } = process.cpuUsage(began);
  const { violations, checks } = run.watch;
  return {
    seed: request.seed,
    workload: request.workload,
    orders: run.town.shop.orders().length,
    days: (simulation.loop.now - start) / DAY,
    steps: simulation.loop.steps,
    struck,
    faultCounts: countOf(struck.map(({ fault }) => fault)),
    checks,
    violations,
    digest: simulation.digest(run.town.shop.refunds(), run.town.erp.sales()),
    cpuMs: (user + system) / 1000,
    ...(trace && { trace: simulation.trace.lines }),
    ...(violations[0] && { timeline: timelineOf(simulation, run.ground, violations[0].subject) }),
  };
}

/** The first of some words that stands in any text of a value. */
function wordIn(value: unknown, words: readonly string[]): string | undefined {
  if (typeof value === 'string') return words.find((word) => value.includes(word));
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.values(value)) {
    const found = wordIn(member, words);
    if (found !== undefined) return found;
  }
  return undefined;
}

function countOf(struck: readonly Fault[]): Partial<Record<Fault, number>> {
  const counts: Partial<Record<Fault, number>> = {};
  for (const fault of struck) counts[fault] = (counts[fault] ?? 0) + 1;
  return counts;
}

class Run {
  readonly town: Town;
  readonly ground: TownGround;
  readonly watch: Watch;
  readonly #simulation: Simulation;
  readonly #workload: Workload;
  readonly #operators: Operators;
  readonly #troublemaker: Troublemaker;
  #untilBooks = BOOKS_EVERY;

  constructor(simulation: Simulation, workload: Workload, rules: Random) {
    this.#simulation = simulation;
    this.#workload = workload;
    this.town = new Town(simulation, workload, rules);
    this.ground = new TownGround(simulation, this.town, PERSONAL_WORDS);
    this.watch = new Watch(this.ground);
    this.#operators = new Operators(simulation, this.ground, { workload, erp: this.town.erp });
    this.#troublemaker = new Troublemaker(simulation, this.town, workload);
    simulation.cloud.onLog = (functionId, message, fields) => {
      const word = wordIn([message, fields], PERSONAL_WORDS);
      if (word) this.watch.add('I16', functionId, `its log holds "${word}": ${message}`);
    };
    simulation.dynamo.onStream(({ dynamodb }) => {
      if (dynamodb?.Keys?.sk?.S !== 'STATE') return;
      const row = simulation.dynamo.tables.get(TABLES.state)?.get(rowId(dynamodb.Keys.pk?.S ?? '', 'STATE'));
      if (row) this.watch.changed(heldOf(row as Record<string, unknown>));
    });
  }

  /** Faults anywhere, invariants of safety after every event. */
  async safety(buyers: readonly number[] | undefined): Promise<void> {
    const { loop } = this.#simulation;
    const { hours, settlementDays = 0 } = this.#workload;
    const end = loop.now + Math.max(hours + 10, settlementDays * 24) * HOUR;
    this.town.begin(buyers);
    this.#troublemaker.begin();
    this.#rounds(end);
    await this.#run(end);
  }

  /** The world behaves; everything must come to rest, and nothing be left without an owner. */
  async liveness(): Promise<void> {
    const { loop, dice } = this.#simulation;
    dice.heal();
    this.#troublemaker.heal();
    // People mend causes and try again, some hours apart; what is still open then is theirs.
    for (let round = 0; round < 3; round++) {
      await this.#run(loop.now + 2 * HOUR);
      this.town.issueCredits(this.ground.returns());
      await this.#alongside(this.#operators.doRounds());
    }
    if (this.#workload.deepReturns) {
      // Goods are looked at again in the month after, while suppliers are named and claims closed.
      for (let day = 0; day < MONTH_DAYS; day++) {
        await this.#run(loop.now + DAY);
        if (day % 4 === 0) await this.#alongside(this.#operators.doRounds());
      }
    }
    if (this.#workload.settlementDays !== undefined) {
      // Files of the last days are collected again, and what is left of the balance is paid out.
      await this.#run(loop.now + 8 * DAY);
      this.town.settlements.pay(true);
      await this.#run(loop.now + 6 * HOUR);
      await this.#alongside(this.#operators.doRounds());
      // Found when its settlement is collected for the last time, 30 days after it was first read.
      if (this.town.settlements.owesRefunds) await this.#run(loop.now + 31 * DAY);
    }
    for (const end = loop.now + DRAIN_DAYS * DAY; loop.now < end && !this.#isAtRest(); )
      await this.#run(loop.now + HOUR);
    // Whoever was called in the last moment comes to an end.
    while (this.#simulation.lambda.running > 0 && loop.next !== undefined) await this.#run(loop.next);
    this.watch.lookIntoBooks();
    this.watch.settled();
    this.#checkAtRest();
  }

  /** Operators look in from time to time. */
  #rounds(end: number): void {
    const { loop, random } = this.#simulation;
    const { chaoticOperatorEveryMinutes } = this.#workload;
    const own = random.fork('rounds');
    const wait = chaoticOperatorEveryMinutes ? own.wait(chaoticOperatorEveryMinutes * MINUTE) : 3 * HOUR;
    const again = (after: number): void => {
      if (loop.now + after >= end) return;
      loop.after(after, () => {
        this.town.issueCredits(this.ground.returns());
        const work = chaoticOperatorEveryMinutes ? this.#operators.doSomething() : this.#operators.doRounds();
        void work.then(() =>
          again(chaoticOperatorEveryMinutes ? own.wait(chaoticOperatorEveryMinutes * MINUTE) : 3 * HOUR),
        );
      });
    };
    again(wait);
  }

  async #alongside(work: Promise<void>): Promise<void> {
    let done = false;
    void work.then(() => {
      done = true;
    });
    while (!done && this.#simulation.loop.next !== undefined) await this.#run(this.#simulation.loop.next as number);
  }

  async #run(until: number): Promise<void> {
    const { loop } = this.#simulation;
    await this.#simulation.run(until, () => {
      this.watch.afterEvent();
      if (--this.#untilBooks === 0) {
        this.#untilBooks = BOOKS_EVERY;
        this.watch.lookIntoBooks();
      }
      if (loop.steps > MOST_EVENTS) throw new Error(`the run does not come to rest within ${MOST_EVENTS} events`);
    });
    if (loop.now < until && until < loop.now + DRAIN_DAYS * DAY) loop.now = until;
  }

  /** Nobody means to do anything any more, nothing is in flight, and every workflow that still waits has a case. */
  #isAtRest(): boolean {
    const { sqs, stream, workflow } = this.#simulation;
    if (!this.town.quiet || stream.waiting > 0 || QUEUES.some(({ id }) => sqs.messages(id).length > 0)) return false;
    if (!this.ground.operations().every((one) => isEnded(one))) return false;
    if (this.ground.returns().some(({ state }) => canGoOn(state))) return false;
    const open = this.#openSubjects();
    return workflow.executions().every(({ status, name }) => status !== 'RUNNING' || this.#isOwned(name, open));
  }

  /** I1, I2, I20: what was taken in is accounted for, and nothing is in flight any more. */
  #checkAtRest(): void {
    const { sqs, stream, lambda, workflow, loop } = this.#simulation;
    this.watch.count('I1', 'I2', 'I20');
    for (const { id } of QUEUES) {
      const left = sqs.messages(id).length;
      if (left > 0) this.watch.add('I20', id, `${left} messages are still on the queue`);
    }
    for (const what of sqs.givenUp) {
      this.watch.add('I20', what.slice(0, what.indexOf(':')), `a message was received until the DLQ took it: ${what}`);
    }
    this.watch.count('I18');
    const written = this.#simulation.cloud.effects.get(DRY_RUN) ?? 0;
    if (written > 0) this.watch.add('I18', DRY_RUN, `a dry run wrote or called ${written} times`);
    for (const id of this.town.post.forged.acknowledged) this.watch.add('I1', id, 'a forged message was taken in');
    if (stream.waiting > 0) this.watch.add('I20', 'stream', `${stream.waiting} journal rows are not relayed`);
    if (lambda.running > 0)
      this.watch.add(
        'I20',
        'functions',
        `${lambda.running} functions still run at ${new Date(loop.now).toISOString()}`,
      );
    const open = this.#openSubjects();
    for (const { name, status, state } of workflow.executions()) {
      if (status === 'SUCCEEDED' || this.#isOwned(name, open)) continue;
      this.watch.add('I20', name, `its workflow is ${status} in ${state}, and no case tells anybody`);
    }
    this.#checkTaken('shopify', this.town.post.fromShop.acknowledged);
    this.#checkTaken('generic', this.town.post.fromPlatform.acknowledged);
  }

  /** Whether a case is open for the return of an execution, or for the refund that it waits for. */
  #isOwned(executionName: string, open: ReadonlySet<string>): boolean {
    const found = this.ground.returns().find(({ key }) => executionName.includes(key.split('#').at(-1) ?? key));
    if (!found) return false;
    const { authorization, refund } = found.state;
    const keys = [found.key];
    if (refund) keys.push(refundKey({ ...parseOrderKey(authorization.orderKey), refundId: refund.refundId }));
    return keys.some((key) => open.has(key));
  }

  #openSubjects(): Set<string> {
    return new Set(this.ground.openCases().map(({ subject }) => subject));
  }

  /** Every message that was answered with 2xx is in the inbox, or parked in front of somebody. */
  #checkTaken(connector: string, acknowledged: ReadonlySet<string>): void {
    const { sqs } = this.#simulation;
    const parked = sqs.messages(dlqOf(`${connector}-intake`)).map(({ body }) => body);
    const everSent = new Set(
      sqs.everSent(`${connector}-intake`).map((body) => (JSON.parse(body) as { deliveryId: string }).deliveryId),
    );
    for (const id of acknowledged) {
      if (!everSent.has(id)) this.watch.add('I1', id, 'it was answered with 2xx, and never stored');
      if (this.ground.inboxHas(`${connector}#main`, id) || parked.some((body) => body.includes(JSON.stringify(id))))
        continue;
      this.watch.add('I2', id, 'it was answered with 2xx, and is neither taken nor parked');
    }
  }
}
