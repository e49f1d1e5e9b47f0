import type { Reason } from '../kernel/decision.ts';
import type { LineQuantity } from '../kernel/quantity.ts';
import { fitParts, type Parts } from '../ledger/buckets.ts';
import { operationKey } from '../operations/operation.ts';
import { type OrderId, orderPath } from '../orders/order.ts';
import type { NewShare } from '../orders/state.ts';
import type { ReturnId } from '../returns/return.ts';

/** Whose refund: ids of our own and of the channel's live side by side under the order. */
export type RefundId = OrderId & { readonly refundId: string };

export const refundKey = ({ channel, account, orderId, refundId }: RefundId): string =>
  `REFUND#${channel}#${account}#${orderId}#${refundId}`;

/** Channel account of a refund's key. Throws when it is no refund's. */
export function refundOrigin(key: string): { readonly channel: string; readonly account: string } {
  const [kind, channel, account] = key.split('#');
  if (kind !== 'REFUND' || !channel || !account) throw new Error(`"${key}" is not a refund key`);
  return { channel, account };
}

/** Key of the operation that pays it; also what travels to the channel as the refund's note. */
export const refundOperationKey = (id: RefundId): string => operationKey('channel/refund', orderPath(id), id.refundId);

/** Id of a return's refund. A return is refunded once; two platforms may use one return id for an order. */
export const refundIdOfReturn = ({ platform, account, returnId }: ReturnId): string =>
  `${platform}.${account}.${returnId}`;

/** Id under which the worth of a replacement is kept. No return's id has a plus sign, so it is no other return's refund. */
export const refundIdOfExchange = (id: ReturnId): string => `${refundIdOfReturn(id)}+exchange`;

/** Key of the look whether the channel has it. */
export const confirmationKey = (id: RefundId): string =>
  operationKey('channel/refund-confirmation', orderPath(id), id.refundId);

/** Id under which a refund of the channel's own is kept. */
export const refundIdOfChannel = (channel: string, channelRefundId: string): string => `${channel}-${channelRefundId}`;

/** Our refund id in the note of a channel's refund; undefined when the refund is not ours. */
export function refundIdInNote(order: OrderId, note: string | undefined): string | undefined {
  const prefix = `${operationKey('channel/refund', orderPath(order))}/`;
  const start = note?.indexOf(prefix) ?? -1;
  if (note === undefined || start < 0) return undefined;
  const [refundId] = /^[^\s"'<>,;)\]]+/.exec(note.slice(start + prefix.length)) ?? [];
  return refundId;
}

/** A partner's id may come bare in one place and as the end of a longer name in another (gid://shopify/Refund/929361462). */
export const sameRef = (a: string, b: string): boolean => a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);

/** What is paid back, and for which units. */
export type RefundTerms = {
  readonly id: RefundId;
  readonly orderKey: string;
  /** The return it settles; none for a refund that the channel made by itself. */
  readonly returnKey?: string;
  readonly currency: string;
  /** Minor units. */
  readonly amount: number;
  /** What the amount is for; it adds up to it. */
  readonly parts: Parts;
  readonly lines: readonly LineQuantity[];
  /** Through the channel when missing. */
  readonly means?: RefundMeans;
};

/** Ways in which a buyer gets the worth of goods other than money: it counts against the order as money does. */
export type RefundMeans = 'store-credit' | 'exchange';

/** `dropped`: a person has found that it was not paid and is not to be; the return is settled otherwise, or not at all. */
export type RefundStatus = 'none' | 'planned' | 'issued' | 'confirmed' | 'refused' | 'recorded' | 'dropped';

export type OpenRefund = RefundTerms & {
  readonly status: Exclude<RefundStatus, 'none'>;
  /** The channel's own id, from its answer or its webhook. */
  readonly ref?: string;
  /** Minor units that the channel says it paid, when that is not what was planned. */
  readonly paid?: number;
  readonly reason?: Reason;
  /** The channel was asked whether it made the refund; `failed`: it did not know it. */
  readonly confirmation?: 'asked' | 'failed';
  /** It was dropped because the buyer has the money from elsewhere. */
  readonly otherwise?: true;
};

export type RefundState = { readonly status: 'none' } | OpenRefund;

/** Every move a refund may make; a test proves that each status can be reached and that the decider makes no other move. */
export const REFUND_TRANSITIONS: Readonly<Record<RefundStatus, readonly RefundStatus[]>> = {
  none: ['planned', 'recorded'],
  // The channel's webhook can be faster than its answer.
  planned: ['issued', 'confirmed', 'refused', 'dropped'],
  // Taken, and then not paid: the channel does not know it when it is asked.
  issued: ['confirmed', 'dropped'],
  confirmed: [],
  // A person has it tried again, or the channel paid after all.
  refused: ['planned', 'issued', 'confirmed', 'dropped'],
  recorded: [],
  dropped: ['issued', 'confirmed'],
};

/** The channel took it, and does not know it when it is asked: a person must find out whether the buyer has the money. */
export const isUnconfirmed = ({ status, confirmation }: Pick<OpenRefund, 'status' | 'confirmation'>): boolean =>
  status === 'issued' && confirmation === 'failed';

/** The buyer has the money, or is certain to get it. */
export const isPaid = ({ status }: Pick<OpenRefund, 'status'>): boolean =>
  status === 'issued' || status === 'confirmed' || status === 'recorded';

/** What the refund takes of its order's money: what was planned, until the channel says what it paid. */
export function shareOf({ id, amount, parts, lines, means, paid = amount }: OpenRefund): NewShare {
  return { refundId: id.refundId, amount: paid, parts: fitParts(parts, paid), lines, ...(means && { means }) };
}
