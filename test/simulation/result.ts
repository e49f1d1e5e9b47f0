import type { Violation } from './invariants/safety.ts';
import type { Fault, Struck } from './kernel/faults.ts';

/** One run, asked for: the same request gives the same run, byte for byte. */
export type RunRequest = {
  readonly seed: number;
  readonly workload: string;
  /** Buyers that take part, by number; all when left out. How a failing run is made smaller. */
  readonly buyers?: readonly number[];
  /** Strike just these faults. */
  readonly faults?: readonly Struck[];
};

export type RunResult = {
  readonly seed: number;
  readonly workload: string;
  readonly orders: number;
  /** Virtual time that went by, in days. */
  readonly days: number;
  readonly steps: number;
  readonly struck: readonly Struck[];
  readonly faultCounts: Readonly<Partial<Record<Fault, number>>>;
  /** How often each invariant was checked. */
  readonly checks: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  /** SHA-256 over everything that all stores and partners hold at the end: two runs of one request agree in it. */
  readonly digest: string;
  /** Processor time, milliseconds. Says nothing of the run itself. */
  readonly cpuMs: number;
  /** What happened, a line each, when it was asked for. */
  readonly trace?: readonly string[];
  /** The story of what the first violation is about. */
  readonly timeline?: readonly string[];
};
