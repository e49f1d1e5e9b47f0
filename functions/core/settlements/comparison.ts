import { daysBetween } from '../kernel/calendar.ts';
import { type Parts, totalOf } from '../ledger/buckets.ts';
import { computedTotal, sellerTotal, taxTotal } from '../orders/order.ts';
import type { RefundShare } from '../orders/state.ts';
import type { Amounts, ClassKey, Telling } from './line.ts';
import type { OrderToMatch } from './match.ts';
import { amountOf } from './settled-order.ts';

/** One part of an order's money on both sides, minor units as the seller sees them. */
export type Compared = { readonly about: string; readonly channel: number; readonly ledger: number };

const CHARGES: ReadonlySet<ClassKey> = new Set(['sale', 'shipping', 'discount', 'tax/seller']);

/** What the buyer paid, as the channel tells it; tax that it withholds for itself is not taken off yet. */
export const charged = (amounts: Amounts): number => amountOf(amounts, (key) => CHARGES.has(key));

export const isCharge = (key: ClassKey): boolean => CHARGES.has(key) || key === 'tax/marketplace';
export const isRefund = (key: ClassKey): boolean => key.startsWith('refund/');

/**
 * Goods, delivery and tax of an order on both sides. Parts that only lie differently (a promotion on the delivery that the
 * order has on a line, a price with its tax in it) are no difference as long as all of them come to the same.
 */
export function comparedCharges(told: Telling, amounts: Amounts, order: OrderToMatch): Compared[] {
  switch (told) {
    case 'as-charged':
      return [{ about: 'paid', channel: charged(amounts), ledger: computedTotal(order) }];
    case 'as-owed':
      return [
        { about: 'paid', channel: charged(amounts) + (amounts['tax/marketplace'] ?? 0), ledger: sellerTotal(order) },
      ];
    case 'by-part':
      return byPart(amounts, order);
  }
}

function byPart(amounts: Amounts, order: OrderToMatch): Compared[] {
  const withheld = amounts['tax/marketplace'] ?? 0;
  const tax = { about: 'own-tax', channel: (amounts['tax/seller'] ?? 0) + withheld, ledger: taxOf(order, 'seller') };
  const nets = comparedNets(amounts, order);
  const off = [...nets, tax].reduce((sum, { channel, ledger }) => sum + channel - ledger, 0);
  if (off === 0 && amounts['tax/seller'] === undefined) return [];
  if (off === 0 && tax.channel !== tax.ledger) return [tax];
  const netsOff = nets.reduce((sum, { channel, ledger }) => sum + channel - ledger, 0);
  const remitted = { about: 'marketplace-tax', channel: -withheld, ledger: taxOf(order, 'marketplace') };
  const told = amounts['tax/marketplace'] !== undefined && tax.channel === tax.ledger;
  return [...(netsOff === 0 ? [] : nets), tax, ...(told ? [remitted] : [])];
}

function comparedNets(amounts: Amounts, order: OrderToMatch): Compared[] {
  const net = order.lines.reduce((sum, line) => sum + line.net, 0);
  const discount = order.lines.reduce((sum, line) => sum + line.discount, 0);
  const others = order.fees.reduce((sum, fee) => sum + fee.net, 0);
  return [
    { about: 'goods', channel: amounts.sale ?? 0, ledger: net + discount },
    { about: 'discount', channel: amounts.discount ?? 0, ledger: -discount },
    { about: 'shipping', channel: amounts.shipping ?? 0, ledger: order.shipping.net + others },
  ];
}

const taxOf = ({ lines, shipping }: OrderToMatch, collectedBy: 'seller' | 'marketplace'): number =>
  [...lines, shipping].reduce((sum, { taxes }) => sum + taxTotal(taxes, collectedBy), 0);

/**
 * How long a channel may take to settle a refund: a fortnight from one settlement to the next, as the slowest have it, and two
 * days until that one is collected.
 */
export const REFUND_SETTLES_WITHIN_DAYS = 16;

/**
 * Refunds on both sides, below zero. `due`: only those that the channel has had time to settle; `pending`: with those whose
 * end is open here. What was given as store credit or goods is no money of the channel's.
 */
export function comparedRefunds(
  told: Telling,
  amounts: Amounts,
  order: OrderToMatch,
  asOf: string,
): Compared & { readonly due: number; readonly pending: number } {
  const whole = told === 'as-charged';
  const channel = amountOf(amounts, (key) => isRefund(key) && !(whole && key === 'refund/marketplace-tax'));
  const sumOf = (takes: (share: RefundShare) => boolean): number =>
    order.refunds
      .filter((share) => share.means === undefined && takes(share))
      .reduce((sum, { amount, parts }) => sum - (whole ? amount : sellersPart(parts)), 0);
  const ledger = sumOf(({ status }) => status === 'settled');
  const due = sumOf((share) => share.status === 'settled' && !isUnderWay(share, asOf));
  return { about: 'refund', channel, ledger, due, pending: sumOf(() => true) };
}

const isUnderWay = ({ settledAt }: RefundShare, asOf: string): boolean =>
  settledAt !== undefined && daysBetween(settledAt, asOf) < REFUND_SETTLES_WITHIN_DAYS;

const sellersPart = (parts: Parts): number =>
  totalOf(Object.fromEntries(Object.entries(parts).filter(([bucket]) => !bucket.endsWith('/marketplace-tax'))));
