import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { descendantsOf } from '../../../bin/local/process-tree.ts';

/** Addresses beyond loopback on which any process that we have started listens (TCP), as `address:port`. */
export function listenersBeyondLoopback(): string[] {
  return listeners().filter((address) => !/^(127\.0\.0\.1|\[?::1\]?|localhost):/.test(address));
}

/** Every address on which any process that we have started listens. */
export function listeners(): string[] {
  const pids = descendantsOf(process.pid);
  return process.platform === 'linux' ? linuxListeners(pids) : lsofListeners(pids);
}

/** From /proc: the machine need not have `ss`. State 0A is LISTEN; addresses are little-endian hexadecimal. */
function linuxListeners(pids: readonly number[]): string[] {
  const ours = new Set(pids.flatMap(socketsOf));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && ours.has(fields[9] ?? ''))
      .map((fields) => readable(fields[1] ?? '')),
  );
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode ? [inode] : [];
    });
  } catch {
    return []; // ended meanwhile
  }
}

function readable(hexadecimal: string): string {
  const [address = '', port = ''] = hexadecimal.split(':');
  const known: Record<string, string> = {
    '0100007F': '127.0.0.1',
    '0000000000000000FFFF00000100007F': '127.0.0.1', // the same, on a socket for both families
    '00000000000000000000000001000000': '::1',
  };
  return `${known[address] ?? address}:${Number.parseInt(port, 16)}`;
}

function lsofListeners(pids: readonly number[]): string[] {
  const out = execFileSync('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-a', '-p', pids.join(','), '-Fn'], {
    encoding: 'utf8',
  });
  return [...out.matchAll(/^n(.+)$/gm)].map(([, address]) => address ?? '');
}
