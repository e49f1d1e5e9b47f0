import { Command } from 'commander';
import { stopAll } from '../../bin/local/process.ts';
import { consoleProgress } from '../../bin/local/progress-console.ts';
import type { Town } from '../e2e/support/town.ts';
import { openTown } from '../e2e/support/town.ts';
import type { BenchContext, Report } from './bench.ts';
import { BENCHES } from './benches.ts';
import { asJson, asText, circumstances } from './report.ts';

/**
 * `npm run bench`: measures, as ratios within this one run. Ends with 0 whatever the figures are, for they are to be read,
 * not to be passed; 1 when something could not be measured.
 */
const names = BENCHES.map(({ name }) => name);
const longest = Math.max(...names.map(({ length }) => length));

const program = new Command('npm run bench --')
  .description('Measures Crossdock on this machine: CPU, size, time and cost, beside the least that could do the same.')
  .argument('[names...]', 'benches to run; all when none is named')
  .option('--json', 'print the figures as JSON')
  .addHelpText(
    'after',
    `\nBenches:\n${BENCHES.map(({ name, does }) => `  ${name.padEnd(longest)}  ${does}`).join('\n')}`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

const asked = program.args;
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`"${unknown.join(' ')}" is no bench: name some of ${names.join(', ')}, or none for all`);
  process.exit(2);
}

let opening: Promise<Town> | undefined;
const context: BenchContext = {
  progress: consoleProgress(process.stderr),
  town: () => {
    opening ??= openTown({ engine: 'ministack', onProgress: context.progress });
    return opening;
  },
};

/** Takes everything down, also what was only half opened. */
async function end(): Promise<void> {
  const town = await opening?.catch(() => undefined);
  await town?.close();
  await stopAll();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void end().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
}

// Supervised processes keep nobody alive.
const awake = setInterval(() => {}, 60_000);
try {
  const where = circumstances();
  const reports: Report[] = [];
  for (const bench of BENCHES) {
    if (asked.length === 0 || asked.includes(bench.name)) reports.push(await bench.run(context));
  }
  console.log(program.opts<{ json?: boolean }>().json ? asJson(where, reports) : asText(where, reports));
} catch (error) {
  console.error(`\nfailed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  clearInterval(awake);
  await end();
}
