import { formatMoney } from '#core/kernel/money.ts';
import { ExactSum } from '#core/settlements/exact-sum.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';

/**
 * Proves that the lines of a settlement come to what it announces. `at` is the line of the file that announces it, which is
 * what a refusal names: the sum can't tell which of the lines is wrong.
 */
export class ControlTotal {
  readonly #currency: string;
  readonly #sum = new ExactSum();

  constructor(currency: string) {
    this.#currency = currency;
  }

  add(amount: number): void {
    this.#sum.add(amount);
  }

  prove(announced: number, at: number | undefined, id: string): void {
    const off = this.#sum.total - BigInt(announced);
    if (off === 0n) return;
    const [sum, said] = [this.#sum.total, BigInt(announced)].map((minor) => this.#text(minor));
    throw new SettlementRefused(
      'SETTLEMENT_CONTROL_TOTAL',
      at,
      `settlement ${id} announces ${said} ${this.#currency}, its lines come to ${sum}: ${this.#text(off)} are off, so the file is damaged or cut off`,
    );
  }

  #text(minor: bigint): string {
    const fits = minor <= Number.MAX_SAFE_INTEGER && minor >= Number.MIN_SAFE_INTEGER;
    return fits ? formatMoney({ minor: Number(minor), currency: this.#currency }) : `${minor} minor units`;
  }
}
