import type { Violation } from './invariants/safety.ts';
import type { Struck } from './kernel/faults.ts';
import type { Worker } from './pool.ts';
import type { RunRequest, RunResult } from './result.ts';
import { shrink } from './shrink.ts';

/** A failing run, and the smallest part of it that fails in the same way. */
export type Failure = {
  readonly seed: number;
  readonly workload: string;
  readonly violation: Violation;
  /** Buyers and faults without which it does not fail. */
  readonly buyers: readonly number[];
  readonly faults: readonly Struck[];
  readonly minimal: boolean;
  readonly runs: number;
  /** What happened in that small run. */
  readonly trace: readonly string[];
  readonly timeline: readonly string[];
};

type Choice = { readonly id: string; readonly buyer: number } | { readonly id: string; readonly struck: Struck };

const MOST_RUNS = 100;
const MOST_LINES = 400;

/** Runs a failing request again and again with less of it, and tells the story of what is left. */
export async function reduce(worker: Worker, result: RunResult, buyers: number): Promise<Failure> {
  const { seed, workload } = result;
  const [violation] = result.violations;
  if (!violation) throw new Error(`seed ${seed} of ${workload} did not fail: there is nothing to make smaller`);
  const choices: Choice[] = [
    ...Array.from({ length: buyers }, (_, buyer): Choice => ({ id: `buyer ${buyer}`, buyer })),
    ...result.struck.map((struck): Choice => ({ id: `${struck.fault}#${struck.occasion}`, struck })),
  ];
  const fails = async (some: readonly Choice[]): Promise<boolean> => {
    const { violations } = await worker.run(requestOf(result, some));
    return violations.some(({ invariant }) => invariant === violation.invariant);
  };
  const { kept, minimal, runs } = await shrink(choices, fails, { most: MOST_RUNS });
  const smallest = requestOf(result, kept);
  const last = await worker.run(smallest, { trace: true });
  return {
    seed,
    workload,
    violation: last.violations.find(({ invariant }) => invariant === violation.invariant) ?? violation,
    buyers: smallest.buyers ?? [],
    faults: smallest.faults ?? [],
    minimal,
    runs,
    trace: (last.trace ?? []).slice(-MOST_LINES),
    timeline: last.timeline ?? [],
  };
}

const requestOf = ({ seed, workload }: RunResult, choices: readonly Choice[]): RunRequest => ({
  seed,
  workload,
  buyers: choices.flatMap((one) => ('buyer' in one ? [one.buyer] : [])),
  faults: choices.flatMap((one) => ('struck' in one ? [one.struck] : [])),
});

export function failureText({
  seed,
  workload,
  violation,
  buyers,
  faults,
  minimal,
  runs,
  trace,
  timeline,
}: Failure): string {
  return [
    `seed ${seed} of ${workload} breaks ${violation.invariant}: ${violation.subject}: ${violation.message}`,
    `${minimal ? 'smallest' : 'smaller'} run that fails so, after ${runs} runs: buyers ${buyers.join(', ') || 'none'}; faults ${faults.map(({ fault, occasion }) => `${fault}#${occasion}`).join(', ') || 'none'}`,
    '',
    ...trace,
    '',
    'what our own books say:',
    ...timeline,
  ].join('\n');
}
