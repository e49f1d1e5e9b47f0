import type { OrderId } from '#core/orders/order.ts';
import { type OpenOrder, type SettlementShare, settledIn } from '#core/orders/state.ts';
import { OWNER_OF_CAUSE, type SettlementDifference } from '#core/settlements/difference.ts';
import { type SettlementLine, settlementKey } from '#core/settlements/line.ts';
import { matchOrder } from '#core/settlements/match.ts';
import { amountOf, mergeSettled, type SettledOrder, settledOrder } from '#core/settlements/settled-order.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';
import { type Cause, handle } from '../aggregate.ts';
import { awaitOrder } from './awaited-orders.ts';
import { isUnknown, tellNamed } from './named-order.ts';
import type { RecordPorts } from './record-batch.ts';
import type { KeptLine, OrderRow } from './rows.ts';

type Ports = Pick<RecordPorts, 'store' | 'foreignIds' | 'orders' | 'agreements'>;

/** Tells one order what the settlement says of it, and answers what does not agree with what all settlements have said. */
export async function tellOrder(
  { store, foreignIds, orders, agreements }: Ports,
  { collection: { header }, revision }: OpenSettlement,
  batch: number,
  { orderId, lines }: OrderRow,
  cause: Cause,
): Promise<readonly SettlementDifference[]> {
  const { channel, account, settlementId } = header.id;
  const id: OrderId = { channel, account, orderId };
  const settled = settledOrder(orderId, header.currency, lines.filter(isClassified));
  const share = shareOf(settlementId, revision, settled);
  const command = { type: 'record-settlement', share } as const;
  const record = () => tellNamed({ store, foreignIds }, id, (key) => handle(store, orders, key, command, cause));
  const first = await record();
  if (settled && isUnknown(first)) {
    await awaitOrder(store, id, { settlement: settlementKey(header.id), revision, batch }, cause);
  }
  // It may have come between its being looked for and its being awaited: nobody would tell of it any more.
  const handled = settled && isUnknown(first) ? await record() : first;
  const terms = { told: header.told, asOf: cause.now, agreements: agreements(channel, account) };
  if (isUnknown(handled)) {
    return settled ? matchOrder(settled, undefined, terms).differences : [];
  }
  if (handled.kind === 'rejected') return settled ? [notKept(settled, handled.reason.code)] : [];
  const order = handled.kind === 'seen' ? undefined : handled.state;
  if (!order || order.status === 'none') throw new Error(`order ${orderId} was told of ${settlementId} and is none`);
  const all = allOf(order, orderId, header.currency);
  return all ? matchOrder(all, order, terms).differences : [];
}

const isClassified = (line: KeptLine): line is SettlementLine => line.class !== undefined;

function shareOf(settlementId: string, revision: number, settled: SettledOrder | undefined): SettlementShare {
  if (!settled) return { settlementId, revision };
  const { orderId: _order, ...said } = settled;
  return { settlementId, revision, ...said };
}

/** What all settlements in this currency have said of the order so far. */
function allOf(order: OpenOrder, orderId: string, currency: string): SettledOrder | undefined {
  const said = settledIn(order).filter((share) => share.currency === currency);
  const each = said.map(({ settlementId: _id, revision: _revision, ...rest }) => ({ orderId, ...rest }));
  return each.length === 0 ? undefined : each.reduce(mergeSettled);
}

/** Nobody can say whose it is, the order has no room for it, or its amounts are none: a person books it by hand. */
function notKept({ orderId, currency, amounts, from }: SettledOrder, code: string): SettlementDifference {
  const channel = amountOf(amounts, () => true);
  const cause = 'amount-differs';
  const common = { cause, orderId, about: code, channel, ledger: 0, amount: channel, currency } as const;
  return { ...common, since: from, ageDays: 0, owner: OWNER_OF_CAUSE[cause] };
}
