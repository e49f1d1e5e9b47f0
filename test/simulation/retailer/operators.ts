import { resolveOperation, retryOperation } from '#application/operations/retry-operation.ts';
import { decideReturn, type ReturnVerdict } from '#application/returns/decide-return.ts';
import { isEnded, type Operation } from '#core/operations/operation.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { returnPorts } from '../../../functions/handlers/wiring/aggregates.ts';
import { operatorPorts } from '../../../functions/handlers/wiring/operating.ts';
import { QUEUES } from '../../../functions/topology.ts';
import type { Ground } from '../invariants/ground.ts';
import type { Random } from '../kernel/random.ts';
import type { SimTryton } from '../partners/tryton/sim-tryton.ts';
import { operatorEnvironment } from '../services/account.ts';
import { dlqOf } from '../services/sqs.ts';
import type { Simulation } from '../simulation.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { Purchasing } from './purchasing.ts';
import type { Workload } from './workloads.ts';

const OPERATOR = { timeoutSeconds: 60 };

/** Sessions of people, some of whom have two roles. */
const principal = (session: string): string => `arn:aws:sts::123456789012:assumed-role/${session}`;

/** Whoever only looks what would happen: must write nothing and call nobody. */
export const DRY_RUN = 'operator/dry-run';

/**
 * People at the command line: what the verbs of `crossdock` do, by the same use cases and ports, in a process of their own
 * that can die like any other.
 */
export class Operators {
  readonly #simulation: Simulation;
  readonly #ground: Ground;
  readonly #random: Random;
  readonly #workload: Workload;
  readonly #purchasing: Purchasing;
  readonly #bookkeeper: Bookkeeper;

  constructor(simulation: Simulation, ground: Ground, { workload, erp }: { workload: Workload; erp: SimTryton }) {
    this.#bookkeeper = new Bookkeeper(erp, simulation.random.fork('bookkeeper'));
    this.#simulation = simulation;
    this.#ground = ground;
    this.#workload = workload;
    this.#purchasing = new Purchasing(simulation);
    this.#random = simulation.random.fork('operators');
  }

