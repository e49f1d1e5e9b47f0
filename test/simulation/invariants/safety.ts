import { webIdOfExchange, webIdOfOrder } from '#connectors/erps/tryton/external-key.ts';
import { conservation } from '#core/ledger/conservation.ts';
import { orderKey, orderPath } from '#core/orders/order.ts';
import { type OpenOrder, ORDER_TRANSITIONS, type OrderStatus } from '#core/orders/state.ts';
import { type OpenRefund, REFUND_TRANSITIONS, type RefundStatus } from '#core/refunds/refund.ts';
import { heldUnits, type OpenReturn, type ReturnStatus } from '#core/returns/state.ts';
import { RETURN_TRANSITIONS } from '#core/returns/transitions.ts';
import { SETTLEMENT_TRANSITIONS } from '#core/settlements/state.ts';
import { checkDutyChange } from './duties.ts';
import type { ErpSale, Ground, Held, ShopOrder } from './ground.ts';
import { checkCreditDays, checkPaid, checkReturnChange } from './returns.ts';
import { checkJournals } from './settlements.ts';

export type Violation = { readonly invariant: string; readonly subject: string; readonly message: string };

const violation = (invariant: string, subject: string, message: string): Violation[] => [
  { invariant, subject, message },
];

/** What an aggregate's row says after a commit, against what it said before. */
export function checkChange(
  ground: Ground,
  key: string,
  before: Held<unknown> | undefined,
  after: Held<unknown>,
): Violation[] {
  const [kind] = key.split('#');
  return [
    ...checkVersions(key, before, after),
    ...checkMove(kind ?? '', key, before, after),
    ...(kind === 'ORDER' ? checkOrder(key, before as Held<OpenOrder> | undefined, after as Held<OpenOrder>) : []),
    ...(kind === 'REFUND' ? checkRefund(ground, after as Held<OpenRefund>) : []),
    ...(kind === 'RETURN'
      ? checkReturn(ground, key, before as Held<OpenReturn> | undefined, after as Held<OpenReturn>)
      : []),
  ];
}

function checkVersions(key: string, before: Held<unknown> | undefined, after: Held<unknown>): Violation[] {
  if (after.version !== (before?.version ?? 0) + 1) {
    return violation(
      'I5',
      key,
      `its version went from ${before?.version ?? 0} to ${after.version}: a commit was overwritten`,
    );
  }
  return after.sequence < (before?.sequence ?? 0)
    ? violation('I16', key, `its history went back from event ${before?.sequence} to ${after.sequence}`)
    : [];
}

const TRANSITIONS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ORDER: ORDER_TRANSITIONS as Record<OrderStatus, readonly OrderStatus[]>,
  RETURN: RETURN_TRANSITIONS as Record<ReturnStatus, readonly ReturnStatus[]>,
  REFUND: REFUND_TRANSITIONS as Record<RefundStatus, readonly RefundStatus[]>,
  SETTLEMENT: SETTLEMENT_TRANSITIONS,
};

/** Several moves of one commit may lie between the two statuses. */
function checkMove(kind: string, key: string, before: Held<unknown> | undefined, after: Held<unknown>): Violation[] {
  const graph = TRANSITIONS[kind];
  if (!graph) return [];
  const from = (before?.state as { status?: string } | undefined)?.status ?? 'none';
  const to = (after.state as { status: string }).status;
  return from === to || reaches(graph, from, to)
    ? []
    : violation('I5', key, `it went from ${from} to ${to}, and no allowed moves lead there`);
}

function reaches(graph: Readonly<Record<string, readonly string[]>>, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const status of seen) for (const next of graph[status] ?? []) seen.add(next);
  return seen.has(to);
}

