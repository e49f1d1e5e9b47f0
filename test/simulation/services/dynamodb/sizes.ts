import type { Item, Value } from './values.ts';

/** Developer Guide, "DynamoDB item sizes and formats" and "Quotas and limits". */
export const MOST_ITEM_BYTES = 400 * 1024;
export const MOST_TRANSACTION_BYTES = 4 * 1024 * 1024;
export const MOST_PAGE_BYTES = 1024 * 1024;
export const MOST_BATCH_BYTES = 16 * 1024 * 1024;

/** A size that the item certainly does not exceed; quickly found. */
export const sizeAtMost = (item: Item): number => weighMap(item, atMost);

export const sizeOf = (item: Item): number => weighMap(item, exactly);

/** Counts items up to a limit; exactly only when an estimate comes near it. */
export class ByteCount {
  readonly #limit: number;
  readonly #items: Item[] = [];
  #bytes = 0;
  #exact = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: Item): void {
    this.#bytes += this.#exact ? sizeOf(item) : sizeAtMost(item);
    if (this.#exact) return;
    this.#items.push(item);
    if (this.#bytes < this.#limit) return;
    this.#exact = true;
    this.#bytes = this.#items.reduce((sum, one) => sum + sizeOf(one), 0);
  }

  get full(): boolean {
    return this.#bytes >= this.#limit;
  }
}

type Weigh = { readonly text: (text: string) => number; readonly number: (value: number) => number };

// No UTF-16 unit takes more than three bytes in UTF-8, and no safe integer more digits than sixteen.
const atMost: Weigh = { text: (text) => text.length * 3, number: () => 11 };

function weighMap(item: Item, weigh: Weigh): number {
  let bytes = 0;
  for (const name in item) bytes += weigh.text(name) + weighValue(item[name] as Value, weigh);
  return bytes;
}

function weighValue(value: Value, weigh: Weigh): number {
  if (typeof value === 'string') return weigh.text(value);
  if (typeof value === 'number') return weigh.number(value);
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Set) return [...value].reduce<number>((sum, member) => sum + weighValue(member, weigh), 3);
  if (!Array.isArray(value)) return 3 + Object.keys(value).length + weighMap(value as Item, weigh);
  let bytes = 3 + value.length;
  for (const member of value) bytes += weighValue(member, weigh);
  return bytes;
}

const exactly: Weigh = {
  text: (text) => Buffer.byteLength(text),
  // One byte for two digits and one more, as the guide says "approximately".
  number: (value) => (Number.isInteger(value) ? 2 + Math.ceil(Math.log10(Math.abs(value) + 1) / 2) : 11),
};
