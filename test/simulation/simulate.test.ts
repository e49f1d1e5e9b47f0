import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { WORKLOADS, workloadNamed, workloadOf } from './retailer/workloads.ts';
import type { Summary } from './summary.ts';

const run = promisify(execFile);

/** The command as people call it: its exit code and what it says. */
async function simulate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, ['--no-warnings', 'test/simulation/main.ts', ...args], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

/** Seeds that once broke an invariant, with what they found; each of them must stay whole. */
const REGRESSIONS: readonly (readonly [seed: number, workload: string, what: string])[] = [
  [1, 'quiet-day', 'a second shipment under one tracking number was taken for the first one'],
  [3, 'operator-chaos', 'a return left without a case by an outage while it was escalated'],
  [4, 'quiet-day', 'a cancellation of the second and millisecond of another change was ignored'],
  [104, 'operator-chaos', 'an outage used up receives of an operation, and deaths the rest'],
  [566, 'operator-chaos', 'an outage used up receives of a webhook, and deaths of its batch the rest'],
  [923, 'operator-chaos', 'an outage used up receives of a return event, and deaths of its batch the rest'],
  [20149, 'operator-chaos', 'a queue that refused every sender for half an hour went on handing messages out'],
  [
    163,
    'black-friday',
    'moves that the warehouse split between two looks at a sale were taken for a refusal of the order',
  ],
  [933, 'operator-chaos', 'a run that was taken to be at rest while a stuck return was about to go on by itself'],
  [100, 'black-friday', 'a message too large for its queue'],
  [306, 'replayed-day', 'a refund that the channel refuses while its return waits'],
];

describe('the simulator', () => {
  it('breaks no invariant on seeds of every workload', { timeout: 600_000 }, async () => {
    const { code, out, err } = await simulate('--seeds', String(WORKLOADS.length), '--json');
    expect(err).toBe('');
    expect(code).toBe(0);
    const summary = JSON.parse(out) as Summary;
    expect(summary).toMatchObject({ seeds: WORKLOADS.length, violations: 0 });
    expect(summary.orders).toBeGreaterThanOrEqual(50 * WORKLOADS.length - WORKLOADS.length);
    expect(Object.values(summary.faults).filter((count) => count > 0).length).toBeGreaterThan(40);
  });

  it.each(REGRESSIONS)('holds on seed %s of %s: %s', { timeout: 120_000 }, async (seed, workload) => {
    const { code, err } = await simulate('--seed', String(seed), '--workload', workload, '--json');
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('lets all five hundred buyers come for the last unit in one seed of ten', { timeout: 120_000 }, async () => {
    const seeds = Array.from({ length: 1_000 }, (_, seed) => seed);
    const crowded = seeds.filter((seed) => workloadOf({ workload: 'last-unit', seed }).buyers === 500);
    expect(crowded.slice(0, 6)).toEqual([10, 12, 20, 40, 47, 64]);
    expect(crowded.length).toBeGreaterThan(70);
    expect(crowded.length).toBeLessThan(130);
    const { code, out, err } = await simulate('--seed', '10', '--workload', 'last-unit', '--json');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ orders: 500, violations: [] });
  });

  it('leaves every other seed of every workload as it is', () => {
    for (const { name } of WORKLOADS) {
      expect(workloadOf({ workload: name, seed: 2 })).toBe(workloadNamed(name));
    }
  });

  it('gives the same run for the same seed, byte for byte', { timeout: 120_000 }, async () => {
    const trace = () => simulate('--seed', '2', '--workload', 'last-unit', '--trace');
    const [first, second] = await Promise.all([trace(), trace()]);
    const lines = (text: string) => text.replace(/a seed costs .* of processor time/, '');
    expect(lines(first.out)).toBe(lines(second.out));
    expect(first.out).toMatch(/digest [0-9a-f]{64}/);
  });

  it.each([
    [['--seed', 'abc'], /give a whole number/],
    [['--seeds', '-3'], /give a whole number/],
    [['--workload', 'weekend'], /there is no workload "weekend": name one of quiet-day/],
    [['--frobnicate'], /unknown option/],
    [['--trace'], /name its seed with --seed/],
  ])('says in one line what is wrong with %j, and ends with 2', async (args, complaint) => {
    const { code, err } = await simulate(...args);
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(complaint);
  });
});
