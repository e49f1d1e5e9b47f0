import { standingOf, type WaitStep } from '#application/workflow/wait-steps.ts';
import { webIdOfReturn } from '#connectors/erps/tryton/external-key.ts';
import { isEnded } from '#core/operations/operation.ts';
import { orderKey, sellerTotal } from '#core/orders/order.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { isPaid, refundIdInNote, refundKey } from '#core/refunds/refund.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { checkClaims } from './claims.ts';
import { checkDuties } from './duties.ts';
import type { ErpSale, Ground, Held, ShopOrder } from './ground.ts';
import { checkGoods, checkUnconfirmed } from './returns.ts';
import { type Violation, webIdOf } from './safety.ts';
import { checkSettlements } from './settlements.ts';

const violation = (invariant: string, subject: string, message: string): Violation => ({ invariant, subject, message });

/** What must hold once the world has behaved for long enough: nothing is lost, nothing hangs, everything open has an owner. */
export function checkSettled(ground: Ground): Violation[] {
  const salesByKey = new Map<string, ErpSale[]>();
  for (const sale of ground.erpSales) salesByKey.set(sale.webId, [...(salesByKey.get(sale.webId) ?? []), sale]);
  const owned = ownedSubjects(ground);
  return [
    ...ground
      .operations()
      .flatMap((operation) =>
        isEnded(operation) || owned.has(operation.subject)
          ? []
          : [violation('I20', operation.key, `it is still ${operation.status}, and no case tells anybody`)],
      ),
    ...ground.shopOrders.flatMap((order) => checkOrder(order, ground, salesByKey, owned)),
    ...ground.returns().flatMap((one) => checkReturn(one, salesByKey, owned)),
    ...ground
      .refunds()
      .flatMap(({ key, state }) =>
        isPaid(state) ||
        state.status === 'dropped' ||
        owned.has(key) ||
        owned.has(state.orderKey) ||
        owned.has(state.returnKey ?? '')
          ? []
          : [violation('I20', key, `the refund is ${state.status}, and no case tells anybody`)],
      ),
    ...ground
      .openCases()
      .filter(({ owner, suggestedFix }) => !owner || !suggestedFix)
      .map(({ subject, code }) => violation('I20', subject, `case ${code} has no owner or no fix`)),
    ...ground
      .openCases()
      .filter(({ code }) => code.startsWith('MESSAGE_PUT_OFF#'))
      .map(({ subject, code }) => violation('I20', subject, `case ${code} is open, and the queues are empty`)),
    ...checkGoods(ground),
    ...checkUnconfirmed(ground),
    ...checkDuties(ground),
    ...checkClaims(ground),
    ...checkSettlements(ground),
    ...checkPrivacy(ground),
  ];
}

/** Subjects with an open case; a case of a partner account or a queue is about everything behind it. */
const ownedSubjects = (ground: Ground): Set<string> => new Set(ground.openCases().map(({ subject }) => subject));

function checkOrder(
  shop: ShopOrder,
  ground: Ground,
  sales: ReadonlyMap<string, ErpSale[]>,
  owned: ReadonlySet<string>,
): Violation[] {
  const key = orderKey({ channel: 'shopify', account: 'main', orderId: shop.orderId });
  const held = ground.order(key);
  if (!held) return [violation('I2', key, 'the shop has this order, and we do not')];
  const order = held.state;
  const found: Violation[] = [];
  if (shop.cancelledAt !== null && order.cancelledAt === undefined)
    found.push(violation('I5', key, 'cancelled in the shop, and not here'));
  if (!owned.has(key) && shop.total !== order.total) {
    found.push(
      violation('I4', key, `the shop sold it for ${shop.total}, we know of ${order.total}, and no case tells anybody`),
    );
  }
  const [sale, ...more] = (sales.get(webIdOf(shop.orderId)) ?? []).filter(({ state }) => state !== 'cancelled');
  if (more.length > 0) found.push(violation('I3', key, `the ERP has ${more.length + 1} sales of it`));
  if (shop.cancelledAt === null) found.push(...checkBooked(key, order, sale, owned));
  if (!owned.has(key)) found.push(...checkShipped(key, order, shop, sale), ...checkMoney(key, order, shop, owned));
  return found;
}

function checkBooked(
  key: string,
  order: OpenOrder,
  sale: ErpSale | undefined,
  owned: ReadonlySet<string>,
): Violation[] {
  if (owned.has(key)) return [];
  if (!order.erp) return [violation('I2', key, `it is ${order.status}, not in the ERP, and no case tells anybody`)];
  if (!sale) return [violation('I3', key, `we say that the ERP has it as ${order.erp.number}, and the ERP does not`)];
  const due = sellerTotal(order);
  return sale.total === due ? [] : [violation('I9', key, `the ERP booked ${sale.total}, the seller's part is ${due}`)];
}

