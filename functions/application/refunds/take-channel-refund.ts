import { PoisonError } from '#core/kernel/errors.ts';
import { type OrderId, orderKey } from '#core/orders/order.ts';
import type { OpenOrder, OrderState } from '#core/orders/state.ts';
import { type RefundState, refundIdInNote, refundIdOfChannel, refundKey, sameRef } from '#core/refunds/refund.ts';
import { splitChannelRefund } from '#core/refunds/split.ts';
import type { Cause } from '../aggregate.ts';
import type { ChannelRefund } from '../intake/inbound.ts';
import type { Taker } from '../intake/take-message.ts';
import type { Stored } from '../ports/store.ts';
import { handleTogether, type Together } from '../returns/together.ts';
import { type RefundPorts, stageRefund } from './stage-refund.ts';

/**
 * Takes a refund that the channel reports. One whose note holds our operation key is our own, and confirmed, be its
 * answer there yet or not. Any other was made in the channel itself: it has happened, and counts against the order's
 * ceilings as ours do.
 */
export const takeChannelRefund =
  (ports: RefundPorts): Taker<'channel-refund'> =>
  async ({ orderId, refund }, cause, inbox) => {
    const order = orderKey(orderId);
    const subject = refundKey({ ...orderId, refundId: refundIdOf(orderId, refund) });
    const handled = await handleTogether(
      ports.store,
      subject,
      () => stageTaken(ports, orderId, refund, cause),
      cause,
      inbox ? { inbox: { ...inbox, subject } } : {},
    );
    if (handled.kind === 'rejected') {
      throw new PoisonError(handled.reason.code, handled.reason.message, { context: { subject, order } });
    }
    return { kind: handled.kind, subject, ...(handled.kind === 'ignored' && { why: handled.why }) };
  };

const refundIdOf = (orderId: OrderId, { note, channelRefundId }: ChannelRefund): string =>
  refundIdInNote(orderId, note) ?? refundIdOfChannel(orderId.channel, channelRefundId);

async function stageTaken(
  ports: RefundPorts,
  orderId: OrderId,
  refund: ChannelRefund,
  cause: Cause,
): Promise<Together<RefundState>> {
  const state: RefundState = { status: 'none' };
  const stored = await ports.store.load<OrderState>(orderKey(orderId));
  if (!stored || stored.state.status === 'none') {
    const message = `refund ${refund.channelRefundId} is for order ${orderId.orderId}, which has not arrived`;
    return { kind: 'rejected', reason: { code: 'ORDER_UNKNOWN', message }, state };
  }
  const order = { ...stored, state: stored.state };
  if (refund.amount.currency !== order.state.currency) {
    const message = `refund ${refund.channelRefundId} is in ${refund.amount.currency}, its order in ${order.state.currency}`;
    return { kind: 'rejected', reason: { code: 'CURRENCY_MISMATCH', message }, state };
  }
  if (refund.amount.minor < 0) {
    const message = `refund ${refund.channelRefundId} is over ${refund.amount.minor} minor units: send what was paid back`;
    return { kind: 'rejected', reason: { code: 'AMOUNT_NEGATIVE', message }, state };
  }
  const confirmed = await stageConfirmed(ports, orderId, refund, order, cause);
  if (confirmed && (confirmed.kind !== 'rejected' || confirmed.reason.code !== 'REFUNDED_TWICE')) return confirmed;
  // Channels also report units that were taken off an order as refunds of nothing.
  if (refund.amount.minor === 0) return { kind: 'ignored', why: 'no money moved', state };
  return stageRecorded(ports, orderId, refund, order, cause, confirmed !== undefined);
}

/** Undefined when the refund is none of ours. */
async function stageConfirmed(
  ports: RefundPorts,
  orderId: OrderId,
  { note, channelRefundId: ref, amount }: ChannelRefund,
  order: Stored<OrderState>,
  cause: Cause,
): Promise<Together<RefundState> | undefined> {
  const ours = await findOurs(ports, orderId, note, ref, order.state);
  if (!ours) return undefined;
  return stageRefund(ports, { ...ours, order }, { type: 'confirm', ref, amount: amount.minor }, cause);
}

type Ours = { readonly key: string; readonly refund: Stored<RefundState> };

/** By the note, which is there before the channel's answer; else, should the channel have lost it, by the channel's id. */
async function findOurs(
  { store }: RefundPorts,
  orderId: OrderId,
  note: string | undefined,
  channelRefundId: string,
  order: OrderState,
): Promise<Ours | undefined> {
  const noted = refundIdInNote(orderId, note);
  // What was given by other means has a reference too, but none of the channel's.
  const shares =
    order.status === 'none' ? [] : order.refunds.filter(({ origin, means }) => origin === 'crossdock' && !means);
  for (const refundId of noted === undefined ? shares.map((share) => share.refundId) : [noted]) {
    const key = refundKey({ ...orderId, refundId });
    const refund = await store.load<RefundState>(key);
    if (!refund || refund.state.status === 'none') continue;
    const { ref } = refund.state;
    if (noted !== undefined || (ref !== undefined && sameRef(ref, channelRefundId))) return { key, refund };
  }
  return undefined;
}

async function stageRecorded(
  ports: RefundPorts,
  orderId: OrderId,
  { channelRefundId: ref, amount, lines, stated }: ChannelRefund,
  order: Stored<OpenOrder>,
  cause: Cause,
  again: boolean,
): Promise<Together<RefundState>> {
  const id = { ...orderId, refundId: refundIdOfChannel(orderId.channel, ref) };
  const key = refundKey(id);
  const parts = splitChannelRefund(order.state, { amount: amount.minor, lines, ...(stated && { stated }) });
  const terms = { id, orderKey: orderKey(orderId), currency: amount.currency, amount: amount.minor, parts, lines };
  const refund = await ports.store.load<RefundState>(key);
  return stageRefund(ports, { key, refund, order }, { type: 'record', terms, ref, again }, cause);
}
