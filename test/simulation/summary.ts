import Table from 'cli-table3';
import { FAULTS, type Fault } from './kernel/faults.ts';
import type { RunResult } from './result.ts';

/** What many runs come to. */
export type Summary = {
  readonly seeds: number;
  readonly orders: number;
  readonly days: number;
  readonly events: number;
  /** Every kind of fault there is, with how often it struck. */
  readonly faults: Readonly<Record<Fault, number>>;
  readonly checks: Readonly<Record<string, number>>;
  readonly violations: number;
  /** Kinds of fault that never struck: then nothing was tried of them. */
  readonly neverStruck: readonly Fault[];
  readonly cpuMsPerSeed: number;
};

export class Totals {
  #seeds = 0;
  #orders = 0;
  #days = 0;
  #events = 0;
  #cpuMs = 0;
  #violations = 0;
  readonly #faults = Object.fromEntries(Object.keys(FAULTS).map((fault) => [fault, 0])) as Record<Fault, number>;
  readonly #checks: Record<string, number> = {};

  add({ orders, days, steps, cpuMs, violations, faultCounts, checks }: RunResult): void {
    this.#seeds++;
    this.#orders += orders;
    this.#days += days;
    this.#events += steps;
    this.#cpuMs += cpuMs;
    this.#violations += violations.length;
    for (const [fault, count] of Object.entries(faultCounts)) this.#faults[fault as Fault] += count;
    for (const [invariant, count] of Object.entries(checks)) {
      this.#checks[invariant] = (this.#checks[invariant] ?? 0) + count;
    }
  }

  get summary(): Summary {
    const checks = Object.entries(this.#checks).sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
    return {
      seeds: this.#seeds,
      orders: this.#orders,
      days: Math.round(this.#days),
      events: this.#events,
      faults: { ...this.#faults },
      checks: Object.fromEntries(checks),
      violations: this.#violations,
      neverStruck: (Object.keys(FAULTS) as Fault[]).filter((fault) => this.#faults[fault] === 0),
      cpuMsPerSeed: Math.round(this.#cpuMs / Math.max(1, this.#seeds)),
    };
  }
}

const number = (value: number): string => value.toLocaleString('en-US');

export function summaryText(summary: Summary): string {
  const faults = new Table({ head: ['fault', 'struck', 'fault', 'struck'], style: { head: [], border: [] } });
  const rows = Object.entries(summary.faults);
  const half = Math.ceil(rows.length / 2);
  for (let index = 0; index < half; index++) {
    const [left, right] = [rows[index], rows[index + half]];
    faults.push([left?.[0] ?? '', number(left?.[1] ?? 0), right?.[0] ?? '', right ? number(right[1]) : '']);
  }
  const checks = Object.entries(summary.checks).map(([invariant, count]) => `${invariant} ${number(count)}`);
  return [
    `${number(summary.seeds)} seeds: ${number(summary.orders)} orders over ${number(summary.days)} simulated days, ${number(summary.events)} events`,
    '',
    faults.toString(),
    '',
    `invariants checked: ${checks.join(', ')}`,
    `a seed costs ${number(summary.cpuMsPerSeed)} ms of processor time`,
    `${summary.violations === 0 ? 'no' : number(summary.violations)} violations`,
  ].join('\n');
}
