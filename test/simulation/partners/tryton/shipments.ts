import type { Erp } from './erp.ts';
import { userError } from './errors.ts';
import type { ReturnShipment, Shipment, StockMove } from './rows.ts';
import { processLater } from './sales.ts';
import { movesOf, setMoveState } from './stock.ts';
import { dateAt } from './wire.ts';

/** The warehouse's buttons. In the wrong state they do nothing and say nothing. */

const OUT = 'stock.shipment.out';
const RETURN = 'stock.shipment.out.return';

/** Moves that bring goods from the shelves to the dock, and moves that leave the house. */
export const inventoryMoves = (erp: Erp, { id, warehouse_output: zone }: Shipment): StockMove[] =>
  movesOf(erp, OUT, id, 'to_location', zone);
const outgoingMoves = (erp: Erp, { id, warehouse_output: zone }: Shipment): StockMove[] =>
  movesOf(erp, OUT, id, 'from_location', zone);

/** Reserves the goods, if all of them are on the shelves. */
export function assignTry(erp: Erp, shipment: Shipment): void {
  if (shipment.state !== 'waiting') return;
  const moves = inventoryMoves(erp, shipment).filter(({ state }) => state === 'draft');
  const wanted = new Map<number, number>();
  for (const { product, quantity } of moves) wanted.set(product, (wanted.get(product) ?? 0) + quantity);
  for (const [product, units] of wanted) {
    if (erp.levels.available(product, shipment.warehouse_storage) < units) return;
  }
  for (const move of moves) setMoveState(erp, move, 'assigned');
  erp.shipments.update(shipment, { state: 'assigned' });
}

/** The goods are at the dock: what leaves the house is what was picked. */
export function pick(erp: Erp, shipment: Shipment): void {
  if (shipment.state !== 'assigned') return;
  const picked = new Map<string | null, number>();
  for (const move of inventoryMoves(erp, shipment)) {
    if (move.quantity === 0) erp.moves.remove(move);
    else setMoveState(erp, move, 'done');
    picked.set(move.origin, (picked.get(move.origin) ?? 0) + move.quantity);
  }
  for (const move of outgoingMoves(erp, shipment)) {
    const quantity = picked.get(`stock.move,${move.id}`) ?? 0;
    if (move.state !== 'cancelled' && move.quantity !== quantity) erp.moves.update(move, { quantity });
  }
  erp.shipments.update(shipment, { state: 'picked' });
}

export function pack(erp: Erp, shipment: Shipment): void {
  if (shipment.state !== 'picked') return;
  for (const move of outgoingMoves(erp, shipment)) {
    if (move.quantity === 0) erp.moves.remove(move);
    else setMoveState(erp, move, 'assigned');
  }
  erp.shipments.update(shipment, { state: 'packed' });
}

/** The goods leave the house; their sales are looked through for what is to be invoiced or sent after. */
export function ship(erp: Erp, shipment: Shipment): void {
  if (shipment.state !== 'packed') return;
  const moves = outgoingMoves(erp, shipment);
  for (const move of moves) setMoveState(erp, move, 'done');
  erp.shipments.update(shipment, { state: 'done', effective_date: shipment.effective_date ?? dateAt(erp.now) });
  processLater(erp, salesOfMoves(erp, moves));
}

export function cancelShipment(erp: Erp, shipment: Shipment): void {
  if (shipment.state === 'done' || shipment.state === 'cancelled') return;
  const moves = erp.moves.by('shipment', `${OUT},${shipment.id}`);
  for (const move of moves) if (move.state !== 'done') setMoveState(erp, move, 'cancelled');
  erp.shipments.update(shipment, { state: 'cancelled' });
  processLater(erp, salesOfMoves(erp, moves));
}

/** The goods are in the house: they stand in the input zone, and moves onto the shelves wait for a decision. */
export function receive(erp: Erp, shipment: ReturnShipment): void {
  if (shipment.state !== 'draft') return;
  const incoming = movesOf(erp, RETURN, shipment.id, 'to_location', shipment.warehouse_input);
  for (const move of incoming) {
    setMoveState(erp, move, 'done');
    erp.moves.insert({
      product: move.product,
      unit: move.unit,
      quantity: move.quantity,
      company: move.company,
      from_location: shipment.warehouse_input,
      to_location: shipment.warehouse_storage,
      shipment: `${RETURN},${shipment.id}`,
      origin: `stock.move,${move.id}`,
    });
  }
  erp.returns.update(shipment, { state: 'received' });
  processLater(erp, salesOfMoves(erp, incoming));
}

/** The goods are put away; other units than were received need a yes. */
export function putAway(erp: Erp, shipment: ReturnShipment): void {
  if (shipment.state !== 'received') return;
  const zone = shipment.warehouse_input;
  const incoming = movesOf(erp, RETURN, shipment.id, 'to_location', zone);
  const moves = movesOf(erp, RETURN, shipment.id, 'from_location', zone).filter(({ state }) => state !== 'cancelled');
  if (!sameUnits(incoming, moves)) {
    const text = `The quantities of shipment "${shipment.number}" are different.`;
    erp.ask('check_quantity_product', RETURN, [shipment.id], text);
  }
  for (const move of moves) {
    if (move.from_location === move.to_location) {
      throw userError('The source and destination of stock move must be different.');
    }
    setMoveState(erp, move, 'done');
  }
  erp.returns.update(shipment, { state: 'done', effective_date: shipment.effective_date ?? dateAt(erp.now) });
}

export function cancelReturn(erp: Erp, shipment: ReturnShipment): void {
  if (shipment.state === 'done' || shipment.state === 'cancelled') return;
  const moves = erp.moves.by('shipment', `${RETURN},${shipment.id}`);
  for (const move of moves) if (move.state !== 'done') setMoveState(erp, move, 'cancelled');
  erp.returns.update(shipment, { state: 'cancelled' });
  processLater(erp, salesOfMoves(erp, moves));
}

/** Sales whose lines some moves are of. */
function salesOfMoves(erp: Erp, moves: readonly StockMove[]): Set<number> {
  const sales = new Set<number>();
  for (const { origin } of moves) {
    if (origin?.startsWith('sale.line,')) sales.add(erp.saleLines.at(Number(origin.slice('sale.line,'.length))).sale);
  }
  return sales;
}

function sameUnits(a: readonly StockMove[], b: readonly StockMove[]): boolean {
  const units = new Map<number, number>();
  for (const { product, quantity } of a) units.set(product, (units.get(product) ?? 0) + quantity);
  for (const { product, quantity } of b) units.set(product, (units.get(product) ?? 0) - quantity);
  return [...units.values()].every((left) => left === 0);
}
