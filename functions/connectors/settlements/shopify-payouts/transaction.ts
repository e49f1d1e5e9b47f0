import type { ReadLine } from '#application/ports/settlements.ts';
import type { LineClass } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { sourceOf } from '../kit/words.ts';

/** One balance transaction, from the API or from an export; amounts in minor units of the payout's currency. */
export type Transaction = {
  readonly at: number;
  readonly type: string;
  readonly amount: number;
  readonly fee: number;
  readonly net: number;
  readonly postedAt: string;
  readonly transactionId?: string;
  readonly orderId?: string;
  readonly converted?: ReadLine['converted'];
};

/** What was moved and what Shopify kept of it: a line each. Throws when the row does not add up by itself. */
export function linesOf(given: Transaction, classify: (source: string) => LineClass | undefined): ReadLine[] {
  const { at, type, amount, fee, net, converted, ...rest } = given;
  if (amount - fee !== net) {
    const message = `amount less fee is not net: ${amount} less ${fee} is not ${net} (minor units)`;
    throw new SettlementRefused('SETTLEMENT_ROW', at, message);
  }
  const line = (part: 'amount' | 'fee', minor: number): ReadLine => {
    const source = sourceOf(type, part, minor < 0 ? 'debit' : 'credit');
    const known = classify(source);
    return { at, ...(known && { class: known }), amount: minor, ...rest, source };
  };
  const moved = { ...line('amount', amount), ...(converted && { converted }) };
  return fee === 0 ? [moved] : [moved, line('fee', -fee)];
}

/** The payout's own row announces it: what leaves the balance is what is paid out. The newer API calls it a transfer. */
export const isPayout = (type: string): boolean => type === 'payout' || type === 'transfer';
