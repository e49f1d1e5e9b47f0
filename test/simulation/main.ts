import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { Listr } from 'listr2';
import { failureText, reduce } from './failure.ts';
import { seedsFrom } from './mutants/kill.ts';
import { RunBroken, runAll, Worker } from './pool.ts';
import type { RunRequest, RunResult } from './result.ts';
import { WORKLOADS, workloadNamed, workloadOf } from './retailer/workloads.ts';
import { summaryText, Totals } from './summary.ts';

/**
 * `npm run simulate`: runs seeds of the simulated retailer on every core. Ends with 0 when nothing was broken, 1 when an
 * invariant was, or when a kind of fault never struck in a full run, 2 when it was called wrongly.
 */
type Options = {
  readonly seed?: number;
  readonly seeds: number;
  readonly start: number;
  readonly workload?: string;
  readonly trace?: boolean;
  readonly json?: boolean;
};

const wholeNumber =
  (least: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`give a whole number from ${least} on`);
  };

function workload(name: string): string {
  try {
    return workloadNamed(name).name;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

const program = new Command('npm run simulate --')
  .description("Attacks Crossdock's own handlers in a simulated world: seeded, in virtual time, without any real I/O.")
  .option('--seed <n>', 'one seed; the same seed gives the same run, byte for byte', wholeNumber(0))
  .option('--trace', 'with --seed: print what happened')
  .option('--seeds <n>', 'how many seeds', wholeNumber(1), 200)
  .option('--start <n>', 'the first of them', wholeNumber(0), 1)
  .option(
    '--workload <name>',
    `one of ${WORKLOADS.map(({ name }) => name).join(', ')}; all in turn when left out`,
    workload,
  )
  .option('--json', 'print the summary as JSON')
  .addHelpText(
    'after',
    `\nWorkloads:\n${WORKLOADS.map(({ name, says }) => `  ${name.padEnd(18)} ${says}`).join('\n')}\n\nExamples:\n  npm run simulate -- --seeds 2000\n  npm run simulate -- --seed 123 --workload refund-storm --trace`,
  )
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

/** From so many seeds of all workloads on, a kind of fault that never struck is an error. */
const ENOUGH_FOR_EVERY_FAULT = 200;

const options = program.parse().opts<Options>();
if (options.trace && options.seed === undefined) {
  console.error('error: --trace tells of one run: name its seed with --seed');
  process.exit(2);
}
try {
  process.exitCode = options.seed === undefined ? await many(options) : await one(options, options.seed);
} catch (error) {
  if (!(error instanceof RunBroken)) throw error;
  console.error(`the simulator itself failed: ${error.message}`);
  process.exitCode = 1;
}

async function many({ seeds, start, workload: only, json }: Options): Promise<number> {
  const totals = new Totals();
  const failed: RunResult[] = [];
  const requests = [...seedsFrom(start, seeds, only)];
  await withProgress(`${seeds} seeds`, async (tell) => {
    let done = 0;
    for await (const result of runAll(requests, { workers: Math.max(1, availableParallelism()) })) {
      totals.add(result);
      if (result.violations.length > 0) failed.push(result);
      tell(`${++done} of ${seeds} seeds, ${failed.length} failed`);
    }
  });
  const { summary } = totals;
  const complaint = complaintOf(summary.neverStruck, seeds, only);
  if (json)
    console.log(
      JSON.stringify(
        {
          ...summary,
          failed: failed.map(({ seed, workload: of, violations }) => ({ seed, workload: of, violations })),
        },
        null,
        2,
      ),
    );
  else console.log(summaryText(summary));
  for (const { seed, workload: of, violations } of failed) {
    console.error(
      `seed ${seed} of ${of}: ${violations.map(({ invariant, subject, message }) => `${invariant} ${subject}: ${message}`).join('; ')}`,
    );
  }
  if (complaint) console.error(complaint);
  const [first] = failed.toSorted((a, b) => a.seed - b.seed);
  if (first) console.error(`\n${await story(first)}`);
  return failed.length > 0 || complaint ? 1 : 0;
}

function complaintOf(neverStruck: readonly string[], seeds: number, only: string | undefined): string | undefined {
  if (neverStruck.length === 0 || seeds < ENOUGH_FOR_EVERY_FAULT || only !== undefined) return undefined;
  return `these faults never struck, so nothing was tried of them: ${neverStruck.join(', ')}`;
}

async function one({ workload: only, trace = false, json = false }: Options, seed: number): Promise<number> {
  const [request] = seedsFrom(seed, 1);
  const worker = new Worker();
  try {
    await worker.ready;
    const result = await worker.run({ ...(request as RunRequest), ...(only && { workload: only }) }, { trace });
    const totals = new Totals();
    totals.add(result);
    for (const line of result.trace ?? []) console.log(line);
    const { trace: _told, struck, ...rest } = result;
    console.log(json ? JSON.stringify(rest, null, 2) : `${summaryText(totals.summary)}\ndigest ${result.digest}`);
    if (result.violations.length === 0) return 0;
    console.error(`\n${await story(result)}`);
    return 1;
  } finally {
    worker.end();
  }
}

async function story(result: RunResult): Promise<string> {
  const worker = new Worker();
  try {
    await worker.ready;
    let told = '';
    await withProgress(`making seed ${result.seed} smaller`, async () => {
      told = failureText(await reduce(worker, result, workloadOf(result).buyers));
    });
    return told;
  } finally {
    worker.end();
  }
}

/** A line that moves, on a terminal; nothing elsewhere. */
async function withProgress(title: string, work: (tell: (text: string) => void) => Promise<void>): Promise<void> {
  const renderer = process.stderr.isTTY === true ? 'default' : 'silent';
  const task = {
    title,
    task: (_: unknown, line: { title: string }) =>
      work((text) => {
        line.title = text;
      }),
  };
  await new Listr([task], { renderer }).run();
}
