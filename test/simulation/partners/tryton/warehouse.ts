import type { Erp } from './erp.ts';
import type { Sale, Shipment, StockMove } from './rows.ts';
import { assignTry, inventoryMoves, pack, pick, ship } from './shipments.ts';
import { setMoveState } from './stock.ts';

/** What the people in the warehouse do, by the sale's key. */

export type ShipOptions = {
  /** Virtual time, epoch milliseconds. */
  readonly now: number;
  /** Units by SKU to send now; what is left waits for a further shipment. All units of an SKU that is not named. */
  readonly partial?: Readonly<Record<string, number>>;
  /** Goes on the shipment's label, and with it into its reference. */
  readonly trackingNumber?: string;
};

/** Picks, packs and ships what waits of a sale; answers the shipments' numbers. What is not on the shelves stays. */
export function shipSale(erp: Erp, sale: Sale, options: ShipOptions): string[] {
  erp.now = options.now;
  const left = new Map(Object.entries(options.partial ?? {}));
  const shipped: string[] = [];
  for (const shipment of openShipmentsOf(erp, sale)) {
    if (inventoryMoves(erp, shipment).every((move) => left.get(skuOf(erp, move)) === 0)) continue;
    erp.transaction(() => {
      assignTry(erp, shipment);
      if (shipment.state !== 'assigned') return;
      if (options.partial) takeOnly(erp, shipment, left);
      pick(erp, shipment);
      pack(erp, shipment);
      if (options.trackingNumber !== undefined) erp.shipments.update(shipment, { reference: options.trackingNumber });
      ship(erp, shipment);
      shipped.push(shipment.number);
    });
  }
  return shipped;
}

/** Keys of the sales that have goods waiting, in the order of their shipments. */
export function salesToShip(erp: Erp): string[] {
  const keys = new Set<string>();
  for (const state of ['waiting', 'assigned'] as const) {
    for (const { id } of erp.shipments.by('state', state)) {
      for (const { origin } of erp.moves.by('shipment', `stock.shipment.out,${id}`)) {
        if (!origin?.startsWith('sale.line,')) continue;
        const { web_id: key } = erp.sales.at(erp.saleLines.at(Number(origin.slice('sale.line,'.length))).sale);
        if (key !== null) keys.add(key);
      }
    }
  }
  return [...keys];
}

function openShipmentsOf(erp: Erp, sale: Sale): Shipment[] {
  const open = new Set<number>();
  for (const { id } of erp.saleLines.by('sale', sale.id)) {
    for (const { shipment, state } of erp.moves.by('origin', `sale.line,${id}`)) {
      if (state === 'draft' && shipment?.startsWith('stock.shipment.out,')) open.add(Number(shipment.split(',')[1]));
    }
  }
  return [...open].map((id) => erp.shipments.at(id));
}

function takeOnly(erp: Erp, shipment: Shipment, left: Map<string, number>): void {
  for (const move of inventoryMoves(erp, shipment)) {
    const units = left.get(skuOf(erp, move));
    if (units === undefined) continue;
    const taken = Math.min(units, move.quantity);
    left.set(skuOf(erp, move), units - taken);
    setMoveState(erp, move, 'draft');
    erp.moves.update(move, { quantity: taken });
    setMoveState(erp, move, 'assigned');
  }
}

const skuOf = (erp: Erp, { product }: StockMove): string => erp.products.at(product).code;
