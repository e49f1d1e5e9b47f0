import { amount } from './amounts.ts';
import type { Erp } from './erp.ts';
import type { Period } from './rows.ts';
import { decimal, monthOf } from './wire.ts';

/** A company's master data, by the codes and names that an account's settings use. */
export type CompanySeed = {
  readonly name: string;
  readonly currency: { readonly code: string; readonly digits: number };
  readonly shop: string;
  /** Code of the party that stands for the channel's buyers. */
  readonly party: string;
  readonly locations: { readonly warehouse: string; readonly storage: string; readonly quarantine: string };
  readonly taxes: readonly { readonly rate: string; readonly name: string }[];
  readonly products: readonly ProductSeed[];
  readonly countries: Readonly<Record<string, string>>;
  /** The journal that settlements are posted to, and the code of the account for each role. */
  readonly settlements: { readonly journal: string; readonly accounts: Readonly<Record<string, string>> };
  /** The journal and account of claims on suppliers. */
  readonly supplierClaims: { readonly journal: string; readonly account: string; readonly payable: string };
  /** Codes and names of suppliers. */
  readonly suppliers: Readonly<Record<string, string>>;
  /** First and last year whose months have periods. */
  readonly fiscalYears: readonly [first: number, last: number];
};

export type ProductSeed = {
  readonly sku: string;
  readonly name: string;
  readonly type: 'goods' | 'service';
  /** Units on the shelves at the beginning. */
  readonly stock?: number;
  /** Where its sales are booked. */
  readonly books?: 'revenue' | 'tax-collected';
};

/** Ids that the world outside needs to know. */
export type Founded = { readonly company: number; readonly users: ReadonlyMap<string, number> };

/** Fills an empty database. */
export function found(erp: Erp, seed: CompanySeed, logins: readonly string[]): Founded {
  const make = (model: string, values: object) => erp.table(model).insert(values as Record<string, unknown>).id;
  const currency = make('currency.currency', { ...seed.currency, active: true });
  const company = make('company.company', { name: seed.name, currency });
  const users = new Map(logins.map((login) => [login, make('res.user', { login, name: login, company })]));
  const accounts = foundAccounts(make, company, {
    ...seed.settlements.accounts,
    claims: seed.supplierClaims.account,
    payable: seed.supplierClaims.payable,
  });
  foundPeriods(erp, company, seed.fiscalYears);
  for (const type of ['revenue', 'cash', 'general']) {
    const code = type === 'general' ? seed.settlements.journal : null;
    erp.journals.set(type, make('account.journal', { name: type, type, code }));
  }
  make('account.journal', { name: 'Expense', type: 'expense', code: seed.supplierClaims.journal });
  for (const { rate, name } of seed.taxes) {
    const values = { name, description: name, rate: decimal(rate), company, parent: null };
    make('account.tax', { ...values, invoice_account: accounts.tax });
  }
  const places = foundLocations(erp, make, seed.locations);
  const party = {
    active: true,
    customer_location: places.customer,
    account_receivable: accounts.receivable,
  };
  const buyers = make('party.party', { ...party, name: 'Marketplace customer', code: seed.party });
  make('party.address', { party: buyers });
  const guest = make('party.party', { ...party, name: 'Web shop guest', code: 'GUEST' });
  for (const [code, name] of Object.entries(seed.suppliers)) {
    make('party.address', { party: make('party.party', { ...party, name, code }) });
  }
  make('account.invoice.payment_term', { name: 'Term' });
  for (const [code, name] of Object.entries(seed.countries)) make('country.country', { code, name });
  const warehouses = [places.warehouse];
  make('web.shop', { name: seed.shop, type: null, company, currency, guest_party: guest, warehouses });

  const unit = make('product.uom', { name: 'Unit', symbol: 'u', digits: 0 });
  const books = {
    revenue: make('product.category', { name: 'Revenue', account_revenue: accounts.revenue }),
    'tax-collected': make('product.category', { name: 'Collected for others', account_revenue: accounts.taxCollected }),
  };
  for (const { sku, name, type, stock = 0, books: account = 'revenue' } of seed.products) {
    const price = { list_price: amount(0, 2), salable: true, default_uom: unit, sale_uom: unit };
    const template = make('product.template', { code: sku, name, type, ...price, account_category: books[account] });
    const product = make('product.product', { code: sku, template });
    if (stock > 0) erp.levels.add(product, places.storage, stock);
  }
  return { company, users };
}

type Make = (model: string, values: object) => number;

function foundAccounts(
  make: Make,
  company: number,
  { receivable, payable, ...channel }: Readonly<Record<string, string>>,
) {
  const account = (name: string, kind: object, more: object = {}) => {
    const type = make('account.account.type', { name, revenue: false, receivable: false, ...kind });
    return make('account.account', { name, code: null, company, type, closed: false, party_required: false, ...more });
  };
  for (const code of new Set(Object.values(channel))) account(`Channel account ${code}`, {}, { code });
  account('Payable', {}, { code: payable, party_required: true });
  return {
    revenue: account('Revenue', { revenue: true }),
    receivable: account('Receivable', { receivable: true }, { code: receivable, party_required: true }),
    tax: account('Tax', {}),
    taxCollected: account('Tax collected by channels', { revenue: true }),
  };
}

function foundPeriods(erp: Erp, company: number, [first, last]: CompanySeed['fiscalYears']): void {
  const periods = erp.table<Period>('account.period');
  for (let year = first; year <= last; year++) {
    for (let month = 1; month <= 12; month++) {
      const start_date = { __class__: 'date', year, month, day: 1 } as const;
      const end_date = { ...start_date, day: new Date(Date.UTC(year, month, 0)).getUTCDate() };
      const name = monthOf(start_date);
      erp.periods.set(name, periods.insert({ name, company, start_date, end_date, type: 'standard' }));
    }
  }
}

function foundLocations(erp: Erp, make: Make, codes: CompanySeed['locations']) {
  const zone = (name: string, code: string, type: string, parent: number | null = null) =>
    make('stock.location', { name, code, type, active: true, parent });
  const warehouse = zone('Warehouse', codes.warehouse, 'warehouse');
  const input = zone('Input Zone', 'IN', 'storage', warehouse);
  const output = zone('Output Zone', 'OUT', 'storage', warehouse);
  const storage = zone('Storage Zone', codes.storage, 'storage', warehouse);
  const zones = { input_location: input, output_location: output, storage_location: storage };
  erp.locations.update(erp.locations.at(warehouse), zones);
  // Outside the warehouse, so what waits in quarantine is not counted as the warehouse's stock.
  zone('Quarantine', codes.quarantine, 'storage');
  return { customer: zone('Customer', 'CUS', 'customer'), warehouse, storage };
}
