import { type Month, monthIn } from '../kernel/calendar.ts';
import { asMinor, ExactSum } from './exact-sum.ts';
import {
  type Amounts,
  type ClassKey,
  classKey,
  type SettlementHeader,
  type SettlementLine,
  type UnclassifiedLine,
} from './line.ts';

/** Lines whose words no rule knows, by those words. */
export type Unclassified = {
  readonly source: string;
  readonly lines: number;
  /** Minor units. */
  readonly amount: number;
  /** First line with them. */
  readonly at: number;
};

/** What a settlement's lines come to: all that its journal needs, however many lines there are. */
export type SettlementTotals = {
  readonly lines: number;
  /** Minor units of all lines, unclassified ones too. */
  readonly sum: number;
  readonly months: Readonly<Record<Month, Amounts>>;
  readonly unclassified: readonly Unclassified[];
};

/** Totals of the lines given so far. Mutable by design: it sees every line of a file. */
export class Tally {
  readonly #monthOf: (instant: string) => Month;
  readonly #sum = new ExactSum();
  readonly #months = new Map<Month, Map<ClassKey, ExactSum>>();
  readonly #unclassified = new Map<string, { lines: number; at: number; sum: ExactSum }>();
  #lines = 0;

  /** Months are those of the books' time zone. */
  constructor(timeZone: string) {
    this.#monthOf = monthIn(timeZone);
  }

  add(line: SettlementLine | UnclassifiedLine): void {
    this.#lines += 1;
    this.#sum.add(line.amount);
    if (line.class === undefined) this.#note(line);
    else this.#count(line);
  }

  #count(line: SettlementLine): void {
    const month = inMap(this.#months, this.#monthOf(line.postedAt), () => new Map<ClassKey, ExactSum>());
    inMap(month, classKey(line.class), () => new ExactSum()).add(line.amount);
  }

  #note({ source, at, amount }: UnclassifiedLine): void {
    const known = inMap(this.#unclassified, source, () => ({ lines: 0, at, sum: new ExactSum() }));
    known.lines += 1;
    known.sum.add(amount);
  }

  /** Undefined when an amount is beyond what a safe integer holds. */
  totals(): SettlementTotals | undefined {
    try {
      return {
        lines: this.#lines,
        sum: minor(this.#sum),
        months: Object.fromEntries([...this.#months].sort(byName).map(([month, sums]) => [month, amountsOf(sums)])),
        unclassified: [...this.#unclassified].map(([source, { lines, at, sum }]) => ({
          source,
          lines,
          amount: minor(sum),
          at,
        })),
      };
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
}

/** Minor units by which the lines miss what was announced: anything but zero blocks the posting. */
export const residual = (
  { sum }: Pick<SettlementTotals, 'sum'>,
  { announced }: Pick<SettlementHeader, 'announced'>,
): number => sum - announced;

export function inMap<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

function amountsOf(sums: ReadonlyMap<ClassKey, ExactSum>): Amounts {
  return Object.fromEntries([...sums].sort(byName).map(([key, sum]) => [key, minor(sum)]));
}

function minor(sum: ExactSum): number {
  const total = asMinor(sum.total);
  if (total === undefined) throw new RangeError('beyond safe integers');
  return total;
}