function checkOrder(key: string, before: Held<OpenOrder> | undefined, after: Held<OpenOrder>): Violation[] {
  const { state: order } = after;
  const found: Violation[] = [];
  const known = before?.state.version;
  if (
    known &&
    (order.version.updatedAt < known.updatedAt ||
      (order.version.updatedAt === known.updatedAt && order.version.triggeredAt < known.triggeredAt))
  ) {
    found.push(...violation('I5', key, 'a lower version of its source overwrote a higher one'));
  }
  for (const line of order.lines) {
    if (line.shipped > line.quantity)
      found.push(...violation('I6', key, `line ${line.lineId}: shipped ${line.shipped} of ${line.quantity}`));
    if (line.returning > line.shipped)
      found.push(
        ...violation('I6', key, `line ${line.lineId}: ${line.returning} coming back of ${line.shipped} shipped`),
      );
    const own = unitsOf(
      order.refunds.filter(({ origin }) => origin === 'crossdock').flatMap(({ lines }) => lines),
      line.lineId,
    );
    if (own > line.quantity)
      found.push(...violation('I6', key, `line ${line.lineId}: ${own} units refunded by us of ${line.quantity}`));
  }
  return [...found, ...checkCeiling(key, order), ...checkLedger(after)];
}

/** Every cent is accounted for, or the difference is a case from the very commit on that made it. */
function checkLedger({ key, state, openCases }: Held<OpenOrder>): Violation[] {
  const { conserved, differences } = conservation(state);
  if (conserved || openCases.some((code) => code.startsWith('OVER_REFUNDED'))) return [];
  return violation('I7', key, `money is not conserved, and no case says so: ${JSON.stringify(differences)}`);
}

/** Our own refunds stay within what was captured; what the channel paid by itself has happened and can't be refused. */
function checkCeiling(key: string, order: OpenOrder): Violation[] {
  const own = order.refunds.filter(({ origin }) => origin === 'crossdock').reduce((sum, { amount }) => sum + amount, 0);
  if (own > order.total) return violation('I7', key, `own refunds of ${own} exceed the ${order.total} captured`);
  const fractions = order.refunds.some(({ amount }) => !Number.isSafeInteger(amount) || amount <= 0);
  return fractions ? violation('I7', key, 'a refund is no whole number of minor units above zero') : [];
}

const unitsOf = (lines: readonly { readonly lineId: string; readonly quantity: number }[], lineId: string): number =>
  lines.reduce((sum, line) => (line.lineId === lineId ? sum + line.quantity : sum), 0);

/** What the order holds follows the refund in the same commit: nothing of a refused one, and nothing less of an open one. */
function checkRefund(ground: Ground, { key, state }: Held<OpenRefund>): Violation[] {
  const holds =
    ground.order(state.orderKey)?.state.refunds.some(({ refundId }) => refundId === state.id.refundId) ?? false;
  if (state.status === 'refused' || state.status === 'dropped')
    return holds ? violation('I7', key, `it is ${state.status}, and the order still holds its money`) : [];
  return holds ? [] : violation('I7', key, `it is ${state.status}, and the order holds no money for it`);
}

function checkReturn(
  ground: Ground,
  key: string,
  before: Held<OpenReturn> | undefined,
  after: Held<OpenReturn>,
): Violation[] {
  return [
    ...checkReasons(key, after),
    ...checkReturnChange(key, { before: before?.state, after: after.state }),
    ...checkDutyChange(ground, key, before, after),
  ];
}

function checkReasons(key: string, { state }: Held<OpenReturn>): Violation[] {
  const { authorization } = state;
  const unmapped = authorization.lines.some(
    ({ reason, decision }) => !reason || (decision === 'approved' && reason.canonical === undefined),
  );
  return unmapped || !authorization.mappingVersion || !authorization.policyVersion
    ? violation('I15', key, 'a line has no canonical reason, or the versions that decided are missing')
    : [];
}

/** What the partners' own books say: nothing made twice, no money paid twice, every entry balanced. */
export function checkBooks(ground: Ground): Violation[] {
  const returns = ground.returns();
  return [
    ...checkErp(ground),
    ...checkCreditDays(ground),
    ...checkUnits(returns),
    ...checkJournals(ground),
    ...ground.shopOrders.flatMap((order) => [...checkShopOrder(order, ground), ...checkPaid(order, returns)]),
  ];
}

