import { ERP_SETTINGS } from '../../../bin/local/erp/settings.ts';
import type { CompanySeed, ProductSeed } from '../partners/tryton/company.ts';

const goods = (sku: string, name: string): ProductSeed => ({ sku, name, type: 'goods', stock: 1000 });

const { shop, party, warehouse, storage, quarantine, taxes, products, settlements, supplierClaims } = ERP_SETTINGS;

/** The company that `bin/local/erp/seed.py` makes on a real server, as the simulated one is founded with it. */
export const COMPANY: CompanySeed = {
  name: 'Crossdock Seller',
  currency: { code: 'USD', digits: 2 },
  shop,
  party,
  locations: { warehouse, storage, quarantine },
  taxes,
  products: [
    goods('TSHIRT-M', 'T-shirt M'),
    goods('MUG-BLUE', 'Blue mug'),
    goods('LAMP-01', 'Desk lamp'),
    goods('IPOD2008GREEN', 'IPod Nano - 8gb - green'),
    goods('IPOD2008RED', 'IPod Nano - 8gb - red'),
    goods('IPOD2008BLACK', 'IPod Nano - 8gb - black'),
    goods('IPOD2008PINK', 'IPod Nano - 8gb - pink'),
    goods('IPOD2009BLACK', 'IPod Touch 8GB - black'),
    { sku: products.shipping, name: 'Shipping', type: 'service' },
    { sku: 'DISCOUNT', name: 'Discount', type: 'service' },
    { sku: products.collectedTax, name: 'Tax collected by the channel', type: 'service', books: 'tax-collected' },
  ],
  countries: { US: 'United States', CA: 'Canada', DE: 'Germany', NL: 'Netherlands', GB: 'United Kingdom' },
  settlements,
  supplierClaims,
  suppliers: { SUP: 'Tea & Textile Works' },
  fiscalYears: [2020, 2035],
};
