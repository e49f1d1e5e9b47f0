import { RunBroken, Worker } from '../pool.ts';
import type { RunRequest } from '../result.ts';
import { WORKLOADS } from '../retailer/workloads.ts';
import type { Mutant } from './mutants.ts';

/** How a mutant fared: which seed killed it, by which invariant, and after how many events of how many runs. */
export type Kill = {
  readonly mutant: Mutant;
  readonly killed?: {
    readonly invariant: string;
    readonly message: string;
    readonly seed: number;
    readonly workload: string;
    /** Events of that run. */
    readonly steps: number;
  };
  /** Seeds tried, the killing one included. */
  readonly seeds: number;
};

/** Seeds in the order in which mutants meet them: every workload in turn, or one. */
export function* seedsFrom(start: number, count: number, only?: string): Generator<RunRequest> {
  for (let index = 0; index < count; index++) {
    const workload = only ?? WORKLOADS[(start + index) % WORKLOADS.length]?.name ?? '';
    yield { seed: start + index, workload };
  }
}

export type Hunt = { readonly most: number; readonly from?: number; readonly workload?: string | undefined };

/** Runs seeds with the guard taken out, `from` that one on, until an invariant breaks; `most` at most. */
export async function hunt(mutant: Mutant, { most, from = 1, workload = mutant.workload }: Hunt): Promise<Kill> {
  const worker = new Worker(mutant.name);
  let seeds = 0;
  try {
    await worker.ready;
    for (const request of seedsFrom(from, most, workload)) {
      seeds++;
      const { violations, steps } = await worker.run(request);
      const [first] = violations;
      if (!first) continue;
      // Several break at once when a guard is gone; the one that it stands for is the one to name.
      const { invariant, message } = violations.find((one) => one.invariant === mutant.invariant) ?? first;
      return { mutant, killed: { invariant, message, steps, seed: request.seed, workload: request.workload }, seeds };
    }
    return { mutant, seeds };
  } catch (error) {
    // A run that never comes to rest has been killed; any other trouble is the simulator's own, and proves nothing.
    if (!(error instanceof RunBroken) || !error.message.includes('does not come to rest')) throw error;
    const request = [...seedsFrom(from, most, workload)][seeds - 1];
    const [message = ''] = error.message.split('\n');
    return {
      mutant,
      killed: { invariant: 'I20', message, seed: request?.seed ?? 0, workload: request?.workload ?? '', steps: 0 },
      seeds,
    };
  } finally {
    worker.end();
  }
}
