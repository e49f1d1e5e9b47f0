import { takeOverGlobals } from './link/globals.ts';
import type { RunRequest, RunResult } from './result.ts';

/**
 * A process that runs seeds, one after another, as it is told by its parent. Linked to the simulated world by
 * link/register.ts, which must be preloaded.
 */
export type ToWorker = { readonly id: number; readonly request: RunRequest; readonly trace: boolean };
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly result: RunResult }
  | { readonly kind: 'broken'; readonly id: number; readonly error: string };

takeOverGlobals();
const { runSeed } = await import('./run.ts');

const say = (message: FromWorker): void => void process.send?.(message);

process.on('message', async ({ id, request, trace }: ToWorker) => {
  try {
    say({ kind: 'done', id, result: await runSeed(request, { trace }) });
  } catch (error) {
    say({ kind: 'broken', id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
say({ kind: 'ready' });
