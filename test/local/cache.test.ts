import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, hashOf, PROJECT_ROOT, prepareOnce, withLock } from '../../bin/local/cache.ts';

let folder: string;
const before = process.env.CROSSDOCK_CACHE;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'crossdock-cache-'));
  process.env.CROSSDOCK_CACHE = folder;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.CROSSDOCK_CACHE;
  else process.env.CROSSDOCK_CACHE = before;
});

const fill = (text: string) => async (target: string) => writeFileSync(path.join(target, 'content'), text);

describe('cache folder', () => {
  it('is .cache in the project unless CROSSDOCK_CACHE says otherwise', () => {
    expect(cacheFolder()).toBe(folder);
    delete process.env.CROSSDOCK_CACHE;
    expect(cacheFolder()).toBe(path.join(PROJECT_ROOT, '.cache'));
  });
});

describe('prepareOnce', () => {
  it('builds once for the same inputs', async () => {
    const first = await prepareOnce('thing', [{ text: 'a' }], fill('one'));
    const second = await prepareOnce('thing', [{ text: 'a' }], fill('two'));
    expect(first.cached).toBe(false);
    expect(second).toEqual({ folder: first.folder, cached: true });
    expect(readFileSync(path.join(first.folder, 'content'), 'utf8')).toBe('one');
  });

  it('builds anew when an input file changes', async () => {
    const input = path.join(folder, 'requirements.txt');
    writeFileSync(input, 'a==1');
    const first = await prepareOnce('thing', [{ path: input }], fill('one'));
    writeFileSync(input, 'a==2');
    const second = await prepareOnce('thing', [{ path: input }], fill('two'));
    expect(second.cached).toBe(false);
    expect(second.folder).not.toBe(first.folder);
  });

  it('leaves nothing in place when the build fails, and builds at the next call', async () => {
    const fails = prepareOnce('thing', [], async (target) => {
      writeFileSync(path.join(target, 'half'), '');
      throw new Error('no network');
    });
    await expect(fails).rejects.toThrow('no network');
    expect(readdirSync(folder).filter((entry) => entry.startsWith('thing'))).toEqual([]);
    expect((await prepareOnce('thing', [], fill('whole'))).cached).toBe(false);
  });

  it('sweeps away what a killed build has left half made', async () => {
    const left = path.join(folder, `thing-${hashOf([])}.unfinished-1-abc`);
    mkdirSync(left);
    const { folder: made, cached } = await prepareOnce('thing', [], fill('whole'));
    expect(cached).toBe(false);
    expect(existsSync(left)).toBe(false);
    expect(readdirSync(made)).toEqual(['content']);
  });

  it('lets two callers at once build only once', async () => {
    let builds = 0;
    const build = async () => {
      builds += 1;
      await sleep(50);
    };
    const results = await Promise.all([prepareOnce('thing', [], build), prepareOnce('thing', [], build)]);
    expect(builds).toBe(1);
    expect(results.map(({ cached }) => cached).sort()).toEqual([false, true]);
  });
});

describe('hashOf', () => {
  it('tells texts and files apart, by their content and name alone', () => {
    const one = path.join(folder, 'one');
    const two = path.join(folder, 'two');
    for (const parent of [one, two]) {
      mkdirSync(path.join(parent, 'scripts'), { recursive: true });
      writeFileSync(path.join(parent, 'scripts', 'a.py'), 'x');
    }
    const inputOf = (parent: string) => [{ path: path.join(parent, 'scripts') }];
    expect(hashOf(inputOf(one))).toBe(hashOf(inputOf(two)));
    mkdirSync(path.join(two, 'scripts', '__pycache__'));
    writeFileSync(path.join(two, 'scripts', '__pycache__', 'a.pyc'), 'compiled');
    expect(hashOf(inputOf(one))).toBe(hashOf(inputOf(two)));
    writeFileSync(path.join(two, 'scripts', 'b.py'), 'y');
    expect(hashOf(inputOf(one))).not.toBe(hashOf(inputOf(two)));
    expect(hashOf([{ text: 'ab' }, { text: 'c' }])).not.toBe(hashOf([{ text: 'a' }, { text: 'bc' }]));
  });
});

describe('withLock', () => {
  it('lets one at a time work', async () => {
    const order: string[] = [];
    const work = (name: string) => () =>
      (async () => {
        order.push(`${name} begins`);
        await sleep(30);
        order.push(`${name} ends`);
      })();
    await Promise.all([withLock('x', work('a')), withLock('x', work('b'))]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('is free again when the work throws', async () => {
    const throwing = withLock('x', async () => {
      throw new Error('no');
    });
    await expect(throwing).rejects.toThrow('no');
    await expect(withLock('x', async () => 'worked')).resolves.toBe('worked');
  });

  it('takes over from a holder that has died', async () => {
    const dead = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    holdWith(`${hostname()} ${dead} 4711 aa`);
    await expect(withLock('x', async () => 'worked')).resolves.toBe('worked');
  });

  it('takes over from a holder whose process id another process has now', async () => {
    holdWith(`${hostname()} ${process.pid} 1 aa`);
    await expect(withLock('x', async () => 'worked')).resolves.toBe('worked');
  });

  it('waits for a holder on another machine', async () => {
    const file = holdWith('elsewhere 1 1 aa');
    let worked = false;
    const waiting = withLock('x', async () => {
      worked = true;
    });
    await sleep(300);
    expect(worked).toBe(false);
    rmSync(file);
    await waiting;
    expect(worked).toBe(true);
  });

  function holdWith(content: string): string {
    const file = path.join(folder, 'locks', 'x.lock');
    mkdirSync(path.dirname(file));
    writeFileSync(file, content);
    return file;
  }
});
