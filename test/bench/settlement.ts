import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { runFolder } from '../../bin/local/cache.ts';
import { FUNCTIONS } from '../../functions/topology.ts';
import { bundleOptions } from '../../lib/config/bundling.ts';
import { heapOptions } from '../../lib/config/node-options.ts';
import { writeSettlementFile } from '../support/settlement-file.ts';
import { type Bench, type BenchContext, type Measure, rounds } from './bench.ts';
import { type Pair, pairOf, ratioOf, summarize } from './statistics.ts';

const LINES = 1_000_000;
const FEW_LINES = 100_000;
const PAIRS = 5;
/** At half the pace of a bare parse or faster. */
const TIME_TARGET = 2;
const MEMORY_TARGET = 1.3;

type What = 'read' | 'keep' | 'bare';
type Took = { readonly ms: number; readonly cpuMs: number; readonly peakKb: number };
type Take = (what: What, lines: 'few' | 'many', options?: readonly string[]) => Promise<Took>;

/** A settlement report taken in wholly, beside a bare csv-parse of the same file. */
export const settlement: Bench = {
  name: 'settlement',
  does: 'a settlement of 1,000,000 lines: parse, classify, match and journal, beside a bare csv-parse of the same file',
  async run(context) {
    const folder = path.join(runFolder(), 'settlement');
    const take = await prepared(folder);
    const deployed = deployedOptions();
    const measures = [...(await pace(context, take, deployed)), ...(await memory(take, deployed))];
    await rm(folder, { recursive: true });
    return {
      bench: this.name,
      measures,
      notes: [
        `${PAIRS} pairs of new processes, import and bare parse by turns; a twofold time is half as many lines a second`,
        'three settlements in USD, EUR and JPY with refunds, retrocharges and reserves',
        `as deployed: bundled, with ${deployed.join(' ')}, as functions/topology.ts has it for settlements/import`,
        'kept: what the function does with a file, the archive a folder and the tables in memory',
        'memory: largest resident set of a process',
      ],
    };
  },
};

/** What Node is told where a file is read when deployed. */
function deployedOptions(): readonly string[] {
  const spec = FUNCTIONS.find(({ id }) => id === 'settlements/import');
  const options = spec ? heapOptions(spec) : [];
  if (options.length > 0) return options;
  throw new Error('functions/topology.ts says nothing of the nursery of settlements/import: what is measured here?');
}

/** Makes the files and the bundle of the worker; each call of the answer is a new process. */
async function prepared(folder: string): Promise<Take> {
  const files = { few: path.join(folder, 'few.txt'), many: path.join(folder, 'many.txt') };
  const worker = path.join(folder, 'worker.mjs');
  await mkdir(folder, { recursive: true });
  const currencies = ['USD', 'EUR', 'JPY'];
  await writeSettlementFile(files.few, { lines: FEW_LINES, currencies });
  await writeSettlementFile(files.many, { lines: LINES, currencies });
  await build(bundleOptions('test/bench/workers/settlement-import.ts', worker, { faults: false }));
  return async (what, lines, options = []) => {
    const own = path.join(folder, 'work');
    await mkdir(own);
    const { stdout } = await promisify(execFile)(process.execPath, [...options, worker, what, files[lines], own]);
    await rm(own, { recursive: true });
    return JSON.parse(stdout) as Took;
  };
}

async function pace(context: BenchContext, take: Take, deployed: readonly string[]): Promise<Measure[]> {
  const cpu: Pair[] = [];
  const wall: Pair[] = [];
  const own: Took[] = [];
  await rounds(context, 'settlements', PAIRS, async (index) => {
    const took = new Map<What, Took>();
    const one = (what: What, options?: readonly string[]) => async (): Promise<number> => {
      const done = await take(what, 'many', options);
      took.set(what, done);
      return done.cpuMs;
    };
    cpu.push(await pairOf(index, one('read', deployed), one('bare')));
    const [subject, baseline] = [took.get('read'), took.get('bare')];
    if (subject === undefined || baseline === undefined) return;
    own.push(subject);
    wall.push({ subject: subject.ms, baseline: baseline.ms });
  });
  const [byCpu, byTime] = [ratioOf(cpu), ratioOf(wall)];
  const took = summarize(own.map(({ ms }) => ms));
  const target = TIME_TARGET;
  return [
    { name: 'CPU beside a bare parse', value: byCpu.median, unit: '×', target, spread: byCpu.spread },
    { name: 'time beside a bare parse', value: byTime.median, unit: '×', target, spread: byTime.spread },
    { name: 'time of 1,000,000 lines', value: took.median, unit: 'ms', spread: took.spread },
  ];
}

async function memory(take: Take, deployed: readonly string[]): Promise<Measure[]> {
  const both = async (what: What, options?: readonly string[]) => ({
    few: await take(what, 'few', options),
    many: await take(what, 'many', options),
  });
  const ratio = ({ few, many }: Awaited<ReturnType<typeof both>>) => many.peakKb / few.peakKb;
  const [read, kept, free] = [await both('read', deployed), await both('keep', deployed), await both('read')];
  const target = MEMORY_TARGET;
  return [
    { name: 'peak memory, 1,000,000 beside 100,000 lines', value: ratio(read), unit: '×', target },
    { name: 'peak memory of 1,000,000 lines', value: read.many.peakKb, unit: 'KB' },
    { name: 'peak memory, 1,000,000 beside 100,000 lines kept', value: ratio(kept), unit: '×', target },
    { name: 'peak memory of 1,000,000 lines kept', value: kept.many.peakKb, unit: 'KB' },
    { name: 'CPU of 1,000,000 lines kept', value: kept.many.cpuMs, unit: 'ms' },
    { name: 'peak memory, 1,000,000 beside 100,000 lines, as Node sets the nursery', value: ratio(free), unit: '×' },
    { name: 'peak memory of 1,000,000 lines, as Node sets the nursery', value: free.many.peakKb, unit: 'KB' },
    {
      name: 'CPU beside that of the same as Node sets the nursery',
      value: read.many.cpuMs / free.many.cpuMs,
      unit: '×',
    },
  ];
}
