import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import { currencyExponent } from '#core/kernel/money.ts';
import { mapped } from '../../wire.ts';
import { type Calls, type Domain, ID_ONLY } from './calls.ts';
import { canonicalDecimal } from './decimal.ts';
import type { TrytonSettings } from './settings.ts';
import { decimal, id } from './wire.ts';

export type Shop = { readonly shop: number; readonly company: number };
/** `party`: each of its lines must name one; a line of any other account must not. */
export type Account = { readonly account: number; readonly party: boolean };
export type Product = { readonly product: number; readonly unit: number };

// The ERP sends booleans of computed fields as 0 and 1 on some databases.
const flag = mapped(z.union([z.boolean(), z.int()]), Boolean);
const PRODUCT = { code: z.string(), default_uom: id, sale_uom: z.nullable(id), salable: flag, active: flag };
const SHOP = { company: id };
const CURRENCY = { digits: z.int() };
const COMPANY = { 'currency.': z.object({ code: z.string() }) };
const ACCOUNT = { code: z.string(), party_required: flag };
const TAX = { rate: z.nullable(decimal) };
type ProductRow = z.infer<z.ZodMiniObject<typeof PRODUCT>> & { id: number };

/** Kept this long, so that master data which is mended or moved in the ERP is seen without a restart. */
const KEPT_MS = 10 * 60 * 1000;
const MOST_KEPT = 5000;

/**
 * Finds the ERP's ids of what settings and orders call by code or name. What is found is kept for a while; what is missing
 * is asked for again each time, so that an operation goes through as soon as somebody has created it. Missing or
 * ambiguous master data is a BusinessError that says what to do in the ERP.
 */
export class Directory {
  readonly #settings: TrytonSettings;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly until: number; readonly value: unknown }>();
  /** What each piece of work is looking for: an order's lines ask side by side, and many ask for the same. */
  readonly #finding = new WeakMap<Calls, Map<string, Promise<unknown>>>();

