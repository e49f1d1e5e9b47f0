import type { Model } from '../model.ts';
import { ACCOUNTS } from './accounts.ts';
import { PARTIES } from './parties.ts';
import { PRODUCTS } from './products.ts';
import { SALES } from './sales.ts';
import { STOCK } from './stock.ts';

/** The models of a Tryton 7.0 with the modules sale, account_invoice_stock and web_shop, as far as anybody here asks. */
export const MODELS: readonly Model[] = [...SALES, ...STOCK, ...PRODUCTS, ...ACCOUNTS, ...PARTIES];
