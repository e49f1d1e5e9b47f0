import { amount } from '../amounts.ts';
import { invoicesOf, saleAmounts, shipmentsOf } from '../documents.ts';
import { computed, links, type Model, many, manyByReference, model, one, plain, reference } from '../model.ts';
import type { Sale } from '../rows.ts';

/** Modules sale and web_shop. */

const money = (of: 'untaxed' | 'tax' | 'total') =>
  computed<Sale>((erp, sale) => amount(saleAmounts(erp, sale)[of], erp.currencyDigits(sale.currency)));

export const SALES: readonly Model[] = [
  model('web.shop', 'Web Shop', {
    ...plain('name type'),
    company: one('company.company'),
    currency: one('currency.currency'),
    guest_party: one('party.party'),
    warehouses: links('stock.location'),
  }),
  model(
    'sale.sale',
    'Sale',
    {
      ...plain('number reference description state web_id sale_date shipment_method invoice_method'),
      company: one('company.company'),
      party: one('party.party'),
      currency: one('currency.currency'),
      warehouse: one('stock.location'),
      web_shop: one('web.shop'),
      invoice_address: one('party.address'),
      shipment_address: one('party.address'),
      payment_term: one('account.invoice.payment_term'),
      origin: reference,
      lines: many('sale.line', 'sale'),
      untaxed_amount: money('untaxed'),
      tax_amount: money('tax'),
      total_amount: money('total'),
      invoices: computed<Sale>(invoicesOf),
      shipments: computed<Sale>((erp, sale) => shipmentsOf(erp, sale, 'stock.shipment.out')),
      shipment_returns: computed<Sale>((erp, sale) => shipmentsOf(erp, sale, 'stock.shipment.out.return')),
    },
    {
      indexed: ['web_id'],
      required: ['company', 'party', 'currency', 'invoice_method', 'shipment_method'],
      defaults: {
        state: 'draft',
        number: null,
        reference: null,
        web_id: null,
        web_shop: null,
        origin: null,
        sale_date: null,
        warehouse: null,
        invoice_address: null,
        shipment_address: null,
        payment_term: null,
        fixed: null,
        confirmedAt: null,
      },
    },
  ),
  model(
    'sale.line',
    'Sale Line',
    {
      ...plain('type quantity unit_price description note'),
      sale: one('sale.sale'),
      product: one('product.product'),
      unit: one('product.uom'),
      taxes: links('account.tax'),
      moves: manyByReference('stock.move', 'origin'),
      invoice_lines: manyByReference('account.invoice.line', 'origin'),
    },
    {
      indexed: ['sale'],
      required: ['sale', 'type', 'quantity', 'unit_price', 'product', 'unit'],
      defaults: { type: 'line', taxes: [], note: null, description: null },
    },
  ),
];
