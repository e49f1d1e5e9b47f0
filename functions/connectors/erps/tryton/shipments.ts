import * as z from 'zod/mini';
import type { ErpShipment } from '#application/ports/connector.ts';
import type { Calls } from './calls.ts';
import { lineIdIn } from './document.ts';
import { orderKeyOf } from './external-key.ts';
import { date, dateTime, dayOf, idIn, ids, instantOf, reference } from './wire.ts';

/** Customer shipments of Tryton as the house knows them. */
export const SHIPMENT_SHAPE = {
  number: z.string(),
  reference: z.nullable(z.string()),
  effective_date: z.nullable(date),
  write_date: z.nullable(dateTime),
  outgoing_moves: ids,
};

const ROW = z.object({ ...SHIPMENT_SHAPE, id: z.int() });
export type ShipmentRow = z.infer<typeof ROW>;

const MOVE_SHAPE = {
  quantity: z.number(),
  state: z.string(),
  origin: reference,
  'product.': z.object({ code: z.string() }),
};
const LINE_SHAPE = { note: z.nullable(z.string()), 'sale.': z.object({ web_id: z.nullable(z.string()) }) };

/** The shipments' units by order line. Units of sales that are not ours (a person's, another shop's) are left out. */
export async function shipmentsOf(calls: Calls, rows: readonly ShipmentRow[]): Promise<ErpShipment[]> {
  const moves = await calls.read(
    'stock.move',
    rows.flatMap((row) => row.outgoing_moves),
    MOVE_SHAPE,
  );
  const lineIds = [...new Set(moves.flatMap((move) => idIn(move.origin, 'sale.line') ?? []))];
  const lines = new Map((await calls.read('sale.line', lineIds, LINE_SHAPE)).map((line) => [line.id, line]));
  const byId = new Map(moves.map((move) => [move.id, move]));

  return rows.flatMap((row) => {
    const byOrder = new Map<string, ErpShipment['lines'][number][]>();
    for (const id of row.outgoing_moves) {
      const move = byId.get(id);
      const line = lines.get(idIn(move?.origin ?? null, 'sale.line') ?? 0);
      const orderKey = orderKeyOf(line?.['sale.'].web_id ?? '');
      // Orders have whole units; a part of a unit belongs to a line that a person added.
      if (!move || !line || orderKey === undefined || move.state !== 'done' || !Number.isSafeInteger(move.quantity))
        continue;
      const lineId = lineIdIn(line.note);
      const units = { sku: move['product.'].code, quantity: move.quantity, ...(lineId !== undefined && { lineId }) };
      byOrder.set(orderKey, merged(byOrder.get(orderKey) ?? [], units));
    }
    return [...byOrder].map(([orderKey, units]) => ({
      shipmentId: row.number,
      orderKey,
      shippedAt: shippedAt(row),
      lines: units,
      ...(row.reference ? { trackingNumber: row.reference } : {}),
    }));
  });
}

type Units = ErpShipment['lines'][number];

/** One entry a line: a line whose total does not divide evenly stands in the ERP as two. */
function merged(units: readonly Units[], more: Units): Units[] {
  const same = units.findIndex(({ sku, lineId }) => sku === more.sku && lineId === more.lineId);
  if (same < 0) return [...units, more];
  return units.map((one, index) => (index === same ? { ...one, quantity: one.quantity + more.quantity } : one));
}

/** The ERP keeps the day on which the goods left; the time of the last change is that of the day's end unless touched later. */
function shippedAt({ effective_date: day, write_date: changed }: ShipmentRow): string {
  const changedAt = changed ? instantOf(changed) : undefined;
  if (!day) return changedAt ?? new Date(0).toISOString();
  return changedAt?.startsWith(dayOf(day)) ? changedAt : `${dayOf(day)}T00:00:00.000Z`;
}
