import { PoisonError } from '#core/kernel/errors.ts';
import { MoneyError, money, parseMoney } from '#core/kernel/money.ts';
import type { TaxLine } from '#core/orders/order.ts';
import type { WireTax } from './wire.ts';

/** Minor units of a message's one currency. */
export class Amounts {
  readonly #currency: string;

  constructor(currency: string) {
    this.#currency = currency;
  }

  /** Throws PoisonError AMOUNT_MALFORMED with the path. */
  minor(text: string, path: string, times = 1): number {
    try {
      return money(parseMoney(text, this.#currency).minor * times, this.#currency).minor;
    } catch (error) {
      if (!(error instanceof MoneyError)) throw error;
      throw new PoisonError('AMOUNT_MALFORMED', `"${path}": ${error.message}`, { context: { path } });
    }
  }

  /** The same for what can't be below zero. */
  positive(text: string, path: string): number {
    const minor = this.minor(text, path);
    if (minor >= 0) return minor;
    throw new PoisonError('AMOUNT_NEGATIVE', `"${path}" is below zero: send what was sold or issued`, {
      context: { path },
    });
  }
}

export const taxLines = (taxes: readonly WireTax[], path: string, amounts: Amounts): TaxLine[] =>
  taxes.map(({ title, rate, amount, collectedBy }, index) => ({
    ...(title !== undefined && { title }),
    ...(rate !== undefined && { rate }),
    amount: amounts.minor(amount, `${path}.${index}.amount`),
    collectedBy,
  }));
