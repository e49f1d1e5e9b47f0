/**
 * Adds up any number of safe integers exactly. It counts in a number while that is exact and carries into a BigInt before
 * it would not be, so that a million lines cost a million additions.
 */
export class ExactSum {
  #near = 0;
  #far = 0n;

  add(amount: number): void {
    const next = this.#near + amount;
    if (Number.isSafeInteger(next)) this.#near = next;
    else {
      this.#far += BigInt(this.#near);
      this.#near = amount;
    }
  }

  get total(): bigint {
    return this.#far + BigInt(this.#near);
  }
}

/** The sum as a number, or undefined where a number can't hold it exactly. */
export function asMinor(total: bigint): number | undefined {
  const minor = Number(total);
  return Number.isSafeInteger(minor) ? minor : undefined;
}
