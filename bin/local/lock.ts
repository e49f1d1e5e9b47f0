import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time between two looks at a lock that somebody else holds. */
const POLL_MS = 200;

/**
 * Runs `work` while holding a lock file. Waits for a holder that lives; takes over from one that has died, which is
 * seen from its process id together with that process's start time (ids are re-used).
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const own = `${hostname()} ${process.pid} ${startTime(process.pid)} ${randomBytes(4).toString('hex')}`;
  while (!tryTake(file, own)) await sleep(POLL_MS);
  try {
    return await work();
  } finally {
    if (read(file) === own) rmSync(file, { force: true });
  }
}

function tryTake(file: string, own: string): boolean {
  // Written aside and linked into place: a lock file is never seen half written.
  const draft = `${file}.${process.pid}.${randomBytes(3).toString('hex')}`;
  writeFileSync(draft, own);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = read(file);
    if (holder !== undefined && !holderLives(holder)) takeAway(file, holder);
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a dead holder's lock, unless another waiter has been quicker and the file is somebody else's by now. */
function takeAway(file: string, deadHolder: string): void {
  const aside = `${file}.dead.${process.pid}.${randomBytes(3).toString('hex')}`;
  try {
    renameSync(file, aside);
    if (read(aside) !== deadHolder) linkSync(aside, file);
  } catch {
    // gone already, or taken again: the next look tells
  } finally {
    rmSync(aside, { force: true });
  }
}

function holderLives(holder: string): boolean {
  const [host, pid, started] = holder.split(' ');
  // A holder on another machine or in another container can not be looked at: believe that it lives.
  if (host !== hostname()) return true;
  return startTime(Number(pid)) === started;
}

/** When a process began, as one word that no later process with the same id has; empty when there is none. */
function startTime(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '';
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .replaceAll(/\s+/g, '_');
  } catch {
    return '';
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