function checkShipped(key: string, order: OpenOrder, shop: ShopOrder, sale: ErpSale | undefined): Violation[] {
  const found: Violation[] = [];
  const bySku = new Map<string, number>();
  for (const { sku, shipped } of order.lines) bySku.set(sku, (bySku.get(sku) ?? 0) + shipped);
  for (const [sku, shipped] of bySku) {
    const inErp = sale?.shippedBySku[sku] ?? 0;
    if (inErp !== shipped) found.push(violation('I6', key, `${sku}: the ERP shipped ${inErp}, we know of ${shipped}`));
  }
  for (const line of order.lines) {
    const told = shop.fulfillments
      .filter(({ status }) => status === 'SUCCESS')
      .flatMap(({ lines }) => lines)
      .reduce((sum, { lineId, quantity }) => (lineId === line.lineId ? sum + quantity : sum), 0);
    if (told !== line.shipped)
      found.push(violation('I2', key, `line ${line.lineId}: ${line.shipped} shipped, the shop knows of ${told}`));
  }
  return found;
}

/** Every refund that the shop shows is held by the order at the same amount, and no other is. */
function checkMoney(key: string, order: OpenOrder, shop: ShopOrder, owned: ReadonlySet<string>): Violation[] {
  const found: Violation[] = [];
  const matched = new Set<string>();
  for (const refund of shop.refunds) {
    const paid = refund.amount;
    if (paid === 0) continue;
    const ours = refundIdInNote(order.id, refund.note ?? undefined);
    const share = order.refunds.find(({ refundId }) => refundId === (ours ?? `shopify-${refund.refundId}`));
    if (!share)
      found.push(
        violation('I7', key, `the shop paid refund ${refund.refundId} of ${paid}, and the order holds nothing for it`),
      );
    else {
      matched.add(share.refundId);
      if (share.amount !== paid)
        found.push(
          violation('I7', key, `refund ${share.refundId}: the shop paid ${paid}, the order holds ${share.amount}`),
        );
      if (share.status !== 'settled')
        found.push(violation('I20', key, `refund ${share.refundId} is paid, and still ${share.status} here`));
    }
  }
  for (const share of order.refunds) {
    // Store credit and goods in exchange do not go through the shop; and what it took and does not show is a case.
    if (share.means !== undefined || owned.has(refundKey({ ...order.id, refundId: share.refundId }))) continue;
    if (!matched.has(share.refundId))
      found.push(
        violation('I7', key, `the order holds ${share.amount} for ${share.refundId}, and the shop paid nothing`),
      );
  }
  return found;
}

/** What the workflow's waiting states wait for (lib/workflows/return-to-refund.ts). */
const WAITS: Readonly<Record<string, WaitStep>> = { WaitForReceipt: 'receipt', WaitForInspection: 'inspection' };

/** Statuses in which a return waits for nobody of ours, or for nothing at all. */
const AT_REST = new Set<OpenReturn['status']>(['closed', 'cancelled', 'expired', 'rejected', 'refused', 'reversed']);

function checkReturn(
  { key, state }: Held<OpenReturn>,
  sales: ReadonlyMap<string, ErpSale[]>,
  owned: ReadonlySet<string>,
): Violation[] {
  const found: Violation[] = [];
  if (!AT_REST.has(state.status) && !owned.has(key)) {
    const refund =
      state.refund &&
      refundKey({
        channel: 'shopify',
        account: 'main',
        orderId: state.authorization.orderKey.split('#').at(-1) ?? '',
        refundId: state.refund.refundId,
      });
    if (!refund || !owned.has(refund))
      found.push(violation('I20', key, `the return is ${state.status}, and no case tells anybody`));
  }
  if (state.stalled && canGoOn(state)) {
    found.push(
      violation('I20', key, `it hangs in ${state.stalled.step} for ${state.stalled.error}, though nothing hinders it`),
    );
  }
  const documents = (sales.get(webIdOfReturn(key)) ?? []).filter(({ state: now }) => now !== 'cancelled');
  if (documents.length > 1) found.push(violation('I8', key, `the ERP has ${documents.length} return documents of it`));
  if (state.status === 'closed' && state.finance?.outcome === 'approved' && !owned.has(key)) {
    const credited = documents
      .flatMap(({ invoices }) => invoices)
      .filter(({ type }) => type === 'credit-note')
      .reduce((sum, { total }) => sum + total, 0);
    if (Math.abs(credited) !== state.finance.credit)
      found.push(violation('I11', key, `credited ${Math.abs(credited)} in the ERP, ${state.finance.credit} were due`));
  }
  return found;
}

/** No event, operation, case, timer or message names a buyer; the order's one personal attribute may. */
function checkPrivacy(ground: Ground): Violation[] {
  const { personalWords } = ground;
  const words = new RegExp(personalWords.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
  if (personalWords.length === 0) return [];
  return ground.rows().flatMap(({ table, row }) => {
    const { personal: _allowed, ...rest } = row;
    const match = words.exec(JSON.stringify(rest));
    return match
      ? [
          violation(
            'I16',
            `${row.pk ?? row.key}/${row.sk ?? ''}`,
            `table ${table} holds "${match[0]}" outside the personal attribute`,
          ),
        ]
      : [];
  });
}

/**
 * Whether what a stuck step waits for has come about. In a world that behaves the workflow finds that out by itself, at the
 * latest when its pause is over.
 */
export function canGoOn(state: OpenReturn): boolean {
  const step = WAITS[state.stalled?.step ?? ''];
  return step !== undefined && standingOf(step, state).kind === 'done';
}
