import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../functions/topology.ts';
import { bundleEntry } from '../support/handler-bundles.ts';
import { MUTANTS } from './mutants/catalogue.ts';
import { recordedKills } from './mutants/kills.ts';
import { mutate } from './mutants/mutants.ts';

const run = promisify(execFile);
const mutants = (...args: string[]) =>
  run(process.execPath, ['--no-warnings', 'test/simulation/mutants/main.ts', ...args], { maxBuffer: 64 * 1024 * 1024 });

/** One of each layer, and all that were bugs once: those must never come back. The others run with `npm run mutants`. */
const QUICK = [
  'answer-before-storing',
  'signature-ignored',
  'inbox-outside-the-transaction',
  'stale-version-accepted',
  'new-key-on-retry',
  'key-of-the-attempt',
  'own-refund-counted-as-the-channels',
  'operations-swept-never',
  'four-eyes-skipped',
  'posted-again-instead-of-adjusted',
  ...MUTANTS.filter(({ foundBy }) => foundBy !== undefined).map(({ name }) => name),
];

describe('mutants', () => {
  it('are at least 25, each with a name and an invariant of its own', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.filter(({ invariant }) => !/^I\d+$/.test(invariant))).toEqual([]);
  });

  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    '%s finds the guards that it takes out',
    (_name, mutant) => {
      for (const file of new Set(mutant.edits.map((edit) => edit.file))) {
        expect(mutate(readFileSync(file, 'utf8'), file, mutant)).not.toBe(readFileSync(file, 'utf8'));
      }
    },
  );

  it('each have a recorded kill', () => {
    expect(Object.keys(recordedKills()).sort()).toEqual(MUTANTS.map(({ name }) => name).sort());
  });

  it('die on the seeds that killed them', { timeout: 600_000 }, async () => {
    const { stdout } = await mutants('--quick', '--json', ...QUICK.flatMap((name) => ['--only', name]));
    const kills = JSON.parse(stdout) as { mutant: { name: string }; killed?: object }[];
    expect(kills.filter(({ killed }) => !killed).map(({ mutant }) => mutant.name)).toEqual([]);
    expect(kills).toHaveLength(QUICK.length);
  });

  it.each([
    [['--only', 'nobody'], /there is no such mutant/],
    [['--seeds', 'many'], /give a whole number/],
  ])('say in one line what is wrong with %j, and end with 2', async (args, complaint) => {
    const failed = await mutants(...args).then(
      () => undefined,
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed?.code).toBe(2);
    expect(failed?.stderr.trim()).toMatch(complaint);
  });

  it('are in no bundle, nor is anything else of the simulator', async () => {
    const texts = MUTANTS.flatMap(({ edits }) => edits.map(({ replace }) => replace.trim())).filter(
      (text) => text.length > 60 && !text.includes('\n'),
    );
    for (const { entry } of FUNCTIONS) {
      const { text: bundle, files } = await bundleEntry(entry);
      expect(bundle).not.toContain('CROSSDOCK_MUTANT');
      expect(files.filter((file) => file.startsWith('test/'))).toEqual([]);
      expect(texts.filter((text) => bundle.includes(text))).toEqual([]);
    }
    const shipped = globSync('{functions,events,lib}/**/*.ts');
    expect(shipped.filter((file) => readFileSync(file, 'utf8').includes('test/simulation'))).toEqual([]);
  });
});