  /** By the book: reviews and approvals are decided, causes mended and operations tried again, DLQs redriven. */
  async doRounds(): Promise<void> {
    if (this.#workload.deepReturns) {
      await this.#settleReturns();
      await this.#purchasing.doRounds();
    }
    for (const { key, state } of this.#ground.returns()) {
      if (state.status === 'review' || (state.status === 'awaiting-approval' && !this.#workload.deepReturns)) {
        // Whoever let a return in must not approve its money.
        const by = state.status === 'review' ? 'operator-1' : 'operator-2';
        await this.#decide(key, this.#random.chance(0.8) ? 'approve' : 'refuse', by);
      }
    }
    for (const operation of this.#ground.operations()) {
      const { key, status, reason } = operation;
      if (status === 'rejected' && this.#bookkeeper.takes(operation)) await this.#bookByHand(operation);
      else if (status === 'rejected' && reason?.code !== 'ORDER_CANCELLED' && this.#random.chance(0.7))
        await this.#retry(key);
      if (status === 'unknown' && this.#hasCase(operation.subject)) await this.#settleUnknown(key);
    }
    this.#redrive();
  }

  /** Whatever a return waits for a person for. Some take their time: approvals lapse, claims stay open. */
  async #settleReturns(): Promise<void> {
    for (const { key, state } of this.#ground.returns()) {
      const { finance, claim, compensation, refund, steps } = state;
      const by = (): string =>
        principal(this.#random.pick(['Ops/operator-1', 'Ops/operator-2', 'Admin/Operator-2', 'Ops/op-3', 'Ops/op-4']));
      if (state.status === 'awaiting-approval' && this.#random.chance(0.6)) {
        if (finance?.approval?.lapsedAt !== undefined) await this.#decide(key, 'ask-approval', by());
        else await this.#decide(key, this.#random.chance(0.9) ? 'approve' : 'refuse', by());
      }
      const awaited = state.status === 'authorized' || state.status === 'in-transit' || state.status === 'overdue';
      if (awaited && this.#random.chance(0.03)) await this.#decide(key, 'keep-item', by());
      if (claim?.status === 'due' && this.#random.chance(0.3))
        await this.#decide(key, this.#random.pick(['clawback-collected', 'clawback-waived']), by());
      if (compensation?.status === 'failed' && this.#random.chance(0.5))
        await this.#decide(key, 'credit-reversed', by());
      if (steps.exchange?.status === 'refused' && this.#random.chance(0.3))
        await this.#decide(key, 'pay-instead', by());
      const stuck = refund?.status === 'blocked' || refund?.status === 'refused' || refund?.unconfirmed === true;
      if (stuck && this.#random.chance(0.3)) await this.#decide(key, 'give-up-refund', by());
    }
  }

  /** Anything at any time, sensible or not. Dry runs too: those must write nothing. */
  async doSomething(): Promise<void> {
    const operations = this.#ground.operations();
    const returns = this.#ground.returns();
    switch (this.#random.weighted({ redrive: 3, retry: 3, decide: 4, dry: 2, resolve: 1 })) {
      case 'redrive':
        return this.#redrive();
      case 'retry':
        if (operations.length > 0) await this.#retry(this.#random.pick(operations).key);
        return;
      case 'decide':
        if (returns.length > 0)
          await this.#decide(this.#random.pick(returns).key, this.#random.pick(['approve', 'refuse', 'approve']));
        return;
      case 'resolve': {
        const unknown = operations.filter(
          (one) => !isEnded(one) && one.status === 'unknown' && this.#hasCase(one.subject),
        );
        if (unknown.length > 0) await this.#settleUnknown(this.#random.pick(unknown).key);
        return;
      }
      case 'dry':
        await this.#dryRun();
    }
  }

  #hasCase(subject: string): boolean {
    return this.#ground.openCases().some((one) => one.subject === subject);
  }

  #decide(returnKey: string, verdict: ReturnVerdict, by = 'operator-1'): Promise<void> {
    return this.#at(`decides ${verdict} on ${returnKey}`, async () => {
      const cause = { now: clock.now(), correlationId: 'operator', causationId: 'operator/simulated' };
      await decideReturn(returnPorts(), { returnKey, verdict, by, apply: true }, cause);
    });
  }

  #retry(key: string): Promise<void> {
    return this.#at(`retries ${key}`, async () => void (await retryOperation(operatorPorts(), key, true)));
  }

  /** Whoever says so may be cut off: the entry stands then, and is named the next time. */
  #bookByHand(operation: Operation): Promise<void> {
    const ref = this.#bookkeeper.book(operation);
    const say = async () =>
      void (await resolveOperation(operatorPorts(), operation.key, { kind: 'applied', ref }, true));
    return this.#at(`has ${operation.key} in the books by hand`, say);
  }

  /** Looks what it would mean to call it again; whether it happened is for the partner's own books to say. */
  #settleUnknown(key: string): Promise<void> {
    const look = async () => void (await resolveOperation(operatorPorts(), key, { kind: 'not-applied' }, false));
    return this.#at(`considers ${key}`, look, DRY_RUN);
  }

  async #dryRun(): Promise<void> {
    const operations = this.#ground.operations();
    const returns = this.#ground.returns();
    await this.#at(
      'looks what would happen',
      async () => {
        const cause = { now: clock.now(), correlationId: 'operator', causationId: 'operator/simulated' };
        if (operations.length > 0) await retryOperation(operatorPorts(), this.#random.pick(operations).key, false);
        if (returns.length > 0) {
          const returnKey = this.#random.pick(returns).key;
          await decideReturn(returnPorts(), { returnKey, verdict: 'approve', by: 'operator-1', apply: false }, cause);
        }
      },
      DRY_RUN,
    );
  }

  #redrive(): void {
    const { sqs, trace } = this.#simulation;
    for (const { id } of QUEUES) {
      const moved = sqs.messages(dlqOf(id)).length > 0 ? sqs.redrive(id) : 0;
      if (moved > 0) trace.say(`operator redrives ${moved} messages of ${id}`);
    }
  }

  async #at(what: string, work: () => Promise<void>, as = 'operator'): Promise<void> {
    const { lambda, trace, stage } = this.#simulation;
    const ended = await lambda.run(as, { spec: OPERATOR, environment: operatorEnvironment(stage) }, work);
    trace.say(
      `operator ${what}${ended.kind === 'threw' ? `: ${ended.error.message}` : ended.kind === 'died' ? ', and is cut off' : ''}`,
    );
  }
}
