import { computed, type Model, model, one, plain } from '../model.ts';
import type { Product } from '../rows.ts';
import { quantityIn } from '../stock.ts';

/** Modules product and account_product. */

const ofTemplate = (field: 'type' | 'name' | 'salable' | 'default_uom' | 'sale_uom' | 'account_category') =>
  computed<Product>((erp, product) => erp.templates.at(product.template)[field]);

export const PRODUCTS: readonly Model[] = [
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
