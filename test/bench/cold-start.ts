import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { runFolder } from '../../bin/local/cache.ts';
import { FUNCTIONS, type FunctionSpec } from '../../functions/topology.ts';
import { bundleEntry, bundleText } from '../support/handler-bundles.ts';
import { sameClients } from './bare/same-clients.ts';
import { type Bench, type Measure, rounds } from './bench.ts';
import { type Pair, pairOf, ratioOf, summarize } from './statistics.ts';

const TARGET = 1.3;
const PAIRS = 25;

/** Imports a module and tells the CPU milliseconds, user and system, that it took. Node's own start is not in it. */
const PROBE = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
`;

/** CPU of every handler's initialization, in a new process each time, beside a handler that has the SDK's clients only. */
export const coldStart: Bench = {
  name: 'cold-start',
  does: "CPU of each handler's initialization beside an empty handler with the same SDK clients",
  async run(context) {
    const subjects = await Promise.all(FUNCTIONS.map(written));
    const pairs = new Map<string, Pair[]>(subjects.map(({ id }) => [id, []]));
    await rounds(context, 'cold starts', PAIRS, async (index) => {
      for (const { id, subject, baseline } of subjects) {
        pairs.get(id)?.push(
          await pairOf(
            index,
            () => cpuOfImport(subject),
            () => cpuOfImport(baseline),
          ),
        );
      }
    });
    return {
      bench: this.name,
      measures: [...pairs].flatMap(([id, measured]) => measuresOf(id, measured)),
      notes: [
        `${PAIRS} pairs of new processes each, subject and baseline by turns; CPU (user and system) of the import alone`,
        'clients are made at the first message in both, so no time of theirs is in it',
      ],
    };
  },
};

function measuresOf(id: string, pairs: readonly Pair[]): Measure[] {
  const { median, spread } = ratioOf(pairs);
  const own = summarize(pairs.map(({ subject }) => subject));
  return [
    { name: id, value: median, unit: '×', target: TARGET, spread },
    { name: `${id} itself`, value: own.median, unit: 'ms', spread: own.spread },
  ];
}

async function written({ id, entry }: FunctionSpec) {
  const folder = path.join(runFolder(), 'cold-start', id);
  await mkdir(folder, { recursive: true });
  const { text, files } = await bundleEntry(entry);
  const bare = await bundleText(sameClients(files));
  const [subject, baseline] = [path.join(folder, 'subject.mjs'), path.join(folder, 'baseline.mjs')];
  await Promise.all([writeFile(subject, text), writeFile(baseline, bare.text)]);
  return { id, subject, baseline };
}

async function cpuOfImport(file: string): Promise<number> {
  const env = { PATH: process.env.PATH, AWS_REGION: 'us-east-1' };
  const args = ['--input-type=module', '--eval', PROBE, pathToFileURL(file).href];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return Number(stdout);
}
