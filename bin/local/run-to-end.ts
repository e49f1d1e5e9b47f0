import { lastLines, startProcess } from './process.ts';

export type RunToEnd = {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gets everything the command writes. */
  readonly log: string;
  readonly onProgress?: (state: 'running' | 'done', elapsedMs: number) => void;
};

/** Runs a command to its end. Rejects with the last lines of its log when it fails; it ends when we do. */
export async function runToEnd({ title, command, args, cwd, env, log, onProgress }: RunToEnd): Promise<void> {
  const began = performance.now();
  onProgress?.('running', 0);
  // Also keeps us alive: a supervised process does not.
  const ticker = setInterval(() => onProgress?.('running', performance.now() - began), 1000);
  try {
    const child = await startProcess({ name: title, command, args, env, cwd, logFile: log });
    const code = await child.exited;
    if (code !== 0) throw new Error(`${title} failed (${code}); the end of ${log}:\n${lastLines(log)}`);
    onProgress?.('done', performance.now() - began);
  } finally {
    clearInterval(ticker);
  }
}
