import type { OrderState } from '#core/orders/state.ts';
import { type RefundState, refundIdOfReturn, refundKey } from '#core/refunds/refund.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import { type Cause, type Handled, stage } from '../aggregate.ts';
import { handleTogether, type Together, writesOf } from '../returns/together.ts';
import type { PlanRefundPorts } from './plan-refund.ts';
import { exchangeTerms, refundTerms } from './refund-terms.ts';
import { loadRefund, stageRefund } from './stage-refund.ts';

/**
 * Counts the worth of a replacement against its order, once the ERP has sold it. It has happened, whatever room is left; an
 * excess is named at once. Doing it again is harmless.
 */
export const settleExchange = (ports: PlanRefundPorts, key: string, cause: Cause): Promise<Handled<RefundState>> =>
  handleTogether(ports.store, key, () => stageExchange(ports, key, cause), cause);

async function stageExchange(ports: PlanRefundPorts, returnKey: string, cause: Cause): Promise<Together<RefundState>> {
  const state = await open(ports, returnKey);
  const order = state?.steps.exchange;
  const terms = state && order?.status === 'applied' ? exchangeTerms(state) : undefined;
  if (!terms || order?.status !== 'applied') return nothing('nothing was exchanged');
  const key = refundKey(terms.id);
  const refund = await ports.store.load<RefundState>(key);
  const loaded = { key, refund, order: await ports.store.load<OrderState>(terms.orderKey) };
  return stageRefund(ports, loaded, { type: 'record', terms, ref: order.ref, again: false }, cause);
}

/**
 * Settles a return by the store credit that its platform has issued: return, refund and order in one transaction. Credit that
 * follows counts as well: in pieces it comes to what is owed, and whatever is beyond that is a case of the refund.
 */
export const settleStoreCredit = (ports: PlanRefundPorts, key: string, cause: Cause): Promise<Handled<RefundState>> =>
  handleTogether(ports.store, key, () => stageStoreCredit(ports, key, cause), cause);

async function stageStoreCredit(
  ports: PlanRefundPorts,
  returnKey: string,
  cause: Cause,
): Promise<Together<RefundState>> {
  const state = await open(ports, returnKey);
  const [credit, ...more] = state?.issued ?? [];
  const waits = state?.refund?.status === 'planned' || state?.refund?.status === 'paid';
  if (!state || !credit || state.finance?.resolution !== 'store-credit' || !waits) {
    return nothing('no store credit is waited for');
  }
  const refundId = refundIdOfReturn(state.authorization.id);
  const { id } = refundTerms(state, refundId);
  const loaded = await loadRefund(ports.store, refundKey(id));
  // Issued in several pieces, it is known by the first, and its worth is that of all.
  const amount = [credit, ...more].reduce((sum, one) => sum + one.amount, 0);
  const known = loaded.refund?.state.status === 'confirmed' ? loaded.refund.state.ref : undefined;
  const refund = stageRefund(ports, loaded, { type: 'confirm', ref: known ?? credit.creditId, amount }, cause);
  if (refund.kind !== 'staged') return refund;
  const command = { type: 'record-refund', refundId, standing: 'paid' } as const;
  const told = stage(ports.returns, returnKey, command, await ports.store.load<ReturnState>(returnKey), cause);
  if (told.kind === 'rejected') return { ...told, state: refund.state };
  return { kind: 'staged', writes: [...refund.writes, ...writesOf(told)], state: refund.state };
}

async function open({ store }: PlanRefundPorts, returnKey: string): Promise<OpenReturn | undefined> {
  const state = (await store.load<ReturnState>(returnKey))?.state;
  return state && state.status !== 'none' ? state : undefined;
}

const nothing = (why: string): Together<RefundState> => ({ kind: 'ignored', why, state: { status: 'none' } });
