import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, signalAll, signalGroup } from './process-tree.ts';
import { watch } from './watchdog.ts';

export interface ProcessOptions {
  /** Short name for messages and the log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process: nothing of our own is handed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  /** Run as another user; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Asked again and again until it answers true; a throw means not yet. */
  readonly ready?: () => Promise<boolean>;
  /** Default 60 seconds. */
  readonly readyTimeoutMs?: number;
}

/** A running child process, the leader of its own process group. */
export interface Supervised {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly running: boolean;
  /** Resolves when the process has ended, with its exit code or the name of the signal. */
  readonly exited: Promise<number | string>;
  /** SIGTERM, then SIGKILL after `graceMs` (default 10 s) for it and everything it has started. */
  stop(graceMs?: number): Promise<void>;
  /** SIGKILL at once: a crash. */
  kill(): Promise<void>;
}

const DEFAULT_READY_MS = 60_000;
const DEFAULT_GRACE_MS = 10_000;
const LOG_LINES_SHOWN = 15;
const supervised = new Set<Supervised>();

/**
 * Starts a process and waits until it is ready. It dies with us, however we end (see watchdog.sh), and does not keep
 * our event loop alive.
 *
 * @throws Error with the last lines of its log when it ends early or is not ready in time; it is stopped then.
 */
export async function startProcess(options: ProcessOptions): Promise<Supervised> {
  mkdirSync(path.dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  // The shell waits for one line before it becomes the program: were we killed before the watchdog knows the process,
  // the line never comes and the shell ends.
  const child = spawn(
    '/bin/sh',
    ['-c', 'read -r go && exec "$@" < /dev/null', 'sh', options.command, ...options.args],
    {
      env: { ...options.env },
      cwd: options.cwd,
      stdio: ['pipe', log, log],
      detached: true,
      ...options.user,
    },
  );
  closeSync(log);
  const exited = exitOf(child);
  if (child.pid === undefined) throw new Error(`${options.name} did not start: ${await exited}`);
  const unwatch = watch(child.pid);
  child.stdin?.on('error', () => {});
  child.stdin?.end('go\n');
  child.unref();
  const handle = supervise(child, child.pid, options, exited, unwatch);
  await untilReady(handle, options).catch(async (error) => {
    await handle.stop(2_000);
    throw error;
  });
  return handle;
}

/** Stops everything that this process has started and that still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...supervised].map((one) => one.stop()));
}

/** A TCP port on the loopback address that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The last lines of a log file, for an error message; empty when there is none. */
export function lastLines(file: string, count: number = LOG_LINES_SHOWN): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

function supervise(
  child: ChildProcess,
  pid: number,
  options: ProcessOptions,
  exited: Promise<number | string>,
  unwatch: () => void,
): Supervised {
  let running = true;
  const end = async (signal: 'SIGTERM' | 'SIGKILL', graceMs: number) => {
    if (!running) return;
    child.ref();
    const started = descendantsOf(pid);
    signalGroup(pid, signal);
    await endsWithin(exited, graceMs);
    if (running) signalGroup(pid, 'SIGKILL');
    signalAll(started, 'SIGKILL');
    await exited;
  };
  const handle: Supervised = {
    name: options.name,
    pid,
    logFile: options.logFile,
    exited,
    get running() {
      return running;
    },
    stop: (graceMs = DEFAULT_GRACE_MS) => end('SIGTERM', graceMs),
    kill: () => end('SIGKILL', 0),
  };
  supervised.add(handle);
  child.on('exit', () => {
    running = false;
    // What it has left behind in its group goes with it, also when it ended by itself.
    signalGroup(pid, 'SIGKILL');
    supervised.delete(handle);
    unwatch();
  });
  return handle;
}

async function untilReady(handle: Supervised, options: ProcessOptions): Promise<void> {
  const { ready, readyTimeoutMs = DEFAULT_READY_MS } = options;
  if (!ready) return;
  const deadline = Date.now() + readyTimeoutMs;
  while (!(await ready().catch(() => false))) {
    if (!handle.running) {
      throw failure(handle, `ended before it was ready (${await handle.exited})`);
    }
    if (Date.now() > deadline) throw failure(handle, `was not ready after ${Math.round(readyTimeoutMs / 1000)} s`);
    await sleep(100);
  }
}

function failure(handle: Supervised, what: string): Error {
  const lines = lastLines(handle.logFile);
  const log = lines ? `\nLast lines of ${handle.logFile}:\n${lines}` : `\nIts log ${handle.logFile} is empty.`;
  return new Error(`${handle.name} ${what}.${log}`);
}

function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

async function endsWithin(exited: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([exited, sleep(ms, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}
