import { PoisonError } from '#core/kernel/errors.ts';
import { MoneyError, money, parseMoney } from '#core/kernel/money.ts';
import type { WireMoneySet } from './wire.ts';

/**
 * Amounts of one Shopify resource as minor units of the shop's currency, which is the one that is booked. What the buyer
 * saw in another currency (`presentment_money`) is never read. Throws PoisonError CURRENCY_MIXED or AMOUNT_MALFORMED.
 */
export class ShopMoney {
  readonly currency: string;

  constructor(currency: string) {
    this.currency = currency;
  }

  /** The set's shop money, or the plain amount (which is in the shop's currency) where there is no set. */
  amount(set: WireMoneySet, plain: string | null | undefined, path: string): number {
    const found = this.optional(set, plain, path);
    if (found === undefined) throw new PoisonError('SCHEMA_MISMATCH', `there is no amount at "${path}"`, context(path));
    return found;
  }

  optional(set: WireMoneySet, plain: string | null | undefined, path: string): number | undefined {
    if (set) return this.of(set.shop_money.amount, set.shop_money.currency_code, path);
    return plain === null || plain === undefined ? undefined : this.of(plain, this.currency, path);
  }

  of(text: string, currency: string, path: string): number {
    if (currency !== this.currency) {
      const message = `"${path}" is in ${currency}, the rest in ${this.currency}: amounts of two currencies are not added`;
      throw new PoisonError('CURRENCY_MIXED', message, context(path));
    }
    return this.#safely(path, () => parseMoney(text, currency).minor);
  }

  /** Price of so many units; refuses what is too large to be exact. */
  times(each: number, quantity: number, path: string): number {
    return this.#safely(path, () => money(each * quantity, this.currency).minor);
  }

  #safely(path: string, make: () => number): number {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof MoneyError)) throw error;
      throw new PoisonError('AMOUNT_MALFORMED', `"${path}": ${error.message}`, context(path));
    }
  }
}

const context = (path: string) => ({ context: { path } });

export const total = <T>(items: readonly T[], amountOf: (item: T, index: number) => number): number =>
  items.reduce((sum, item, index) => sum + amountOf(item, index), 0);
