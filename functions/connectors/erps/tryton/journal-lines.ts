import { BusinessError } from '#core/kernel/errors.ts';
import { formatMoney } from '#core/kernel/money.ts';
import type { JournalContent } from '#core/settlements/posting.ts';
import type { Calls, Values } from './calls.ts';
import { canonicalDecimal } from './decimal.ts';
import type { Workbench } from './document.ts';
import { accountFor, type TrytonSettings } from './settings.ts';
import { decimalOf, type WireDecimal } from './wire.ts';

/** Debit and credit of a line, as they stand or are to stand in the ERP. */
export type Sides = { readonly debit: WireDecimal; readonly credit: WireDecimal };
export type Entry = Sides & { readonly account: number };

/** A line to create. */
export type WantedLine = Entry & { readonly values: Values };

/** Refuses what must never be sent. The content was balanced when it was planned; nothing is believed twice. */
export function assertBalanced({ lines, currency, part, settlement }: JournalContent): void {
  const sum = lines.reduce((total, { amount }) => total + amount, 0);
  const sound = lines.length >= 2 && lines.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0);
  if (sound && sum === 0) return;
  const wrong = sound
    ? `debits and credits differ by ${formatMoney({ minor: sum, currency })} ${currency}`
    : 'a line has no amount';
  throw new BusinessError(
    'JOURNAL_UNBALANCED',
    `the journal of ${part} of settlement ${settlement.settlementId} was not sent, because ${lines.length < 2 ? 'it has fewer than two lines' : wrong}: see how it was planned`,
  );
}

/** The lines with the ERP's accounts; one in an account of parties names the party that stands for the channel. */
export async function wantedLines(
  calls: Calls,
  { directory, settings }: Workbench,
  company: number,
  content: JournalContent,
): Promise<WantedLine[]> {
  const { currency } = content;
  await directory.currency(calls, currency);
  const books = await directory.companyCurrency(calls, company);
  if (books !== currency) {
    throw new BusinessError(
      'CURRENCY_NOT_OF_BOOKS',
      `the settlement is in ${currency} and the ERP's company keeps its books in ${books}: post it to a company that keeps ${currency}, or enter it by hand at the rate that finance decides`,
    );
  }
  const codes = content.lines.map(({ account }) => codeFor(settings, account));
  const accounts = await directory.accounts(calls, company, codes);
  const party = [...accounts.values()].some((one) => one.party) ? await directory.party(calls) : undefined;
  return content.lines.map(({ amount, label }, at) => {
    const { account, party: named } = accounts.get(codes[at] as string) as { account: number; party: boolean };
    const entry = { account, ...sidesOf(amount, currency) };
    return { ...entry, values: { ...entry, description: label, ...(named && { party }) } };
  });
}

/** Each line's sides, in an order that two sets of the same lines share. Amounts alone: accounts may be named anew. */
export function amountsOf(of: readonly Sides[] | JournalContent): string[] {
  const lines = 'lines' in of ? of.lines.map(({ amount }) => sidesOf(amount, of.currency)) : of;
  return lines.map(textOf).sort();
}

/** As `amountsOf`, with each line's account. */
export const entriesOf = (lines: readonly Entry[]): string[] =>
  lines.map((line) => `${line.account} ${textOf(line)}`).sort();

export const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, at) => text === b[at]);

const textOf = ({ debit, credit }: Sides): string =>
  `${canonicalDecimal(debit.decimal)} ${canonicalDecimal(credit.decimal)}`;

const sidesOf = (amount: number, currency: string): Sides => ({
  debit: decimalOf(Math.max(amount, 0), currency),
  credit: decimalOf(Math.max(-amount, 0), currency),
});

function codeFor({ settlements }: TrytonSettings, role: string): string {
  const code = settlements && accountFor(settlements.accounts, role);
  if (code !== undefined) return code;
  throw new BusinessError(
    'ACCOUNT_NOT_MAPPED',
    `the account's settings name no account for role "${role}": name one under settlements.accounts, then retry the operation`,
  );
}
