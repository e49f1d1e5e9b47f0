import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, type ProcessOptions, startProcess } from '../../bin/local/process.ts';
import { descendantsOf } from '../../bin/local/process-tree.ts';
import { lives, until } from './support/processes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'crossdock-process-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = (source: string, more: Partial<ProcessOptions> = {}): ProcessOptions => ({
  name: 'child',
  command: process.execPath,
  args: ['-e', source],
  env: { PATH: process.env.PATH ?? '' },
  cwd: folder,
  logFile: path.join(folder, 'child.log'),
  ...more,
});

describe('startProcess', () => {
  it('hands on the given environment and nothing else', async () => {
    process.env.CROSSDOCK_TEST_LEAK = 'leaked';
    const child = await startProcess(
      script('console.log(Object.keys(process.env).join())', { env: { PATH: '/bin', A: '1' } }),
    );
    delete process.env.CROSSDOCK_TEST_LEAK;
    expect(await child.exited).toBe(0);
    const names = readFileSync(child.logFile, 'utf8').trim().split(',');
    // The shell that starts it may add its own two.
    expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)).sort()).toEqual(['A', 'PATH']);
  });

  it('resolves when the process is ready', async () => {
    const port = await freePort();
    const source = `setTimeout(() => require('http').createServer((_, r) => r.end()).listen(${port}, '127.0.0.1'), 300)`;
    const child = await startProcess(
      script(source, { ready: async () => (await fetch(`http://127.0.0.1:${port}`)).ok }),
    );
    expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
    await child.stop();
    expect(child.running).toBe(false);
  });

  it('rejects with the last lines of the log when it ends before it is ready', async () => {
    const started = startProcess(script('console.error("port in use"); process.exit(3)', { ready: async () => false }));
    await expect(started).rejects.toThrow(/child ended before it was ready \(3\)[\s\S]*port in use/);
  });

  it('rejects and ends the process when it is not ready in time', async () => {
    const source = 'console.log(process.pid); setInterval(() => {}, 1000)';
    const started = startProcess(script(source, { ready: async () => false, readyTimeoutMs: 700 }));
    await expect(started).rejects.toThrow(/child was not ready after 1 s/);
    expect(lives(Number(readFileSync(path.join(folder, 'child.log'), 'utf8')))).toBe(false);
  });

  it('tells of a program that does not exist', async () => {
    const started = startProcess(script('', { command: '/no/such/program', ready: async () => false }));
    await expect(started).rejects.toThrow(/\/no\/such\/program/);
  });
});

describe('stop', () => {
  it('lets a process end by itself', async () => {
    const source = 'process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000)';
    const child = await startProcess(script(source));
    await until('it is up', () => readFileSync(child.logFile, 'utf8').includes('up'));
    await child.stop();
    expect(await child.exited).toBe(7);
    await child.stop();
  });

  it('kills one that does not end, with all that it has started, in whatever session', async () => {
    const source = `
      process.on('SIGTERM', () => {});
      require('node:child_process').spawn('sleep', ['1000'], { detached: true });
      setInterval(() => {}, 1000);`;
    const child = await startProcess(script(source));
    await until('it has started its own', () => descendantsOf(child.pid).length === 1);
    const pids = [child.pid, ...descendantsOf(child.pid)];
    await child.stop(300);
    await until('all are gone', () => !pids.some(lives));
    expect(await child.exited).toBe('SIGKILL');
  });

  it('takes what a process that ended by itself has left in its group', async () => {
    const source = `
      const left = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'ignore' });
      console.log(left.pid);
      left.unref();`;
    const child = await startProcess(script(source));
    await child.exited;
    const left = Number(readFileSync(child.logFile, 'utf8'));
    await until('the left one is gone', () => !lives(left));
  });
});

describe('when we die', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'by %s, everything we have started dies',
    async (signal) => {
      const parent = spawn(process.execPath, [path.join(import.meta.dirname, 'support', 'parent.ts'), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const { pids, watchdog } = JSON.parse(said.toString()) as { pids: number[]; watchdog: number[] };
      expect(pids).toHaveLength(3);
      expect(watchdog).toHaveLength(1);
      expect([...pids, ...watchdog].every(lives)).toBe(true);
      parent.kill(signal);
      await until('all are gone', () => ![...pids, ...watchdog].some(lives));
    },
    30_000,
  );
});

describe('freePort', () => {
  it('answers ports that can be listened on', async () => {
    const port = await freePort();
    expect(port).toBeGreaterThan(1023);
    const child = await startProcess(
      script(`require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`),
    );
    await until('it listens', () => readFileSync(child.logFile, 'utf8').includes('up'));
    await child.stop();
  });
});
