import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SCRIPT = new URL('./watchdog.sh', import.meta.url);
let watchdog: ChildProcess | undefined;

/**
 * Has a process (the leader of its own group) ended when we are gone, by any means.
 *
 * @returns call it when the process has ended
 */
export function watch(pid: number): () => void {
  return tell(`add ${pid}`, `remove ${pid}`);
}

/** The same for a container of the engine whose command line program is `engine`. */
export function watchContainer(engine: string, name: string): () => void {
  return tell(`container ${engine} ${name}`, `uncontainer ${engine} ${name}`);
}

function tell(now: string, later: string): () => void {
  watchdog ??= start();
  const pipe = watchdog.stdin;
  pipe?.write(`${now}\n`);
  return () => pipe?.write(`${later}\n`);
}

function start(): ChildProcess {
  // Detached: a Ctrl-C at the terminal reaches our group, and must not reach the one who cleans up after us.
  // Handed over as text: a shell reads a script file bit by bit, and would stumble when an update replaces it meanwhile.
  const child = spawn('/bin/sh', ['-c', readFileSync(SCRIPT, 'utf8'), 'crossdock-watchdog'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', (error) => {
    throw new Error(`The watchdog could not be started: ${error.message}`);
  });
  child.stdin?.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return child;
}
