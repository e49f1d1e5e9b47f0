import path from 'node:path';
import { ANY_PYTHON, pythonEnvironment } from '../python.ts';

/** Where a Tryton keeps its data. */
export type DatabaseKind = 'sqlite' | 'postgresql';

/** A Python with Tryton and the modules of the seed; for PostgreSQL also its server and client library. */
export async function trytonEnvironment(
  kind: DatabaseKind,
): Promise<{ python: string; scripts: string; cached: boolean }> {
  const environment =
    kind === 'sqlite'
      ? await pythonEnvironment('tryton', ['tryton'], ANY_PYTHON)
      : await pythonEnvironment('tryton-postgresql', ['tryton', 'postgresql'], ANY_PYTHON);
  return { ...environment, scripts: path.dirname(environment.python) };
}
