import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./watchdog.sh', import.meta.url));
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
  const child = spawn('/bin/sh', [SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.on('error', (error) => {
    throw new Error(`The watchdog could not be started: ${error.message}`);
  });
  child.stdin?.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return child;
}
