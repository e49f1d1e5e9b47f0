import type { LineQuantity } from '#core/kernel/quantity.ts';
import type { OpenOrder, OrderState } from '#core/orders/state.ts';
import { type Cause, handle } from '../aggregate.ts';
import type { ErpReader, ErpShipment } from '../ports/connector.ts';
import type { Clock, IdSource, Log } from '../ports/runtime.ts';
import type { CaseStore, CursorStore, Store } from '../ports/store.ts';
import type { OrderAggregate } from './order-aggregate.ts';

export type PollShipmentsPorts = {
  readonly store: Store;
  readonly cases: CaseStore;
  readonly cursors: CursorStore;
  readonly orders: OrderAggregate;
  readonly erp: ErpReader;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
};

export type Polled = { readonly read: number; readonly recorded: number; readonly refused: number };

/**
 * Reads what the ERP has shipped since the last time and tells the orders. The cursor moves only after every shipment of
 * a read was recorded, and reads overlap: a crash repeats work, and an order ignores a shipment that it knows.
 */
export async function pollShipments(ports: PollShipmentsPorts, name: string, signal: AbortSignal): Promise<Polled> {
  const before = await ports.cursors.get(name);
  const { shipments, cursor } = await ports.erp.shipmentsSince(before, signal);
  const cause: Cause = { now: ports.clock.now(), correlationId: ports.ids.next(), causationId: `poll/${name}` };
  const counts = { read: shipments.length, recorded: 0, refused: 0 };
  for (const shipment of shipments) {
    const what = await record(ports, shipment, cause);
    if (what !== 'known') counts[what] += 1;
  }
  if (cursor !== before) await ports.cursors.set(name, cursor);
  return counts;
}

async function record(
  ports: PollShipmentsPorts,
  shipment: ErpShipment,
  cause: Cause,
): Promise<'recorded' | 'refused' | 'known'> {
  const { orderKey, shipmentId } = shipment;
  const stored = await ports.store.load<OrderState>(orderKey);
  const lines = stored && stored.state.status !== 'none' ? linesOf(shipment, stored.state) : undefined;
  if (!lines) return refuse(ports, shipment, 'the shipped goods can not be matched with lines of the order', cause.now);
  const { carrier, trackingNumber, shippedAt } = shipment;
  const handled = await handle(
    ports.store,
    ports.orders,
    orderKey,
    {
      type: 'record-shipment',
      shipmentId,
      lines,
      shippedAt,
      ...(carrier !== undefined && { carrier }),
      ...(trackingNumber !== undefined && { trackingNumber }),
    },
    cause,
  );
  if (handled.kind === 'rejected') return refuse(ports, shipment, handled.reason.message, cause.now);
  return handled.kind === 'committed' ? 'recorded' : 'known';
}

async function refuse(ports: PollShipmentsPorts, shipment: ErpShipment, why: string, now: string): Promise<'refused'> {
  const { orderKey, shipmentId } = shipment;
  ports.log.warn('shipment refused', { subject: orderKey, shipment: shipmentId });
  await ports.cases.open(
    orderKey,
    {
      code: `SHIPMENT_UNMATCHED#${shipmentId}`,
      owner: 'erp',
      message: `the ERP reports shipment ${shipmentId}: ${why}`,
      suggestedFix: 'compare the shipment in the ERP with the order; correct the ERP, the next poll reads it again',
    },
    now,
  );
  return 'refused';
}

/**
 * The order lines that a shipment holds. An ERP that keeps our line ids says so; else units of a SKU go to its lines in
 * the order's sequence, as far as each has units left to ship. Undefined when not every unit finds a line.
 */
export function linesOf(shipment: ErpShipment, order: OpenOrder): LineQuantity[] | undefined {
  if (order.shipments.some(({ shipmentId }) => shipmentId === shipment.shipmentId)) return [];
  const left = new Map(order.lines.map((line) => [line.lineId, line.quantity - line.shipped]));
  const lines: LineQuantity[] = [];
  for (const { lineId, sku, quantity } of shipment.lines) {
    let open = quantity;
    for (const line of order.lines) {
      if (open === 0) break;
      if (lineId === undefined ? line.sku !== sku : line.lineId !== lineId) continue;
      const units = Math.min(open, left.get(line.lineId) ?? 0);
      if (units === 0) continue;
      lines.push({ lineId: line.lineId, quantity: units });
      left.set(line.lineId, (left.get(line.lineId) ?? 0) - units);
      open -= units;
    }
    if (open > 0) return undefined;
  }
  return lines.length > 0 ? lines : undefined;
}
