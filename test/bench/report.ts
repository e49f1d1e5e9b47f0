import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { table } from '../../bin/commands/report.ts';
import { PROJECT_ROOT } from '../../bin/local/cache.ts';
import { type Measure, met, type Report } from './bench.ts';

/** Where and of what the figures are; without it they say nothing. */
export function circumstances() {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: PROJECT_ROOT, encoding: 'utf8' }).trim();
  return {
    date: new Date().toISOString(),
    commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes'),
    node: process.version,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
  };
}

export type Circumstances = ReturnType<typeof circumstances>;

export function asJson(where: Circumstances, reports: readonly Report[]): string {
  const judged = reports.map(({ measures, ...rest }) => ({
    ...rest,
    measures: measures.map((one) => ({ ...one, ...(one.target !== undefined && { met: met(one) }) })),
  }));
  return JSON.stringify({ ...where, reports: judged }, null, 2);
}

export function asText(where: Circumstances, reports: readonly Report[]): string {
  const { commit, date, node, cores, cpu } = where;
  return [
    `commit ${commit}, ${date.slice(0, 10)}, Node ${node}, ${cores} cores (${cpu})`,
    ...reports.flatMap(({ bench, measures, notes }) => [
      '',
      bench,
      table(HEAD, measures.map(row)),
      ...notes.map((note) => `  ${note}`),
    ]),
  ].join('\n');
}

const HEAD = ['what', 'measured', 'middle half', 'at most', ''];

function row(measure: Measure): string[] {
  const { name, value, unit, target, spread } = measure;
  const verdict = met(measure);
  return [
    name,
    `${figure(value, unit)} ${unit}`,
    spread ? spread.map((end) => figure(end, unit)).join(' to ') : '',
    target === undefined ? '' : `${figure(target, unit)} ${unit}`,
    verdict === undefined ? '' : verdict ? 'met' : 'MISSED',
  ];
}

const DIGITS: Record<Measure['unit'], number> = { '×': 2, KB: 1, ms: 2, USD: 5, calls: 2, units: 2 };

const figure = (value: number, unit: Measure['unit']): string => value.toFixed(DIGITS[unit]);
