import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { StockMoveContent } from '#core/returns/return.ts';
import type { Calls } from './calls.ts';
import type { Workbench } from './document.ts';
import { RETURN_SHIPMENT, returnShipment } from './item-receipt.ts';
import type { Made } from './outcome.ts';
import { type Destination, putAway, sameDestinations, unitsByProduct } from './put-away.ts';
import { returnSale } from './return-sale.ts';
import { locationFor } from './settings.ts';
import { id, ids, quantity } from './wire.ts';

const MOVE_SHAPE = {
  product: id,
  unit: id,
  quantity,
  from_location: id,
  to_location: id,
  company: id,
  origin: z.nullable(z.string()),
  state: z.string(),
};

type Move = Awaited<ReturnType<typeof inventoryMoves>>[number];

/**
 * `erp/stock-move`: received units go where their disposition says, which ends the return shipment. Until then they stand
 * in the input zone; only what reaches the storage location can be sold again.
 */
export async function moveStock(calls: Calls, bench: Workbench, operation: Operation): Promise<Made> {
  const content = operation.content as unknown as StockMoveContent;
  const shipment = await shipmentOf(calls, content);
  const wanted = await destinations(calls, bench, content);
  const moves = await inventoryMoves(calls, shipment.id);
  if (shipment.state === 'received') {
    assertUnits(moves, wanted, content);
    if (!sameDestinations(moves.map(destination), wanted)) await redirect(calls, shipment.id, moves, wanted);
    const { finishShipment } = await calls.series();
    await calls.press(RETURN_SHIPMENT, finishShipment, [shipment.id]);
  }
  const made = await proven(calls, content, wanted);
  if (made) return made;
  throw new BusinessError(
    'ERP_STATE_UNCHANGED',
    `return shipment ${shipment.number} of return ${content.returnId} is not done although the ERP was asked to: see in the ERP what keeps it`,
  );
}

export async function findStockMove(calls: Calls, bench: Workbench, operation: Operation): Promise<Made | undefined> {
  const content = operation.content as unknown as StockMoveContent;
  return await proven(calls, content, await destinations(calls, bench, content));
}

async function proven(
  calls: Calls,
  content: StockMoveContent,
  wanted: readonly Destination[],
): Promise<Made | undefined> {
  const shipment = await shipmentOf(calls, content);
  if (shipment.state !== 'done') return undefined;
  const moves = await inventoryMoves(calls, shipment.id);
  if (moves.every(({ state }) => state === 'done') && sameDestinations(moves.map(destination), wanted)) {
    return { ref: shipment.number, facts: { number: shipment.number } };
  }
  throw new BusinessError(
    'STOCK_ELSEWHERE',
    `somebody put the units of return ${content.returnId} (shipment ${shipment.number}) elsewhere than their disposition says: move them in the ERP, then settle the operation by hand`,
  );
}

async function shipmentOf(calls: Calls, content: StockMoveContent) {
  const shipment = await returnShipment(calls, await returnSale(calls, content));
  if (shipment && shipment.state !== 'draft') return shipment;
  throw new BusinessError(
    'RECEIPT_NOT_RECEIVED',
    `the ERP has no received return shipment for return ${content.returnId}: receive it there, then retry the operation`,
  );
}

async function inventoryMoves(calls: Calls, shipment: number) {
  const [found] = await calls.read(RETURN_SHIPMENT, [shipment], { inventory_moves: ids });
  const moves = await calls.read('stock.move', found?.inventory_moves ?? [], MOVE_SHAPE);
  return moves.filter(({ state }) => state !== 'cancelled');
}

async function destinations(
  calls: Calls,
  { directory, settings }: Workbench,
  content: StockMoveContent,
): Promise<Destination[]> {
  const products = await directory.products(
    calls,
    content.moves.map(({ sku }) => sku),
    'take-back',
  );
  return await Promise.all(
    content.moves.map(async ({ sku, quantity: units, disposition }) => ({
      product: products.get(sku)?.product ?? 0,
      quantity: units,
      to: await directory.location(calls, locationFor(settings, disposition)),
    })),
  );
}

/** Lays the moves out anew in one call, so that a cut-off attempt leaves either the old or the new lay-out. */
async function redirect(
  calls: Calls,
  shipment: number,
  moves: readonly Move[],
  wanted: readonly Destination[],
): Promise<void> {
  const { change, add } = putAway(
    moves.map((move) => ({ ...destination(move), id: move.id })),
    wanted,
  );
  const byId = new Map(moves.map((move) => [move.id, move]));
  const commands = [
    ...change.map(({ id: move, quantity: units, to }) => ['write', [move], { quantity: units, to_location: to }]),
    ...add.map(({ from, quantity: units, to }) => [
      'create',
      [{ ...splitOff(byId.get(from)), quantity: units, to_location: to }],
    ]),
  ];
  await calls.write(RETURN_SHIPMENT, [shipment], { inventory_moves: commands });
}

function splitOff(move: Move | undefined) {
  if (!move) throw new Error('a part is split off from a move that was read');
  const { product, unit, from_location, company, origin } = move;
  return { product, unit, from_location, company, origin };
}

function assertUnits(moves: readonly Move[], wanted: readonly Destination[], { returnId }: StockMoveContent): void {
  const received = unitsByProduct(moves);
  const placed = unitsByProduct(wanted);
  if (received.size === placed.size && [...received].every(([product, units]) => placed.get(product) === units)) return;
  throw new BusinessError(
    'QUANTITY_MISMATCH',
    `the ERP received other units for return ${returnId} than the inspection put away: compare its return shipment with the inspection`,
  );
}

const destination = ({ product, quantity: units, to_location }: Move): Destination => ({
  product,
  quantity: units,
  to: to_location,
});
