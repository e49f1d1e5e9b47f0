import { ENGINE_NAMES, type EngineName } from '../../bin/local/engines/engine.ts';
import { chooseEngine } from '../../bin/local/engines/index.ts';

/**
 * The engine to test on, and why: LocalStack where this machine can run it, else MiniStack. `CROSSDOCK_E2E_ENGINE` insists on
 * one; CI insists on LocalStack.
 */
export async function engineForTests(): Promise<{ readonly name: EngineName; readonly why: string }> {
  const wanted = process.env.CROSSDOCK_E2E_ENGINE;
  if (!wanted) return chooseEngine();
  const name = ENGINE_NAMES.find((one) => one === wanted);
  if (name) return { name, why: 'CROSSDOCK_E2E_ENGINE asks for it' };
  throw new Error(`CROSSDOCK_E2E_ENGINE is "${wanted}": name one of ${ENGINE_NAMES.join(', ')}`);
}
