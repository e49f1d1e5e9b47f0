import type { ReturnState } from '#core/returns/state.ts';
import type { Wait } from '../ports/store.ts';
import type { WorkflowPorts } from './ports.ts';
import { standingOf, type WaitStep } from './wait-steps.ts';

export type Resumed = 'resumed' | 'ended' | 'waiting';

/**
 * Lets a waiting step go on if what it waits for has come about, or ends it with the return. The wait is taken away only
 * after the engine was told, so a crash in between tells it twice, and a token is answered once.
 */
export async function resumeWait(
  { store, waits, engine }: Pick<WorkflowPorts, 'store' | 'waits' | 'engine'>,
  returnKey: string,
  step: WaitStep,
  wait: Wait,
): Promise<Resumed> {
  const stored = await store.load<ReturnState>(returnKey);
  const standing = standingOf(step, stored?.state ?? { status: 'none' });
  switch (standing.kind) {
    case 'waiting':
      return 'waiting';
    case 'done':
      await engine.succeed(wait.token, { step });
      await waits.remove(returnKey, wait);
      return 'resumed';
    case 'ended':
      await engine.fail(wait.token, standing.error, standing.cause);
      await waits.remove(returnKey, wait);
      return 'ended';
  }
}
