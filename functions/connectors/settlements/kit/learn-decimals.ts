import { SettlementRefused } from '#core/settlements/refused.ts';
import { type DecimalStyle, styleOf } from './decimal.ts';
import type { Row } from './rows.ts';

/** Rows that wait for one that says how the file writes decimals. */
const MOST_HELD = 20_000;

/**
 * Files write decimals as their reader's language does. Rows go on as soon as one amount shows which it is; until then only
 * those do that read the same in both, and the others wait. Where nothing ever shows it, the file is refused.
 */
export class LearnDecimals {
  readonly #accept: (row: Row, style: DecimalStyle) => void;
  #style: DecimalStyle | undefined;
  #held: Row[] = [];

  constructor(accept: (row: Row, style: DecimalStyle) => void) {
    this.#accept = accept;
  }

  get known(): DecimalStyle | undefined {
    return this.#style;
  }

  /** A row with its amount, in a currency of so many decimals. */
  row(row: Row, amount: string, exponent: number): void {
    const style = this.#style ?? styleOf(amount, exponent);
    if (style === 'ambiguous' || (style === 'either' && this.#held.length > 0)) {
      if (this.#held.push(row) > MOST_HELD) this.end();
      return;
    }
    // What is an amount in neither style is refused by either.
    if (style !== 'either') this.#style = style ?? 'point';
    for (const held of this.#held.splice(0)) this.#accept(held, this.#style ?? 'point');
    this.#accept(row, this.#style ?? 'point');
  }

  end(): void {
    const [held] = this.#held;
    if (held === undefined) return;
    const message = 'no amount of the file says whether "1.230" is 1.23 or 1230: fetch it again in another language';
    throw new SettlementRefused('SETTLEMENT_DECIMALS_AMBIGUOUS', held.line, message);
  }
}
