import { existsSync, readFileSync } from 'node:fs';
import type { Kill } from './kill.ts';

/** The kill that a full run found for a mutant. */
export type RecordedKill = { readonly seed: number; readonly workload: string; readonly invariant: string };

export const KILLS_FILE = new URL('kills.json', import.meta.url);

export const recordedKills = (): Readonly<Record<string, RecordedKill>> =>
  existsSync(KILLS_FILE) ? JSON.parse(readFileSync(KILLS_FILE, 'utf8')) : {};

/** The kill table in Markdown; with the number of seeds, as a page. */
export function killTable(kills: readonly Kill[], seeds?: number): string {
  const rows = kills.map(({ mutant, killed, seeds: lived }) => {
    const how = killed
      ? `${killed.invariant} | ${lived} | ${killed.workload}, seed ${killed.seed} | ${killed.steps.toLocaleString('en-US')}`
      : `survived | ${lived} | | `;
    const guards = mutant.foundBy === undefined ? mutant.guards : `${mutant.guards} (once a bug: ${mutant.foundBy})`;
    return `| \`${mutant.name}\` | ${guards} | ${mutant.invariant} | ${how} |`;
  });
  const table = [
    '| mutant | guard that it takes out | invariant it should break | broken | seeds until then | by | events of that run |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
  if (seeds === undefined) return table;
  return [
    '# Mutants',
    '',
    'Each guard that the promise hangs on, taken out of the shipped code as it is loaded (`test/simulation/mutants/catalogue.ts`),',
    `and how the simulator noticed. A mutant that lives through ${seeds} seeds fails \`npm run mutants\`, which writes this page. Nothing`,
    'of it is in any bundle. A guard that was once missing is marked with the run that found it: its mutant is the bug. Seeds are of all workloads in turn, but of `returns-in-depth` or `settlement-fortnight` alone where what a',
    'mutant takes out comes up in no other. Invariants: [simulator.md](simulator.md).',
    '',
    table,
    '',
  ].join('\n');
}
