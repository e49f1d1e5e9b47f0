import type { Reason } from '#core/kernel/decision.ts';
import { parseMoney } from '#core/kernel/money.ts';
import { PAGES, type RefundsOfOrder, type WireTransaction } from './refund-wire.ts';

/** The part of a refund that goes back through one payment. */
export type RefundPart = { readonly parentId: string; readonly gateway: string; readonly amount: number };

export type Split =
  | { readonly kind: 'parts'; readonly parts: readonly RefundPart[] }
  | { readonly kind: 'refused'; readonly reason: Reason };

/**
 * Splits an amount (minor units of the shop's currency) over the payments of an order, first come first, never above what
 * is left of each: Shopify refunds a payment and not an order.
 */
export function splitRefund(order: RefundsOfOrder, currency: string, amount: number): Split {
  if (order.currencyCode !== currency) {
    return refused(
      'CURRENCY_MISMATCH',
      `the shop keeps the order in ${order.currencyCode}, the refund is in ${currency}`,
    );
  }
  if (order.transactions.length >= PAGES.transactions || order.refunds.length >= PAGES.refunds) {
    return refused('ORDER_TOO_LONG', 'the order has more payments and refunds than are read: refund it in the admin');
  }
  const payments = order.transactions.filter(isPayment);
  // What the buyer gets is told in the currency they paid in; at which rate, only Shopify knows.
  const foreign = payments.find(({ amountSet }) => amountSet.presentmentMoney.currencyCode !== currency);
  if (foreign) {
    const paidIn = foreign.amountSet.presentmentMoney.currencyCode;
    return refused(
      'PAID_IN_OTHER_CURRENCY',
      `the buyer paid in ${paidIn}, the books are in ${currency}: refund it in the admin`,
    );
  }
  const parts: RefundPart[] = [];
  let left = amount;
  for (const { id, gateway, available } of refundable(payments, order.transactions, currency)) {
    const share = Math.min(left, available);
    if (share > 0) parts.push({ parentId: id, gateway, amount: share });
    left -= Math.max(share, 0);
  }
  if (left > 0) {
    return refused(
      'REFUND_ABOVE_PAYMENTS',
      `${amount - left} of ${amount} minor units can go back to the order's payments`,
    );
  }
  if (parts.length > PAGES.refundTransactions) {
    return refused('ORDER_TOO_LONG', 'the refund spreads over more payments than are read: refund it in the admin');
  }
  return { kind: 'parts', parts };
}

type Payment = WireTransaction & { readonly gateway: string };

const isPayment = (one: WireTransaction): one is Payment =>
  (one.kind === 'SALE' || one.kind === 'CAPTURE') && one.status === 'SUCCESS' && one.gateway !== null;

/** A refund that failed took nothing; of any other the money is gone, or may be. */
const tookMoney = ({ kind, status }: WireTransaction): boolean =>
  kind === 'REFUND' && status !== 'FAILURE' && status !== 'ERROR';

/** What is left of each payment. Refunds that name no payment are taken off the first ones. */
function refundable(payments: readonly Payment[], all: readonly WireTransaction[], currency: string) {
  const refunds = all.filter(tookMoney);
  const known = new Set(payments.map(({ id }) => id));
  let unassigned = sum(
    refunds.filter(({ parentTransaction: parent }) => !parent || !known.has(parent.id)),
    currency,
  );
  return payments.map((payment) => {
    const refunded = sum(
      refunds.filter(({ parentTransaction: parent }) => parent?.id === payment.id),
      currency,
    );
    const free = Math.max(0, minorOf(payment, currency) - refunded);
    const taken = Math.min(unassigned, free);
    unassigned -= taken;
    return { id: payment.id, gateway: payment.gateway, available: free - taken };
  });
}

const sum = (transactions: readonly WireTransaction[], currency: string): number =>
  transactions.reduce((total, one) => total + minorOf(one, currency), 0);

const minorOf = ({ amountSet: { shopMoney } }: WireTransaction, currency: string): number =>
  Math.abs(parseMoney(shopMoney.amount, currency).minor);

const refused = (code: string, message: string): Split => ({ kind: 'refused', reason: { code, message } });
