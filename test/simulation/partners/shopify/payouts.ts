import { formatMoney } from '#core/kernel/money.ts';
import { type BalanceTransaction, depositOf } from '../../../../bin/local/partners/shopify/payouts.ts';
import type { SeenOrder, SeenRefund } from './inspection.ts';

export type Transaction = Omit<BalanceTransaction, 'test'>;

export type Payout = {
  readonly payoutId: string;
  readonly currency: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly transactions: readonly Transaction[];
};

export { depositOf };

export const netOf = ({ amount, fee }: Pick<Transaction, 'amount' | 'fee'>): number => amount - fee;

/**
 * The shop's balance, kept from its own books: what buyers paid and got back, less fees. What is not paid out yet goes with
 * the next payout, or a later one. Tax that the shop remits by itself is never paid out.
 */
export class ShopBalance {
  /** Orders and refunds that are in some payout, by what was paid out for them. */
  readonly #charged = new Map<string, number>();
  readonly #refunded = new Set<string>();
  readonly #forgotten = new Set<string>();
  #transactions = 0;

  /** How many refunds it will never take off a payout. */
  get forgotten(): number {
    return this.#forgotten.size;
  }

  /** What can be paid out now; `holds` keeps one back for another time, `forgets` a refund for ever. */
  collect(
    orders: readonly SeenOrder[],
    refunds: readonly SeenRefund[],
    now: number,
    holds: () => boolean,
    forgets: () => boolean,
  ): Transaction[] {
    const at = `${new Date(now).toISOString().slice(0, 19)}Z`;
    const charges = orders.flatMap(({ orderId, total, marketplaceTax }): Transaction[] => {
      const amount = total - marketplaceTax - (this.#charged.get(orderId) ?? 0);
      if (amount === 0 || holds()) return [];
      this.#charged.set(orderId, total - marketplaceTax);
      const fee = amount > 0 ? Math.floor((amount * 29) / 1000) + 30 : 0;
      return [this.transaction({ type: 'charge', amount, fee, orderId, at })];
    });
    const back = refunds.flatMap(({ refundId, orderId, amount }): Transaction[] => {
      if (amount === 0 || this.#refunded.has(refundId) || !this.#charged.has(orderId) || holds()) return [];
      this.#refunded.add(refundId);
      if (forgets()) {
        this.#forgotten.add(refundId);
        return [];
      }
      return [this.transaction({ type: 'refund', amount: -amount, fee: 0, orderId, at })];
    });
    return [...charges, ...back];
  }

  transaction(given: Omit<Transaction, 'id'>): Transaction {
    return { id: `77${String(++this.#transactions).padStart(6, '0')}`, ...given };
  }
}

/** The payout as the admin's export tells it: orders by number, one row a transaction, and its own row at the end. */
export function payoutExport(
  { payoutId, currency, date, transactions }: Payout,
  announced: number,
  numberOf: (orderId: string) => string,
): string {
  const text = (minor: number): string => formatMoney({ minor, currency });
  const row = (at: string, type: string, order: string, amount: number, fee: number): string =>
    [at, type, order, date, payoutId, text(amount), text(fee), text(netOf({ amount, fee })), currency].join(',');
  return [
    'Transaction Date,Type,Order,Payout Date,Payout ID,Amount,Fee,Net,Currency',
    ...transactions.map(({ at, type, orderId, amount, fee }) =>
      row(at, type, orderId === undefined ? '' : numberOf(orderId), amount, fee),
    ),
    row(`${date}T12:00:00Z`, 'payout', '', -announced, 0),
    '',
  ].join('\n');
}

/** The payout as the Admin API's two answers tell it, merged into one document. */
export function payoutFile({ payoutId, currency, date, transactions }: Payout, announced: number): string {
  const text = (minor: number): string => formatMoney({ minor, currency });
  return JSON.stringify({
    payouts: [{ id: payoutId, date, currency, amount: text(announced) }],
    transactions: transactions.map(({ id, type, amount, fee, orderId, at }) => ({
      ...{ id, type, payout_id: payoutId, currency, amount: text(amount), fee: text(fee) },
      ...{ net: text(netOf({ amount, fee })), source_order_id: orderId ?? null, processed_at: at },
    })),
  });
}
