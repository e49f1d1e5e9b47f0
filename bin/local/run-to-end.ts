import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';

export type RunToEnd = {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** Gets everything the command writes. */
  readonly log: string;
  readonly onProgress?: (state: 'running' | 'done', elapsedMs: number) => void;
};

/** Runs a command to its end. Rejects with the last lines of its log when it fails, or ends it when we are asked to end. */
export async function runToEnd({ title, command, args, cwd, env, log, onProgress }: RunToEnd): Promise<void> {
  const began = performance.now();
  onProgress?.('running', 0);
  const ticker = setInterval(() => onProgress?.('running', performance.now() - began), 1000).unref();
  const output = createWriteStream(log);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.pipe(output, { end: false });
      child.stderr.pipe(output, { end: false });
      const end = (): void => void child.kill('SIGTERM');
      process.once('exit', end);
      child.once('error', reject);
      child.once('close', (exitCode) => {
        process.removeListener('exit', end);
        resolve(exitCode);
      });
    });
    await new Promise<void>((resolve) => output.end(resolve));
    if (code !== 0) throw new Error(`${title} failed (exit ${code}); the end of ${log}:\n${lastLines(log, 25)}`);
    onProgress?.('done', performance.now() - began);
  } finally {
    clearInterval(ticker);
  }
}

const lastLines = (file: string, count: number): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
