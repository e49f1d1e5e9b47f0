import { isEnded, type Operation } from '#core/operations/operation.ts';
import { handedOut } from '#core/operations/protocol.ts';
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

export type Swept = { readonly operations: number; readonly timers: number; readonly failed: number };

const BATCH = 200;

/**
 * Once a minute: hands out again every operation that is due, and does what due timers ask. A tick that is late, doubled
 * or lost only shifts work: handing out twice is harmless, and what stays due is taken by the next tick.
 */
export async function sweepTimers(ports: SweepPorts): Promise<Swept> {
  const now = ports.clock.now();
  const operations = await sweepOperations(ports, now);
  const due = await ports.timers.due(now, BATCH);
  let failed = 0;
  for (const timer of due) {
    try {
      const result = await ports.onTimer(timer, now);
      if (result === 'done') await ports.timers.remove(timer);
      else await ports.timers.postpone(timer, result.again);
    } catch (error) {
      // One timer that can't be done must not keep the others waiting; it stays due and is tried at the next tick.
      failed += 1;
      ports.log.error('timer failed', { subject: timer.subject, timer: timer.name, error: String(error) });
    }
  }
  return { operations, timers: due.length - failed, failed };
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
