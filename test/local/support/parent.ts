// A process that starts another through startProcess, says which processes there are now, and does nothing more.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from '../../../bin/local/process.ts';
import { descendantsOf } from '../../../bin/local/process-tree.ts';

const folder = process.argv[2] ?? '.';
// The child starts one process in its own group and one that leaves it for a session of its own, and ignores SIGTERM.
const CHILD = `
  process.on('SIGTERM', () => {});
  const { spawn } = require('node:child_process');
  spawn('sleep', ['1000']);
  spawn('sleep', ['1000'], { detached: true });
  setInterval(() => {}, 1000);
`;
const child = await startProcess({
  name: 'stubborn',
  command: process.execPath,
  args: ['-e', CHILD],
  env: { PATH: process.env.PATH ?? '' },
  cwd: folder,
  logFile: path.join(folder, 'child.log'),
});
while (descendantsOf(child.pid).length < 2) await sleep(50);
const watchdog = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  .stdout.split('\n')
  .filter((line) => line.includes('crossdock-watchdog') && line.trim().split(/\s+/)[1] === String(process.pid))
  .map((line) => Number(line.trim().split(/\s+/)[0]));
console.log(JSON.stringify({ pids: [child.pid, ...descendantsOf(child.pid)], watchdog }));
setInterval(() => {}, 1000);
