import type { TestProject } from 'vitest/node';
import type { EngineName } from '../../../bin/local/engines/engine.ts';
import { openEngine } from '../../../bin/local/engines/index.ts';
import { engineForTests } from '../../support/engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the AWS halves of the ports find their AWS; given to the project `ports` alone. */
    engineEndpoint: string;
    engineName: EngineName;
  }
}

/** One engine for all files of the project `ports`. */
export default async function start({ provide }: TestProject): Promise<() => Promise<void>> {
  const { name, why } = await engineForTests();
  console.log(`ports on ${name}: ${why}`);
  const engine = openEngine(name);
  await engine.start();
  provide('engineEndpoint', engine.endpoint);
  provide('engineName', name);
  return () => engine.stop();
}
