import type { Erp } from './erp.ts';
import { userError } from './errors.ts';
import type { Location, Sale, SaleLine } from './rows.ts';

/** Shipments that a sale calls for: goods out for what it sells, goods back in for what it takes back. */

type Planned = { readonly line: SaleLine; readonly quantity: number };
type Again = { readonly again?: boolean };

/** A shipment for what is sold and not yet moved; with `again`, for all that is sold. It waits for the warehouse. */
export function draftShipment(erp: Erp, sale: Sale, { again = false }: Again = {}): void {
  const planned = open(erp, sale, 1, again);
  if (planned.length === 0) return;
  const warehouse = erp.locations.at(sale.warehouse);
  const shipment = erp.shipments.insert({
    number: erp.next('shipment'),
    company: sale.company,
    customer: sale.party,
    delivery_address: sale.shipment_address,
    warehouse: warehouse.id,
    warehouse_storage: warehouse.storage_location,
    warehouse_output: warehouse.output_location,
  });
  const link = `stock.shipment.out,${shipment.id}`;
  for (const { line, quantity } of planned) {
    const outgoing = moveFor(erp, sale, line, quantity, link, warehouse.output_location, customerOf(erp, sale));
    erp.moves.insert({
      ...goods(sale, line, quantity, link),
      from_location: warehouse.storage_location,
      to_location: warehouse.output_location,
      origin: `stock.move,${outgoing.id}`,
    });
  }
  erp.shipments.update(shipment, { state: 'waiting' });
}

/** A return shipment for what is taken back and not yet moved. It waits for its goods. */
export function draftReturn(erp: Erp, sale: Sale): void {
  const planned = open(erp, sale, -1, false);
  if (planned.length === 0) return;
  const warehouse = erp.locations.at(sale.warehouse);
  const shipment = erp.returns.insert({
    number: erp.next('return shipment'),
    company: sale.company,
    customer: sale.party,
    contact_address: sale.invoice_address,
    warehouse: warehouse.id,
    warehouse_storage: warehouse.storage_location,
    warehouse_input: warehouse.input_location,
  });
  const link = `stock.shipment.out.return,${shipment.id}`;
  for (const { line, quantity } of planned) {
    moveFor(erp, sale, line, quantity, link, customerOf(erp, sale), warehouse.input_location);
  }
}

/** Units by line that no move stands for yet; cancelled moves count, for a person decides what becomes of them. */
function open(erp: Erp, sale: Sale, direction: 1 | -1, again: boolean): Planned[] {
  const planned: Planned[] = [];
  for (const line of erp.saleLines.by('sale', sale.id)) {
    if (Math.sign(line.quantity) !== direction) continue;
    if (erp.templates.at(erp.products.at(line.product).template).type !== 'goods') continue;
    const moved = again ? 0 : unitsMoved(erp, line);
    const quantity = Math.abs(line.quantity) - moved;
    if (quantity > 0) planned.push({ line, quantity });
  }
  return planned;
}

function unitsMoved(erp: Erp, { id }: SaleLine): number {
  let units = 0;
  for (const { quantity } of erp.moves.by('origin', `sale.line,${id}`)) units += quantity;
  return units;
}

function moveFor(
  erp: Erp,
  sale: Sale,
  line: SaleLine,
  quantity: number,
  shipment: string,
  from: Location['id'] | null,
  to: Location['id'] | null,
) {
  return erp.moves.insert({
    ...goods(sale, line, quantity, shipment),
    from_location: from,
    to_location: to,
    origin: `sale.line,${line.id}`,
    unit_price: line.unit_price,
    currency: sale.currency,
  });
}

const goods = ({ company }: Sale, { product, unit }: SaleLine, quantity: number, shipment: string) => ({
  product,
  unit,
  quantity,
  company,
  shipment,
});

function customerOf(erp: Erp, sale: Sale): number {
  const { customer_location: location, name } = erp.parties.at(sale.party);
  if (location !== null) return location;
  throw userError(`To process sale "${sale.number}" you must set a customer location on party "${name}".`);
}
