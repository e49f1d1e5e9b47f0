import type { OpenOrder } from '../orders/state.ts';
import { entryOf, type MoneyFact } from './entries.ts';
import { type Entry, type Ledger, openLedger, postAll } from './ledger.ts';
import { settlementFacts } from './settled.ts';

export type OrderWithMoney = Pick<
  OpenOrder,
  'currency' | 'total' | 'lines' | 'shipping' | 'fees' | 'refunds' | 'settlements' | 'claims'
>;

/**
 * What happened to an order's money, read off its state: the order as it stands (amendments are in it), then each refund
 * that holds money, then what settlements say, then what buyers owe. A refund that was freed, or a claim that was dropped, has left nothing behind.
 */
export function moneyFacts(order: OrderWithMoney): MoneyFact[] {
  return [
    { type: 'captured', order },
    ...order.refunds.flatMap((share): MoneyFact[] => {
      if (share.origin === 'channel') return [{ type: 'channel-refund', share }];
      const reserved: MoneyFact = { type: 'refund-reserved', share };
      return share.status === 'settled' ? [reserved, { type: 'refund-settled', share }] : [reserved];
    }),
    ...settlementFacts(order),
    ...(order.claims ?? []).flatMap((claim): MoneyFact[] => {
      const due: MoneyFact = { type: 'claim-due', claim };
      return claim.status === 'due' ? [due] : [due, { type: `claim-${claim.status}`, claim }];
    }),
  ];
}

/** The entries of an order's ledger. Posting them proves each. */
export const entriesOf = (order: OrderWithMoney): Entry[] =>
  moneyFacts(order).map((fact) => entryOf(fact, order.currency));

/** The ledger of an order. Throws LedgerError when its state does not balance; `conservation` names why instead. */
export const ledgerOf = (order: OrderWithMoney): Ledger => postAll(openLedger(order.currency), entriesOf(order));
