import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder, PROJECT_ROOT } from '../../bin/local/cache.ts';
import { descendantsOf } from '../../bin/local/process-tree.ts';

/** The README's first command, as a newcomer runs it: the demo on MiniStack, ended by itself. */
function start(...args: string[]): Promise<{ code: number; text: string; pid: number }> {
  return new Promise((resolve) => {
    const script = path.join(PROJECT_ROOT, 'bin/local/start.ts');
    const child = execFile(process.execPath, [script, ...args], { cwd: PROJECT_ROOT }, (error, stdout, stderr) => {
      const code = error ? Number((error as { code?: unknown }).code ?? 1) : 0;
      resolve({ code, text: stdout + stderr, pid: child.pid ?? 0 });
    });
  });
}

describe('npm start', () => {
  it('plays one order, one return and one payout, ends with 0 and leaves nothing running', async () => {
    const { code, text, pid } = await start('--once');
    expect(text).toContain('All of it came about.');
    expect(code).toBe(0);
    expect(text).toMatch(/ERP: 1 sale, number \d+, 598\.94 USD/);
    expect(text).toMatch(/Shopify: refund \d+ over 199\.64 USD/);
    expect(text).toMatch(/ERP: move \S+ posted, debit 598\.94, credit 598\.94 USD/);
    expect(descendantsOf(pid)).toEqual([]);
    expect(existsSync(path.join(cacheFolder(), 'local-run.json'))).toBe(false);
  }, 240_000);

  it.each([
    [['--engine', 'nebula'], 'nebula'],
    [['--orders', 'many'], 'many'],
    [['--frobnicate'], '--frobnicate'],
  ])('says in one line what is wrong with %j, and ends with 2', async (args, given) => {
    const { code, text } = await start(...args);
    expect(code).toBe(2);
    expect(text).toContain(given);
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(2);
  });
});
