import type { Reason } from '#core/kernel/decision.ts';
import { PartnerConfigurationError, PoisonError } from '#core/kernel/errors.ts';
import { closedUntil } from '#core/operations/maintenance.ts';
import {
  COMPENSATING,
  type Operation,
  type Outcome,
  type ProbeAnswer,
  type Target,
} from '#core/operations/operation.ts';
import {
  type AfterProbe,
  afterExecute,
  afterProbe,
  begin,
  deferred,
  later,
  type ProtocolSettings,
  waitOrEscalate,
  withdraw,
} from '#core/operations/protocol.ts';
import type { PersonalData } from '#core/orders/order.ts';
import type { OperationExecutor } from '../ports/connector.ts';
import type { OperationQueue } from '../ports/queues.ts';
import type { Clock, Faults, IdSource, Log, Metrics } from '../ports/runtime.ts';
import type { CaseStore, OperationStore, PauseStore } from '../ports/store.ts';
import { OUTAGE_CODE, outageCase, targetSubject, unknownCase, unknownCaseCode } from './operation-cases.ts';
import type { Subjects } from './subjects.ts';

export type ExecutePorts = {
  readonly operations: OperationStore;
  readonly subjects: Subjects;
  readonly cases: CaseStore;
  readonly pauses: PauseStore;
  readonly queue: OperationQueue;
  readonly executor: (target: Target) => OperationExecutor;
  readonly settings: ProtocolSettings;
  readonly personal: (subject: string) => Promise<PersonalData | undefined>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly faults: Faults;
};

export type Executed = { readonly status: Operation['status'] | 'skipped'; readonly why?: string };

/**
 * Carries one operation out, by the unknown-outcome protocol (core/operations/protocol.ts):
 *
 *  1. a partner in a maintenance window, or one that throttles us, is left alone: the operation is put off;
 *  2. the lease is written before anything is sent, so that of two executors one goes on;
 *  3. an operation whose last call was cut off is probed first;
 *  4. the outcome and what it means for the subject are written in one transaction.
 *
 * A crash at any point leaves a row that the sweep hands out again and `begin` knows how to resume.
 */
export async function executeOperation(ports: ExecutePorts, key: string, signal: AbortSignal): Promise<Executed> {
  const row = await ports.operations.get(key);
  if (!row) throw new PoisonError('OPERATION_UNKNOWN', `no operation ${key}: was the table restored from a backup?`);
  const now = ports.clock.now();
  const executor = ports.executor(row.target);

  const beginning = begin(row, now, ports.ids.next(), ports.settings);
  if (beginning.do === 'nothing') return leave(ports, row, beginning.why, now);

  const [closed, unwanted] = await Promise.all([
    closedFor(ports, executor, row.target, now),
    beginning.do === 'execute' ? (unsupported(executor, row) ?? ports.subjects.unwanted(row)) : undefined,
  ]);
  if (closed) return putOff(ports, row, closed.until, closed.reason, now);
  if (unwanted) return settle(ports, row, withdraw(row, unwanted, now));

  const leased = beginning.operation;
  if (!(await ports.operations.save(leased, row.revision)))
    return { status: 'skipped', why: 'another executor was first' };
  await ports.faults.at('execute:after-lease', key);

  const call = new Call(ports, executor, signal);
  return beginning.do === 'probe' ? call.probeFirst(leased) : call.execute(leased);
}

/** What a partner's adapter does not carry out is for a person, who is told by whoever planned it. */
function unsupported({ kinds }: OperationExecutor, { kind, target }: Operation): Reason | undefined {
  if (kinds.includes(kind)) return undefined;
  const message = `${target.connector} does not carry out ${kind}: do it there by hand`;
  return { code: 'OPERATION_NOT_SUPPORTED', message };
}

/**
 * Nothing to do now. While another holds the lease the message is kept going, to come back when the lease has ended: should
 * the other have died with it, this message is what finds out.
 */
async function leave(
  ports: ExecutePorts,
  { key, target, lease }: Operation,
  why: string,
  now: string,
): Promise<Executed> {
  if (lease && lease.until > now) await ports.queue.send(target, [key], delayUntil(lease.until, now));
  return { status: 'skipped', why };
}

/** The part of the protocol that holds a lease. */
class Call {
  readonly #ports: ExecutePorts;
  readonly #executor: OperationExecutor;
  readonly #signal: AbortSignal;

  constructor(ports: ExecutePorts, executor: OperationExecutor, signal: AbortSignal) {
    this.#ports = ports;
    this.#executor = executor;
    this.#signal = signal;
  }

