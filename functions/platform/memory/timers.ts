import type { DueTimer, TimerStore, Wait, WaitStore } from '#application/ports/store.ts';
import { oldestDue, type Tables, timerId } from './tables.ts';

type Rows = Pick<Tables, 'timers'>;

/** As it shows up among the timers. */
const waitName = (step: string): string => `WAIT#${step}`;

export class MemoryTimers implements TimerStore {
  readonly #tables: Rows;

  constructor(tables: Rows) {
    this.#tables = tables;
  }

  async due(now: string, limit: number): Promise<DueTimer[]> {
    return oldestDue(this.#tables.timers.values(), now, limit).map(({ subject, name, dueAt }) => ({
      subject,
      name,
      dueAt,
    }));
  }

  async postpone(timer: DueTimer, until: string): Promise<boolean> {
    const held = this.#held(timer);
    if (held) this.#tables.timers.set(timerId(timer.subject, timer.name), { ...held, dueAt: until });
    return held !== undefined;
  }

  async remove(timer: DueTimer): Promise<boolean> {
    return this.#held(timer) !== undefined && this.#tables.timers.delete(timerId(timer.subject, timer.name));
  }

  /** The row, if it is still due when it was. */
  #held({ subject, name, dueAt }: DueTimer) {
    const row = this.#tables.timers.get(timerId(subject, name));
    return row?.dueAt === dueAt ? row : undefined;
  }
}

export class MemoryWaits implements WaitStore {
  readonly #tables: Rows;

  constructor(tables: Rows) {
    this.#tables = tables;
  }

  async put(subject: string, wait: Wait, checkAt: string): Promise<void> {
    const name = waitName(wait.step);
    this.#tables.timers.set(timerId(subject, name), { subject, name, dueAt: checkAt, wait: structuredClone(wait) });
  }

  async get(subject: string, step: string): Promise<Wait | undefined> {
    return structuredClone(this.#tables.timers.get(timerId(subject, waitName(step)))?.wait);
  }

  async remove(subject: string, wait: Wait): Promise<void> {
    const id = timerId(subject, waitName(wait.step));
    if (this.#tables.timers.get(id)?.wait?.token === wait.token) this.#tables.timers.delete(id);
  }
}
