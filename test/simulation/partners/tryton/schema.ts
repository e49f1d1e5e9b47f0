import { amount } from './amounts.ts';
import { invoiceAmounts, invoicesOf, saleAmounts, shipmentsOf } from './documents.ts';
import { computed, links, type Model, many, manyByReference, model, one, plain, reference } from './model.ts';
import type { Invoice, Product, ReturnShipment, Sale, Shipment, StockMove } from './rows.ts';
import { quantityIn } from './stock.ts';

/** The models of a Tryton 7.0 with the modules sale, account_invoice_stock and web_shop, as far as anybody here asks. */

const money = (of: 'untaxed' | 'tax' | 'total') =>
  computed<Sale>((erp, sale) => amount(saleAmounts(erp, sale)[of], erp.currencyDigits(sale.currency)));

const invoiced = (of: 'untaxed' | 'tax' | 'total') =>
  computed<Invoice>((erp, invoice) => amount(invoiceAmounts(erp, invoice)[of], erp.currencyDigits(invoice.currency)));

const movesWhere = (name: string, field: 'from_location' | 'to_location', zone: string) =>
  computed<Shipment | ReturnShipment>(
    (erp, shipment) =>
      erp.moves
        .by('shipment', `${name},${shipment.id}`)
        .filter((move: StockMove) => move[field] === (shipment as unknown as Record<string, unknown>)[zone])
        .map(({ id }) => id),
    'moves',
  );

const ofTemplate = (field: 'type' | 'name' | 'salable' | 'default_uom' | 'sale_uom' | 'account_category') =>
  computed<Product>((erp, product) => erp.templates.at(product.template)[field]);

const SALES: readonly Model[] = [
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

const STOCK: readonly Model[] = [
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

const PRODUCTS: readonly Model[] = [
  model('product.uom', 'Unit of Measure', plain('name symbol digits')),
  model('product.category', 'Product Category', { ...plain('name'), account_revenue: one('account.account') }),
  model(
    'product.template',
    'Product',
    {
      ...plain('code name type salable active list_price'),
      default_uom: one('product.uom'),
      sale_uom: one('product.uom'),
      account_category: one('product.category'),
    },
    { required: ['name', 'type', 'default_uom'], defaults: { active: true, account_category: null } },
  ),
  model(
    'product.product',
    'Variant',
    {
      ...plain('code active cost_price'),
      template: one('product.template'),
      name: ofTemplate('name'),
      type: ofTemplate('type'),
      salable: ofTemplate('salable'),
      default_uom: ofTemplate('default_uom'),
      sale_uom: ofTemplate('sale_uom'),
      account_category: ofTemplate('account_category'),
      quantity: computed<Product>((erp, product, { locations }) => quantityIn(erp, product.id, locations)),
    },
    { indexed: ['code', 'template'], required: ['template'], defaults: { active: true } },
  ),
];

const ACCOUNTS: readonly Model[] = [
  model('account.account.type', 'Account Type', plain('name revenue receivable')),
  model('account.account', 'Account', { ...plain('name closed'), type: one('account.account.type') }),
  model('account.journal', 'Journal', plain('name code type')),
  model('account.period', 'Period', {
    ...plain('name start_date end_date type'),
    state: computed((erp, row) => (erp.isClosed((row as unknown as { name: string }).name) ? 'closed' : 'open')),
  }),
  model('account.tax', 'Tax', {
    ...plain('name description rate parent'),
    company: one('company.company'),
    invoice_account: one('account.account'),
  }),
  model('account.invoice.payment_term', 'Payment Term', plain('name')),
  model(
    'account.invoice',
    'Invoice',
    {
      ...plain('number reference state type invoice_date'),
      company: one('company.company'),
      party: one('party.party'),
      currency: one('currency.currency'),
      invoice_address: one('party.address'),
      account: one('account.account'),
      payment_term: one('account.invoice.payment_term'),
      move: one('account.move'),
      lines: many('account.invoice.line', 'invoice'),
      untaxed_amount: invoiced('untaxed'),
      tax_amount: invoiced('tax'),
      total_amount: invoiced('total'),
    },
    {
      required: ['company', 'party', 'currency', 'account'],
      defaults: { state: 'draft', type: 'out', number: null, invoice_date: null, move: null },
    },
  ),
  model(
    'account.invoice.line',
    'Invoice Line',
    {
      ...plain('type quantity unit_price description note'),
      invoice: one('account.invoice'),
      product: one('product.product'),
      unit: one('product.uom'),
      account: one('account.account'),
      taxes: links('account.tax'),
      origin: reference,
    },
    { indexed: ['invoice', 'origin'], required: ['invoice', 'quantity', 'unit_price'], defaults: { taxes: [] } },
  ),
  model(
    'account.move',
    'Account Move',
    {
      ...plain('number post_number state date description'),
      company: one('company.company'),
      journal: one('account.journal'),
      period: one('account.period'),
      origin: reference,
      lines: many('account.move.line', 'move'),
    },
    {
      required: ['company', 'journal', 'period', 'date'],
      defaults: { state: 'draft', number: null, post_number: null, origin: null },
    },
  ),
  model(
    'account.move.line',
    'Account Move Line',
    { ...plain('debit credit description'), move: one('account.move'), account: one('account.account') },
    { indexed: ['move'], required: ['move', 'account', 'debit', 'credit'] },
  ),
];

const PARTIES: readonly Model[] = [
  model('company.company', 'Company', { ...plain('name'), currency: one('currency.currency') }),
  model('currency.currency', 'Currency', plain('code digits active')),
  model('country.country', 'Country', plain('code name')),
  model('res.user', 'User', { ...plain('login name'), company: one('company.company') }),
  model(
    'res.user.warning',
    'User Warning',
    { ...plain('name always'), user: one('res.user') },
    { indexed: ['name'], required: ['user', 'name'], defaults: { always: false } },
  ),
  model('party.party', 'Party', {
    ...plain('name code active'),
    customer_location: one('stock.location'),
    account_receivable: one('account.account'),
    addresses: many('party.address', 'party'),
  }),
  model(
    'party.address',
    'Address',
    {
      ...plain('party_name street postal_code city active'),
      party: one('party.party'),
      country: one('country.country'),
    },
    {
      indexed: ['party', 'party_name', 'street'],
      required: ['party'],
      defaults: { active: true, party_name: null, street: null, postal_code: null, city: null, country: null },
    },
  ),
];

export const MODELS: readonly Model[] = [...SALES, ...STOCK, ...PRODUCTS, ...ACCOUNTS, ...PARTIES];
