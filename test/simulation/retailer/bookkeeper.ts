import type { Operation } from '#core/operations/operation.ts';
import type { JournalContent } from '#core/settlements/posting.ts';
import type { Random } from '../kernel/random.ts';
import type { SimTryton } from '../partners/tryton/sim-tryton.ts';
import { COMPANY } from './company.ts';

/** What a bookkeeper writes before the key of the posting whose place an entry takes. */
export const BY_HAND = 'by hand for ';

/** A day in a month that nobody closes. */
const OPEN_DAY = { __class__: 'date', year: 2026, month: 12, day: 1 } as const;

/** Makes settlement postings by hand that the ERP has refused, each once, in a month that is open. */
export class Bookkeeper {
  readonly #erp: SimTryton;
  readonly #random: Random;
  readonly #made = new Map<string, string>();

  constructor(erp: SimTryton, random: Random) {
    this.#erp = erp;
    this.#random = random;
  }

  /** Whether the posting is made by hand instead of tried again: it was already, or now is the time. */
  takes({ key, kind }: Operation): boolean {
    return kind === 'erp/journal' && (this.#made.has(key) || this.#random.chance(0.5));
  }

  /** Answers the id of the entry. */
  book({ key, content }: Operation): string {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const { lines } = content as unknown as JournalContent;
    const entry = { description: `${BY_HAND}${key}`, date: OPEN_DAY, lines: lines.map(inAccounts) };
    const ref = String(this.#erp.bookByHand(entry));
    this.#made.set(key, ref);
    return ref;
  }
}

/** By the account map that the connector has too; a role falls back to what it is narrower than. */
function inAccounts({ account: role, amount }: JournalContent['lines'][number]) {
  const { accounts } = COMPANY.settlements;
  const account = accounts[role] ?? accounts[role.split('/')[0] ?? ''];
  if (account === undefined) throw new Error(`no account stands for ${role}`);
  return { account, amount };
}