  async probeFirst(operation: Operation): Promise<Executed> {
    const policy = this.#executor.probePolicy(operation.kind);
    const since = operation.unknownSince ?? this.#ports.clock.now();
    if (policy.read === 'impossible') {
      return this.#carryOn(
        operation,
        waitOrEscalate(operation, policy, since, this.#ports.clock.now(), this.#ports.settings),
      );
    }
    const answer = await told(this.#executor.probe(operation, this.#context(operation)));
    this.#ports.log.info('operation probed', { operation: operation.key, answer: answer.kind });
    if (answer.kind === 'unavailable') await this.#outage(operation, answer.cause);
    if (answer.kind === 'throttled') await this.#pause(operation.target, answer);
    return this.#carryOn(
      operation,
      afterProbe(operation, answer, policy, this.#ports.clock.now(), this.#ports.settings),
    );
  }

  async #carryOn(operation: Operation, next: AfterProbe): Promise<Executed> {
    const { operations, cases, clock } = this.#ports;
    switch (next.do) {
      case 'settle':
        return settle(this.#ports, operation, next.operation);
      case 'execute':
        if (!(await operations.save(next.operation, operation.revision))) return overtaken;
        return this.execute(next.operation);
      case 'wait':
        return waitFor(this.#ports, operation, next.operation);
      case 'escalate':
        await cases.open(operation.subject, unknownCase(operation), clock.now());
        return waitFor(this.#ports, operation, next.operation);
    }
  }

  async execute(operation: Operation): Promise<Executed> {
    const { clock, faults, log, metrics } = this.#ports;
    const outcome = await told(this.#executor.execute(operation, this.#context(operation)));
    await faults.at('execute:after-call', operation.key);
    const fields = { operation: operation.key, outcome: outcome.kind, attempt: operation.attempts };
    log.info('operation answered', fields);
    metrics.count('OperationAnswered', 1, { connector: operation.target.connector, outcome: outcome.kind });

    if (outcome.kind === 'unavailable') await this.#outage(operation, outcome.cause);
    if (outcome.kind === 'throttled') await this.#pause(operation.target, outcome);
    const after = afterExecute(
      operation,
      outcome,
      this.#executor.probePolicy(operation.kind),
      clock.now(),
      this.#ports.settings,
    );
    return after.endedAt ? settle(this.#ports, operation, after) : waitFor(this.#ports, operation, after);
  }

  /** A throttled partner is left alone by all its operations, not only by this one. */
  async #pause(
    target: Target,
    { retryAfterSeconds = 5 }: Extract<Outcome | ProbeAnswer, { kind: 'throttled' }>,
  ): Promise<void> {
    await this.#ports.pauses.pause(target, later(this.#ports.clock.now(), retryAfterSeconds));
  }

  async #outage(operation: Operation, cause: string): Promise<void> {
    await this.#ports.cases.open(
      targetSubject(operation.target),
      outageCase(operation.target, cause),
      this.#ports.clock.now(),
    );
  }

  #context(operation: Operation) {
    return {
      signal: this.#signal,
      now: this.#ports.clock.now(),
      personal: () => this.#ports.personal(operation.subject),
    };
  }
}

/**
 * A partner that refuses us as we are set up is one that can't be reached until a person has mended it: the operation waits
 * with a case, instead of filling a DLQ.
 */
async function told<T>(answer: Promise<T>): Promise<T | { readonly kind: 'unavailable'; readonly cause: string }> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PartnerConfigurationError)
      return { kind: 'unavailable', cause: `${error.code}: ${error.message}` };
    throw error;
  }
}

const overtaken: Executed = { status: 'skipped', why: 'another executor was first' };

async function closedFor(ports: ExecutePorts, executor: OperationExecutor, target: Target, now: string) {
  const maintenance = closedUntil(executor.maintenance ?? [], now);
  if (maintenance) {
    return {
      until: maintenance,
      reason: { code: 'MAINTENANCE', message: `in its maintenance window until ${maintenance}` },
    };
  }
  const paused = await ports.pauses.pausedUntil(target);
  if (paused && paused > now) {
    return {
      until: paused,
      reason: { code: 'THROTTLED', message: `the partner asked us to slow down until ${paused}` },
    };
  }
  return undefined;
}

/** An operation that was never sent is deferred; one whose outcome is open stays so, and only its probe is put off. */
async function putOff(
  ports: ExecutePorts,
  row: Operation,
  until: string,
  reason: { code: string; message: string },
  now: string,
): Promise<Executed> {
  const seconds = (Date.parse(until) - Date.parse(now)) / 1000;
  const open = row.status === 'attempting' || row.unknownSince !== undefined;
  const waiting = deferred(row, now, seconds, reason);
  return waitFor(ports, row, open ? { ...waiting, status: 'unknown', unknownSince: row.unknownSince ?? now } : waiting);
}

const SQS_DELAY_LIMIT = 900;

/** Whole seconds to just after an instant. */
const delayUntil = (instant: string, now: string): number =>
  Math.max(1, Math.ceil((Date.parse(instant) - Date.parse(now)) / 1000));

/** Writes the row; a wait of minutes also goes to the queue with a delay, a longer one is left to the sweep. */
async function waitFor(ports: ExecutePorts, before: Operation, operation: Operation): Promise<Executed> {
  if (!(await ports.operations.save(operation, before.revision))) return overtaken;
  const delay = delayUntil(operation.dueAt ?? '', ports.clock.now());
  // A message that the queue did not take is no loss: the row is due, and the sweep comes by.
  if (delay <= SQS_DELAY_LIMIT) await ports.queue.send(operation.target, [operation.key], delay);
  return { status: operation.status, ...(operation.reason && { why: operation.reason.code }) };
}

/** Writes the end together with what it means for the subject, then closes the cases that its trouble had opened. */
async function settle(ports: ExecutePorts, before: Operation, ended: Operation): Promise<Executed> {
  const now = ports.clock.now();
  await ports.subjects.settle(ended, before.revision, now);
  await ports.faults.at('execute:after-outcome', ended.key);
  // The alarm on logged errors tells engineers what the case tells its owner.
  if (ended.status === 'rejected' && COMPENSATING.includes(ended.kind)) {
    ports.log.error('compensation failed', { operation: ended.key, code: ended.reason?.code });
  }
  if (before.reason) {
    // Only an operation that had trouble can have opened one; closing costs a write that the smooth way must not pay.
    await ports.cases.close(ended.subject, unknownCaseCode(ended), now);
    await ports.cases.close(targetSubject(ended.target), OUTAGE_CODE, now);
  }
  return { status: ended.status, ...(ended.reason && { why: ended.reason.code }) };
}
