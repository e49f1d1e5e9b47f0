import { computed, type Model, manyByReference, model, one, plain, reference } from '../model.ts';
import type { ReturnShipment, Shipment, StockMove } from '../rows.ts';

/** Module stock. */

const movesWhere = (name: string, field: 'from_location' | 'to_location', zone: string) =>
  computed<Shipment | ReturnShipment>(
    (erp, shipment) =>
      erp.moves
        .by('shipment', `${name},${shipment.id}`)
        .filter((move: StockMove) => move[field] === (shipment as unknown as Record<string, unknown>)[zone])
        .map(({ id }) => id),
    'moves',
  );

export const STOCK: readonly Model[] = [
  model('stock.location', 'Location', {
    ...plain('name code type active'),
    parent: one('stock.location'),
    input_location: one('stock.location'),
    output_location: one('stock.location'),
    storage_location: one('stock.location'),
  }),
  model(
    'stock.move',
    'Stock Move',
    {
      ...plain('quantity state unit_price effective_date planned_date'),
      product: one('product.product'),
      unit: one('product.uom'),
      from_location: one('stock.location'),
      to_location: one('stock.location'),
      company: one('company.company'),
      currency: one('currency.currency'),
      origin: reference,
      shipment: reference,
    },
    {
      indexed: ['origin', 'shipment'],
      required: ['product', 'unit', 'quantity', 'from_location', 'to_location', 'company'],
      defaults: {
        state: 'draft',
        origin: null,
        shipment: null,
        unit_price: null,
        currency: null,
        effective_date: null,
      },
    },
  ),
  model(
    'stock.shipment.out',
    'Customer Shipment',
    {
      ...plain('number reference state effective_date planned_date'),
      company: one('company.company'),
      customer: one('party.party'),
      delivery_address: one('party.address'),
      warehouse: one('stock.location'),
      warehouse_storage: one('stock.location'),
      warehouse_output: one('stock.location'),
      moves: manyByReference('stock.move', 'shipment'),
      outgoing_moves: movesWhere('stock.shipment.out', 'from_location', 'warehouse_output'),
      inventory_moves: movesWhere('stock.shipment.out', 'to_location', 'warehouse_output'),
    },
    {
      indexed: ['state'],
      required: ['company', 'customer', 'delivery_address', 'warehouse', 'warehouse_storage', 'warehouse_output'],
      defaults: { state: 'draft', reference: null, effective_date: null },
      byChange: true,
    },
  ),
  model(
    'stock.shipment.out.return',
    'Customer Return Shipment',
    {
      ...plain('number reference state effective_date planned_date'),
      company: one('company.company'),
      customer: one('party.party'),
      contact_address: one('party.address'),
      warehouse: one('stock.location'),
      warehouse_storage: one('stock.location'),
      warehouse_input: one('stock.location'),
      moves: manyByReference('stock.move', 'shipment'),
      incoming_moves: movesWhere('stock.shipment.out.return', 'to_location', 'warehouse_input'),
      inventory_moves: movesWhere('stock.shipment.out.return', 'from_location', 'warehouse_input'),
    },
    {
      required: ['company', 'customer', 'warehouse', 'warehouse_storage', 'warehouse_input'],
      defaults: { state: 'draft', reference: null, effective_date: null },
    },
  ),
];
