import type { Engine, EngineName } from './engine.ts';
import { localstack, localstackMode } from './localstack.ts';
import { ministack } from './ministack.ts';

/** One engine, not yet started. */
export function openEngine(name: EngineName): Engine {
  return name === 'localstack' ? localstack() : ministack();
}

/** The engine that the tests take: LocalStack where this machine can run it, else MiniStack; and why. */
export async function chooseEngine(): Promise<{ name: EngineName; why: string }> {
  const answer = await localstackMode();
  if ('mode' in answer) {
    const how = answer.mode === 'host' ? 'as a host process' : 'in its container';
    return { name: 'localstack', why: `LocalStack can run here ${how}` };
  }
  return { name: 'ministack', why: answer.problems.map(({ what }) => what).join('; ') };
}
