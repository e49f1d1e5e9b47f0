import { type Report, table } from '../report.ts';

/** `later`: not wrong yet, or not needed by all. `unknown`: it could not be looked at. */
export type CheckState = 'ok' | 'wrong' | 'later' | 'unknown';

/** Something that was looked at, and what to do where it is not as it must be. */
export type Check = {
  readonly name: string;
  readonly state: CheckState;
  readonly found: string;
  readonly fix?: string;
};

export const ok = (name: string, found: string): Check => ({ name, state: 'ok', found });
export const wrong = (name: string, found: string, fix: string): Check => ({ name, state: 'wrong', found, fix });
export const later = (name: string, found: string, fix: string): Check => ({ name, state: 'later', found, fix });
export const unknown = (name: string, found: string, fix: string): Check => ({ name, state: 'unknown', found, fix });

export const allWell = (checks: readonly Check[]): boolean => checks.every(({ state }) => state !== 'wrong');

const MARKS: Readonly<Record<CheckState, string>> = { ok: '✓', wrong: '✗', later: '·', unknown: '?' };

/** The checks as a table under a verdict. */
export function checkReport(checks: readonly Check[], verdict: string, exit: NonNullable<Report['exit']>): Report {
  const rows = checks.map(({ name, state, found, fix }) => [`${MARKS[state]} ${state}`, name, found, fix]);
  return {
    json: { good: exit === 0, verdict, checks },
    text: `${table(['', 'what', 'found', 'fix'], rows)}\n${verdict}`,
    exit,
  };
}