/** Each unit of a line has a worth of its own, so that none may be in two returns. */
function checkUnits(returns: readonly Held<OpenReturn>[]): Violation[] {
  const seen = new Map<string, string>();
  const found: Violation[] = [];
  for (const { key, state } of returns) {
    for (const { lineId, units } of heldUnits(state)) {
      for (const unit of units) {
        const one = `${state.authorization.orderKey} unit ${unit} of line ${lineId}`;
        const other = seen.get(one);
        if (other !== undefined) found.push(...violation('I6', key, `${one} is in ${other} as well`));
        seen.set(one, key);
      }
    }
  }
  return found;
}

function checkErp(ground: Ground): Violation[] {
  const { erpSales, unbalancedMoves } = ground;
  const found: Violation[] = [];
  const live = erpSales.filter(({ state }) => state !== 'cancelled');
  const byKey = new Map<string, number>();
  for (const { webId } of live) byKey.set(webId, (byKey.get(webId) ?? 0) + 1);
  for (const [webId, count] of byKey) {
    if (count > 1) found.push(...violation('I3', webId, `the ERP has ${count} sales orders under one key`));
  }
  for (const sale of live) {
    const credits = sale.invoices.filter(({ type }) => type === 'credit-note').length;
    if (credits > 1) found.push(...violation('I8', sale.webId, `the ERP has ${credits} credit notes for one return`));
  }
  for (const number of unbalancedMoves)
    found.push(...violation('I9', number, 'a posted journal entry is not balanced'));
  return [...found, ...checkSales(ground, live)];
}

/** The ERP has sales for the shop's orders and no others, for no more units, and none that we hold for refused. */
function checkSales(ground: Ground, sales: readonly ErpSale[]): Violation[] {
  const orders = new Map(ground.shopOrders.map((order) => [webIdOf(order.orderId), order]));
  const exchanged = new Set(
    ground.returns().flatMap(({ key, state }) => (state.steps.exchange ? [webIdOfExchange(key)] : [])),
  );
  const found: Violation[] = [];
  for (const sale of sales) {
    if (sale.isReturn) continue;
    const order = orders.get(sale.webId);
    if (!order && exchanged.has(sale.webId)) continue;
    if (!order) {
      found.push(...violation('I3', sale.webId, 'the ERP has a sale that is no order of the shop'));
      continue;
    }
    const ordered = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const booking = ground.operation(
      `erp/sales-order/${orderPath({ channel: 'shopify', account: 'main', orderId: order.orderId })}`,
    );
    if (sale.unitsToShip > ordered) {
      found.push(...violation('I3', sale.webId, `the ERP is to ship ${sale.unitsToShip} units of ${ordered} ordered`));
    }
    if (booking?.status === 'rejected' && (sale.state === 'processing' || sale.state === 'done')) {
      found.push(
        ...violation('I8', booking.key, `rejected as ${booking.reason?.code}, and the ERP has carried it out`),
      );
    }
  }
  return found;
}

function checkShopOrder(order: ShopOrder, ground: Ground): Violation[] {
  const key = orderKey({ channel: 'shopify', account: 'main', orderId: order.orderId });
  const found: Violation[] = [];
  const prefix = `channel/refund/${orderPath({ channel: 'shopify', account: 'main', orderId: order.orderId })}/`;
  const ours = order.refunds.filter(({ note }) => note?.includes(prefix));
  const notes = ours.map(({ note }) => note);
  if (new Set(notes).size < notes.length) {
    found.push(...violation('I8', key, `the shop paid a refund of ours twice: ${notes.join(', ')}`));
  }
  const own = ours.reduce((sum, { amount }) => sum + amount, 0);
  if (own > order.total) found.push(...violation('I7', key, `the shop paid ${own} for us of ${order.total} captured`));
  const held = ground.order(key);
  if (held) {
    const planned = held.state.refunds
      .filter(({ origin }) => origin === 'crossdock')
      .reduce((sum, { amount }) => sum + amount, 0);
    if (own > planned)
      found.push(...violation('I7', key, `the shop paid ${own} for us, and we hold ${planned} for it`));
  }
  return found;
}

export const webIdOf = (shopOrderId: string): string =>
  webIdOfOrder(orderKey({ channel: 'shopify', account: 'main', orderId: shopOrderId }));
