import type { EngineName } from './engines/engine.ts';
import { localstackMode, localstackSteps } from './engines/localstack.ts';
import { ministackSteps } from './engines/ministack.ts';
import { type DatabaseKind, trytonSteps } from './erp/tryton.ts';
import { type Progress, runSteps } from './progress.ts';
import { ANY_PYTHON, pythonProblem } from './python.ts';

export interface PrepareOptions {
  readonly engine?: EngineName;
  /** The ERP's database; both for tests of concurrency. */
  readonly erp?: DatabaseKind | readonly DatabaseKind[];
  readonly onProgress?: Progress;
}

/** Makes ready, in the cache, all that the local run needs. Whatever is ready already costs nothing. */
export async function prepare({ engine, erp = [], onProgress }: PrepareOptions): Promise<void> {
  const engineSteps =
    engine === 'localstack' ? await localstackSteps() : engine === 'ministack' ? ministackSteps() : [];
  await runSteps([...engineSteps, ...[erp].flat().flatMap(trytonSteps)], onProgress);
}

/** What the machine lacks for this engine (and for the ERP, which every local run has), each with its fix. */
export async function missing({ engine }: { engine: EngineName }): Promise<{ what: string; fix: string }[]> {
  const python = await pythonProblem(ANY_PYTHON);
  const base = python ? [python] : [];
  if (engine === 'ministack') return base;
  const answer = await localstackMode();
  return 'mode' in answer ? base : [...base, ...answer.problems];
}
