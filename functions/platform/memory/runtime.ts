import type { Clock, Faults, IdSource, Log, LogFields, Metrics } from '#application/ports/runtime.ts';

/** A clock that stands still until it is moved. */
export class MemoryClock implements Clock {
  #now: number;

  constructor(start = '2026-11-20T10:00:00.000Z') {
    this.#now = Date.parse(start);
  }

  now(): string {
    return new Date(this.#now).toISOString();
  }

  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

/** id-1, id-2, … */
export class MemoryIds implements IdSource {
  #last = 0;

  next(): string {
    this.#last += 1;
    return `id-${this.#last}`;
  }
}

export type LogLine = {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
};

export class MemoryLog implements Log {
  readonly lines: LogLine[] = [];

  info(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  error(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', message, fields });
  }
}

export class MemoryMetrics implements Metrics {
  readonly counts: { name: string; value: number; dimensions: Readonly<Record<string, string>> }[] = [];

  count(name: string, value: number, dimensions: Readonly<Record<string, string>> = {}): void {
    this.counts.push({ name, value, dimensions });
  }
}

/** Nothing ever happens at any point. */
export const noFaults: Faults = { at: async () => undefined };
