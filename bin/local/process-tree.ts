import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of all processes that the given one has started, directly or not, in whatever group or session they are. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of allProcesses()) children.set(parent, [...(children.get(parent) ?? []), child]);
  const found: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const direct = children.get(next) ?? [];
    found.push(...direct);
    open.push(...direct);
  }
  return found;
}

/** Pairs of process id and parent's id. Small Linux images have no `ps`, but all have /proc. */
function allProcesses(): [number, number][] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map((pid) => [Number(pid), linuxParent(pid)]);
  }
  const lines = execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
}

function linuxParent(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets, may itself hold blanks and brackets.
    return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
  } catch {
    return 0; // ended meanwhile
  }
}

/** Sends a signal to a whole process group; a group that is gone is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  signalAll([-leader], signal);
}

/** Sends a signal to each process; one that is gone is no error. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
