import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { runFolder } from '../../bin/local/cache.ts';
import { writeSettlementFile } from '../support/settlement-file.ts';
import { type Bench, rounds } from './bench.ts';
import { type Pair, pairOf, ratioOf, summarize } from './statistics.ts';

const LINES = 1_000_000;
const FEW_LINES = 100_000;
const PAIRS = 5;
/** At half the pace of a bare parse or faster. */
const TIME_TARGET = 2;
const MEMORY_TARGET = 1.3;
/** V8 lets its nursery grow with the work until a fixed size; held small, the peak shows what the program keeps. */
const SMALL_NURSERY = '--max-semi-space-size=4';

type Took = { readonly ms: number; readonly cpuMs: number; readonly peakKb: number };

/** A settlement report taken in wholly, beside a bare csv-parse of the same file. */
export const settlement: Bench = {
  name: 'settlement',
  does: 'a settlement of 1,000,000 lines: parse, classify, match and journal, beside a bare csv-parse of the same file',
  async run(context) {
    const folder = path.join(runFolder(), 'settlement');
    await mkdir(folder, { recursive: true });
    const [large, small] = [path.join(folder, 'large.txt'), path.join(folder, 'small.txt')];
    const currencies = ['USD', 'EUR', 'JPY'];
    await writeSettlementFile(large, { lines: LINES, currencies });
    await writeSettlementFile(small, { lines: FEW_LINES, currencies });
    const take = (what: 'import' | 'bare', file: string, ...flags: string[]): Promise<Took> =>
      child(what, file, folder, flags);
    const cpu: Pair[] = [];
    const wall: Pair[] = [];
    const own: Took[] = [];
    await rounds(context, 'settlements', PAIRS, async (index) => {
      const took = new Map<string, Took>();
      const one = (what: 'import' | 'bare') => async (): Promise<number> => {
        const done = await take(what, large);
        took.set(what, done);
        return done.cpuMs;
      };
      cpu.push(await pairOf(index, one('import'), one('bare')));
      const [subject, baseline] = [took.get('import'), took.get('bare')];
      if (subject === undefined || baseline === undefined) return;
      own.push(subject);
      wall.push({ subject: subject.ms, baseline: baseline.ms });
    });
    const peak = async (...flags: string[]): Promise<{ few: number; many: number }> => ({
      few: (await take('import', small, ...flags)).peakKb,
      many: (await take('import', large, ...flags)).peakKb,
    });
    const [held, free] = [await peak(SMALL_NURSERY), await peak()];
    await rm(folder, { recursive: true });
    const [byCpu, byTime] = [ratioOf(cpu), ratioOf(wall)];
    const took = summarize(own.map(({ ms }) => ms));
    return {
      bench: this.name,
      measures: [
        { name: 'CPU beside a bare parse', value: byCpu.median, unit: '×', target: TIME_TARGET, spread: byCpu.spread },
        {
          name: 'time beside a bare parse',
          value: byTime.median,
          unit: '×',
          target: TIME_TARGET,
          spread: byTime.spread,
        },
        { name: 'time of 1,000,000 lines', value: took.median, unit: 'ms', spread: took.spread },
        {
          name: 'peak memory, 1,000,000 beside 100,000 lines',
          value: held.many / held.few,
          unit: '×',
          target: MEMORY_TARGET,
        },
        { name: 'peak memory of 1,000,000 lines', value: held.many, unit: 'KB' },
        {
          name: 'the same with a nursery that may grow',
          value: free.many / free.few,
          unit: '×',
          target: MEMORY_TARGET,
        },
        { name: 'peak memory with a nursery that may grow', value: free.many, unit: 'KB' },
      ],
      notes: [
        `${PAIRS} pairs of new processes, import and bare parse by turns; a twofold time is half as many lines a second`,
        `lines a second: ${Math.round((LINES / took.median) * 1_000).toLocaleString('en')}; three settlements in USD, EUR and JPY with refunds, retrocharges and reserves`,
        `memory: largest resident set of a process, with ${SMALL_NURSERY} and as Node sets it`,
      ],
    };
  },
};

async function child(what: string, file: string, folder: string, flags: readonly string[]): Promise<Took> {
  const worker = path.join(import.meta.dirname, 'workers/settlement-import.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, worker, what, file, folder]);
  return JSON.parse(stdout) as Took;
}