  constructor(settings: TrytonSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  shop(calls: Calls): Promise<Shop> {
    const name = this.#settings.shop;
    return this.#keep(calls, `shop ${name}`, async () => {
      const found = await calls.find('web.shop', [['name', '=', name]], SHOP, { limit: 2 });
      const { id: shop, company } = single(found, 'SHOP_UNKNOWN', `web shop named "${name}"`);
      return { shop, company };
    });
  }

  party(calls: Calls): Promise<number> {
    return this.#one(calls, 'party.party', 'code', this.#settings.party, 'PARTY_UNKNOWN', 'party with code');
  }

  supplier(calls: Calls, code: string): Promise<number> {
    return this.#one(calls, 'party.party', 'code', code, 'SUPPLIER_UNKNOWN', 'party (supplier) with code');
  }

  location(calls: Calls, code: string): Promise<number> {
    return this.#one(calls, 'stock.location', 'code', code, 'LOCATION_UNKNOWN', 'stock location with code');
  }

  paymentTerm(calls: Calls): Promise<number> | undefined {
    const { paymentTerm } = this.#settings;
    if (paymentTerm === undefined) return undefined;
    const model = 'account.invoice.payment_term';
    return this.#one(calls, model, 'name', paymentTerm, 'PAYMENT_TERM_UNKNOWN', 'payment term named');
  }

  currency(calls: Calls, code: string): Promise<number> {
    return this.#keep(calls, `currency ${code}`, async () => {
      const found = await calls.find('currency.currency', [['code', '=', code]], CURRENCY, { limit: 2 });
      const { id: currency, digits } = single(found, 'CURRENCY_UNKNOWN', `active currency with code "${code}"`);
      if (digits === currencyExponent(code)) return currency;
      throw new BusinessError(
        'CURRENCY_DIGITS_DIFFER',
        `the ERP keeps ${digits} decimals of ${code} and ISO 4217 has ${currencyExponent(code)}: mend the currency in the ERP`,
      );
    });
  }

  /** The country by ISO 3166-1 alpha-2; undefined where the ERP has no such country loaded. */
  async country(calls: Calls, code: string): Promise<number | undefined> {
    const key = `country ${code}`;
    const kept = this.#get<number>(key);
    if (kept !== undefined) return kept;
    const [found] = await calls.find('country.country', [['code', '=', code]], ID_ONLY, { limit: 1 });
    return found && this.#put(key, found.id);
  }

  /** The tax that the settings name for a rate (canonical decimal text); undefined when they name none. */
  async tax(calls: Calls, rate: string): Promise<number | undefined> {
    const named = this.#settings.taxes.find((one) => one.rate === rate);
    if (!named) return undefined;
    return await this.#keep(calls, `tax ${rate}`, async () => {
      const { company } = await this.shop(calls);
      const domain = [
        ['company', '=', company],
        ['parent', '=', null],
        ['OR', ['name', '=', named.name], ['description', '=', named.name]],
      ];
      const found = await calls.find('account.tax', domain, TAX, { limit: 2 });
      const tax = single(found, 'TAX_NOT_MAPPED', `tax named "${named.name}" (for rate ${rate})`);
      if (tax.rate && canonicalDecimal(tax.rate.decimal) === rate) return tax.id;
      throw new BusinessError(
        'TAX_RATE_DIFFERS',
        `the settings name tax "${named.name}" for rate ${rate}, and the ERP has it at ${tax.rate?.decimal ?? 'no rate'}: mend one of them`,
      );
    });
  }

  /** Code of the currency in which the company keeps its books. */
  companyCurrency(calls: Calls, company: number): Promise<string> {
    return this.#keep(calls, `company ${company}`, async () => {
      const found = await calls.read('company.company', [company], COMPANY);
      return single(found, 'COMPANY_UNKNOWN', `company with id ${company}`)['currency.'].code;
    });
  }

  journal(calls: Calls, code: string): Promise<number> {
    return this.#one(calls, 'account.journal', 'code', code, 'JOURNAL_UNKNOWN', 'journal with code');
  }

  /** Accounts of a company that can be posted to, by code. */
  async accounts(calls: Calls, company: number, codes: readonly string[]): Promise<ReadonlyMap<string, Account>> {
    const keyOf = (code: string): string => `account ${company} ${code}`;
    const open = [...new Set(codes)].filter((code) => this.#get(keyOf(code)) === undefined);
    if (open.length > 0) {
      const usable = [
        ['company', '=', company],
        ['type', '!=', null],
        ['closed', '!=', true],
      ];
      const found = await calls.find('account.account', [['code', 'in', open], ...usable], ACCOUNT);
      for (const code of open) {
        const rows = found.filter((row) => row.code === code);
        const { id: account, party_required: party } = single(
          rows,
          'ACCOUNT_UNKNOWN',
          `open account with code "${code}"`,
        );
        this.#put<Account>(keyOf(code), { account, party });
      }
    }
    return new Map(codes.map((code) => [code, this.#get<Account>(keyOf(code)) as Account]));
  }

  /**
   * Products by SKU (the variant's code). What is sold must be salable; what comes back may have been taken out of the
   * range since, even deactivated.
   */
  async products(
    calls: Calls,
    skus: readonly string[],
    use: 'sell' | 'take-back',
  ): Promise<ReadonlyMap<string, Product>> {
    const keyOf = (sku: string): string => `${use} ${sku}`;
    const known = new Map<string, Product>();
    const open = new Set<string>();
    for (const sku of skus) {
      const kept = this.#get<Product>(keyOf(sku));
      if (kept) known.set(sku, kept);
      else open.add(sku);
    }
    if (open.size === 0) return known;

    const active = use === 'sell' ? [] : [['active', 'in', [true, false]]];
    const found = await calls.find('product.product', [['code', 'in', [...open]], ...active], PRODUCT);
    for (const sku of open) {
      const product = productOf(sku, found, use);
      known.set(sku, this.#put(keyOf(sku), product));
    }
    return known;
  }

  #one(calls: Calls, model: string, field: string, value: string, code: string, what: string): Promise<number> {
    return this.#keep(calls, `${model} ${value}`, async () => {
      const domain: Domain = [[field, '=', value]];
      return single(await calls.find(model, domain, ID_ONLY, { limit: 2 }), code, `${what} "${value}"`).id;
    });
  }

  async #keep<T>(calls: Calls, key: string, find: () => Promise<T>): Promise<T> {
    const kept = this.#get<T>(key);
    if (kept !== undefined) return kept;
    const finding = this.#finding.get(calls) ?? new Map<string, Promise<unknown>>();
    this.#finding.set(calls, finding);
    const found = (finding.get(key) as Promise<T> | undefined) ?? find();
    finding.set(key, found);
    try {
      return this.#put(key, await found);
    } finally {
      finding.delete(key);
    }
  }

  #get<T>(key: string): T | undefined {
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    if (kept.until > this.#now()) return kept.value as T;
    this.#kept.delete(key);
    return undefined;
  }

  #put<T>(key: string, value: T): T {
    const oldest = this.#kept.size >= MOST_KEPT ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, { until: this.#now() + KEPT_MS, value });
    return value;
  }
}

/** A SKU that was given to a new product comes back as the active one. */
function productOf(sku: string, rows: readonly ProductRow[], use: 'sell' | 'take-back'): Product {
  const all = rows.filter(({ code }) => code === sku);
  const active = all.filter((row) => row.active);
  const what = `product with code (SKU) "${sku}"`;
  const row = single(active.length > 0 ? active : all, 'SKU_UNKNOWN', what);
  if (use === 'sell' && !row.salable) {
    throw new BusinessError('SKU_NOT_SALABLE', `the ERP's ${what} is not salable: set it salable there`);
  }
  return { product: row.id, unit: row.sale_uom ?? row.default_uom };
}

function single<T>(found: readonly T[], code: string, what: string): T {
  const [first, second] = found;
  if (first === undefined)
    throw new BusinessError(code, `the ERP has no ${what}: create it there or mend the settings`);
  if (second === undefined) return first;
  throw new BusinessError(code, `the ERP has more than one ${what}: leave one active`);
}
