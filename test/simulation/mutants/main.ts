import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { Listr } from 'listr2';
import { MUTANTS } from './catalogue.ts';
import { type Hunt, hunt, type Kill } from './kill.ts';
import { KILLS_FILE, killTable, type RecordedKill, recordedKills } from './kills.ts';
import type { Mutant } from './mutants.ts';

/**
 * `npm run mutants`: takes one guard after another out of the code and runs seeds until an invariant breaks. Ends with 0 when
 * every mutant died, 1 when one survived, 2 when it was called wrongly. A full run writes the kill table.
 */
type Options = {
  readonly seeds: number;
  readonly only?: readonly string[];
  readonly quick?: boolean;
  readonly list?: boolean;
  readonly json?: boolean;
};

const TABLE = new URL('../../../docs/mutants.md', import.meta.url);

function mutantName(name: string, before: readonly string[] = []): readonly string[] {
  if (MUTANTS.some((one) => one.name === name)) return [...before, name];
  throw new InvalidArgumentError(`there is no such mutant: list them with "npm run mutants -- --list"`);
}

function positive(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('give a whole number from 1 on');
}

const program = new Command('npm run mutants --')
  .description('Proves the simulator: each guard of the shipped code, taken out, must break an invariant.')
  .option('--only <name>', 'this mutant; can be given again', mutantName)
  .option('--seeds <n>', 'seeds that a mutant may live through at most', positive, 70)
  .option('--quick', 'each on the seed that killed it last, as the tests do; writes nothing')
  .option('--list', 'list the mutants and run nothing')
  .option('--json', 'print the kills as JSON')
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const { seeds, only, quick = false, list = false, json = false } = program.parse().opts<Options>();
const chosen = MUTANTS.filter(({ name }) => !only || only.includes(name));
if (list) {
  for (const { name, guards, invariant } of chosen) console.log(`${name}\t${invariant}\t${guards}`);
} else {
  process.exitCode = await run();
}

async function run(): Promise<number> {
  const known = recordedKills();
  const kills = await huntAll(chosen, (mutant) => (quick ? seedOf(known, mutant) : { most: seeds }));
  const survivors = kills.filter(({ killed }) => !killed);
  if (json) console.log(JSON.stringify(kills, null, 2));
  else console.log(killTable(kills));
  if (!quick && !only && survivors.length === 0) {
    writeFileSync(TABLE, killTable(kills, seeds));
    writeFileSync(KILLS_FILE, `${JSON.stringify(Object.fromEntries(kills.flatMap(recorded)), null, 2)}\n`);
  }
  for (const { mutant } of survivors)
    console.error(`${mutant.name} survived: nothing notices that ${mutant.guards} no more`);
  return survivors.length === 0 ? 0 : 1;
}

/** A mutant without a recorded kill is hunted from the first seed on, so that a new one is not forgotten. */
function seedOf(known: Readonly<Record<string, RecordedKill>>, { name }: Mutant): Hunt {
  const kill = known[name];
  return kill ? { most: 1, from: kill.seed, workload: kill.workload } : { most: seeds };
}

function recorded({ mutant, killed }: Kill): [string, RecordedKill][] {
  return killed ? [[mutant.name, { seed: killed.seed, workload: killed.workload, invariant: killed.invariant }]] : [];
}

async function huntAll(mutants: readonly Mutant[], how: (mutant: Mutant) => Hunt): Promise<Kill[]> {
  const kills: Kill[] = [];
  const todo = mutants.values();
  const renderer = process.stderr.isTTY === true ? 'default' : 'silent';
  const hunting = {
    title: `${mutants.length} mutants`,
    task: async (_: unknown, line: { title: string }) => {
      const hunter = async (): Promise<void> => {
        for (const mutant of todo) {
          kills.push(await hunt(mutant, how(mutant)));
          line.title = `${kills.length} of ${mutants.length} mutants, ${kills.filter(({ killed }) => !killed).length} survived`;
        }
      };
      await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, hunter));
    },
  };
  await new Listr([hunting], { renderer }).run();
  return mutants.flatMap((mutant) => kills.filter((kill) => kill.mutant === mutant));
}
