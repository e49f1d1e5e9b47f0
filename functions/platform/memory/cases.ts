import type { CaseStore } from '#application/ports/store.ts';
import type { Case, CaseToOpen } from '#core/cases/case.ts';
import { caseRow } from '../journal.ts';
import { caseId, type Tables } from './tables.ts';

type Rows = Pick<Tables, 'cases' | 'states' | 'journal'>;

export class MemoryCases implements CaseStore {
  readonly #tables: Rows;

  constructor(tables: Rows) {
    this.#tables = tables;
  }

  async open(subject: string, found: CaseToOpen, now: string): Promise<void> {
    const wasOpen = this.#tables.cases.get(caseId(subject, found.code))?.status === 'open';
    const opened = openCase(this.#tables, subject, structuredClone(found), now);
    if (!wasOpen) this.#tell('opened', opened, now);
  }

  async close(subject: string, code: string, now: string): Promise<void> {
    if (this.#tables.cases.get(caseId(subject, code))?.status !== 'open') return;
    const closed = closeCase(this.#tables, subject, code, now);
    if (closed) this.#tell('closed', closed, now);
  }

  async listOpen({ owner, limit }: { readonly owner?: string; readonly limit: number }): Promise<Case[]> {
    const open = [...this.#tables.cases.values()].filter(
      (one) => one.status === 'open' && (owner === undefined || one.owner === owner),
    );
    return structuredClone(open.sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt)).slice(0, limit));
  }

  /** Puts the news into the journal, and the case on or off the list in its aggregate's state. */
  #tell(what: 'opened' | 'closed', about: Case, now: string): void {
    const { states, journal } = this.#tables;
    const place = states.get(about.subject);
    journal.push(caseRow(what, about, place, now));
    if (!place) return;
    const others = place.openCases.filter((code) => code !== about.code);
    states.set(about.subject, {
      ...place,
      version: place.version + 1,
      sequence: place.sequence + 1,
      openCases: what === 'opened' ? [...others, about.code] : others,
    });
  }
}

export function openCase({ cases }: Pick<Tables, 'cases'>, subject: string, found: CaseToOpen, now: string): Case {
  const before = cases.get(caseId(subject, found.code));
  const opened: Case = {
    ...found,
    subject,
    status: 'open',
    count: (before?.count ?? 0) + 1,
    firstSeenAt: before?.firstSeenAt ?? now,
    lastSeenAt: now,
  };
  cases.set(caseId(subject, found.code), opened);
  return opened;
}

export function closeCase(
  { cases }: Pick<Tables, 'cases'>,
  subject: string,
  code: string,
  now: string,
): Case | undefined {
  const before = cases.get(caseId(subject, code));
  if (!before) return undefined;
  const closed: Case = { ...before, status: 'closed', closedAt: now };
  cases.set(caseId(subject, code), closed);
  return closed;
}
