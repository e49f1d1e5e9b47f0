import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import type { Progress, ProgressEvent } from './progress.ts';

/** Tells progress on a terminal in one line a step, rewritten while it runs; elsewhere a line when a step has ended. */
export function consoleProgress(out: WriteStream | NodeJS.WriteStream): Progress {
  const live = out.isTTY === true;
  return (event) => {
    if (event.state === 'running' && !live) return;
    const line = render(event);
    out.write(live ? `\r\x1b[K${line}${event.state === 'running' ? '' : '\n'}` : `${line}\n`);
  };
}

function render({ title, state, elapsedMs }: ProgressEvent): string {
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`;
  if (state === 'running') return `  … ${title} ${styleText('dim', seconds)}`;
  if (state === 'cached') return `  ✓ ${title} ${styleText('dim', 'ready from an earlier run')}`;
  return `  ✓ ${title} ${styleText('dim', seconds)}`;
}
