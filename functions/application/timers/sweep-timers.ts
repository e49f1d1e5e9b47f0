import { isEnded, type Operation } from '#core/operations/operation.ts';
import { handedOut, later } from '#core/operations/protocol.ts';
import type { OperationQueue } from '../ports/queues.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { DueTimer, OperationStore, TimerStore } from '../ports/store.ts';

export type SweepPorts = {
  readonly operations: OperationStore;
  readonly timers: TimerStore;
  readonly queue: OperationQueue;
  /** What a due timer does, by the aggregate it belongs to; answers when to look again, or that it is done with. */
  readonly onTimer: (timer: DueTimer, now: string) => Promise<{ readonly again: string } | 'done'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted before the function's time ends. */
  readonly signal: AbortSignal;
};

export type Swept = {
  readonly operations: number;
  readonly timers: number;
  readonly failed: number;
  /** Timers known to be due when the time was used up; there may be more. */
  readonly left: number;
};

const BATCH = 200;
/** Aggregates whose timers are done at the same time. */
const LANES = 10;
/** A timer that failed is tried at the next tick, behind all that are due by now. */
const RETRY_SECONDS = 60;

/**
 * Once a minute: hands out again every operation that is due, and does what due timers ask. A tick that is late, doubled
 * or lost only shifts work: handing out twice is harmless, and what stays due is taken by the next tick.
 */
export async function sweepTimers(ports: SweepPorts): Promise<Swept> {
  const now = ports.clock.now();
  const operations = await sweepOperations(ports, now);
  return { operations, ...(await sweepDueTimers(ports, now)) };
}

async function sweepDueTimers(ports: SweepPorts, now: string): Promise<Omit<Swept, 'operations'>> {
  const seen = new Set<string>();
  let failed = 0;
  let left = 0;
  while (!ports.signal.aborted) {
    const due = await ports.timers.due(now, BATCH);
    // The index lags: a timer that was done a moment ago may show up once more.
    const fresh = due.filter((timer) => !seen.has(idOf(timer)));
    // Those of one aggregate one after the other, for they would get into each other's way.
    const lanes = Map.groupBy(fresh, ({ subject }) => subject).values();
    const work = async () => {
      for (const timers of lanes) {
        for (const timer of timers) {
          if (ports.signal.aborted) return;
          seen.add(idOf(timer));
          if (!(await doTimer(ports, timer, now))) failed += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, work));
    left = fresh.filter((timer) => !seen.has(idOf(timer))).length;
    if (due.length < BATCH || fresh.length === 0) break;
  }
  return { timers: seen.size - failed, failed, left };
}

const idOf = ({ subject, name, dueAt }: DueTimer): string => JSON.stringify([subject, name, dueAt]);

/** False when it can't be done now. It must not keep the others waiting, at this tick or a later one. */
async function doTimer({ onTimer, timers, log, clock }: SweepPorts, timer: DueTimer, now: string): Promise<boolean> {
  try {
    const result = await onTimer(timer, now);
    if (result === 'done') await timers.remove(timer);
    else await timers.postpone(timer, result.again);
    return true;
  } catch (error) {
    log.error('timer failed', { subject: timer.subject, timer: timer.name, error: String(error) });
    await timers.postpone(timer, later(clock.now(), RETRY_SECONDS)).catch((why: unknown) => {
      log.warn('timer not put off', { subject: timer.subject, timer: timer.name, error: String(why) });
    });
    return false;
  }
}

/** Page after page until nothing is due or the time is used up; what is left is due at the next tick too. */
async function sweepOperations(ports: SweepPorts, now: string): Promise<number> {
  let handed = 0;
  while (!ports.signal.aborted) {
    const due = await ports.operations.due(now, BATCH);
    const rows = (await Promise.all(due.map(({ key }) => ports.operations.get(key)))).filter(
      (row) => row !== undefined,
    );
    const stillDue = rows.filter((row) => !isEnded(row) && row.dueAt !== undefined && row.dueAt <= now);
    await handOut(ports, stillDue, now);
    handed += stillDue.length;
    // An index that lags shows rows which were handed out already: another page would show the same.
    if (due.length < BATCH || stillDue.length === 0) break;
  }
  return handed;
}

async function handOut({ operations, queue, log }: SweepPorts, rows: readonly Operation[], now: string): Promise<void> {
  for (const group of Object.values(Object.groupBy(rows, ({ target }) => `${target.connector}/${target.account}`))) {
    const [first] = group ?? [];
    if (!group || !first) continue;
    const refused = new Set(
      await queue.send(
        first.target,
        group.map(({ key }) => key),
      ),
    );
    if (refused.size > 0)
      log.warn('queue refused due operations', { connector: first.target.connector, count: refused.size });
    const taken = group.filter(({ key }) => !refused.has(key));
    await Promise.all(taken.map((row) => operations.save(handedOut(row, now), row.revision)));
  }
}
