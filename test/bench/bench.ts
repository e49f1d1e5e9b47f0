import type { Progress } from '../../bin/local/progress.ts';
import type { Town } from '../e2e/support/town.ts';
import type { Spread } from './statistics.ts';

export type Unit = '×' | 'KB' | 'ms' | 'USD' | 'calls' | 'units';

/** One figure. Less is better, always. */
export type Measure = {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** What it should not exceed. */
  readonly target?: number;
  /** The middle half of what the value is the median of. */
  readonly spread?: Spread;
};

export type Report = {
  readonly bench: string;
  /** Those that make up others come right below them, indented by their name. */
  readonly measures: readonly Measure[];
  /** What a reader must know to judge the figures: what was assumed, what was left out. */
  readonly notes: readonly string[];
};

export type BenchContext = {
  readonly progress: Progress;
  /** A whole local world without fault points; opened when it is first asked for, and shared. */
  readonly town: () => Promise<Town>;
};

export type Bench = {
  readonly name: string;
  readonly does: string;
  readonly run: (context: BenchContext) => Promise<Report>;
};

export const met = ({ value, target }: Measure): boolean | undefined =>
  target === undefined ? undefined : value <= target;

/** Does something so many times, one after the other, and tells how far it has come. */
export async function rounds(
  { progress }: Pick<BenchContext, 'progress'>,
  title: string,
  count: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  const tell = (state: 'running' | 'done', done: number) =>
    progress({
      title: `${title} ${done}/${count}`,
      step: 1,
      steps: 1,
      state,
      elapsedMs: performance.now() - began,
    });
  for (let index = 0; index < count; index++) {
    tell('running', index);
    await work(index);
  }
  tell('done', count);
}
