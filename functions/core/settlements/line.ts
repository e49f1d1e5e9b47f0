/**
 * A settlement of a channel in our own words: a header with the deposit that was announced, and lines, each of which says
 * what one amount was for. Every format of every channel is read into these, and nothing behind them knows a format.
 */

/** Whose settlement: the channel's own id is unique per channel account. */
export type SettlementId = { readonly channel: string; readonly account: string; readonly settlementId: string };

export const settlementKey = ({ channel, account, settlementId }: SettlementId): string =>
  `SETTLEMENT#${channel}#${account}#${settlementId}`;

/** The identity as it stands in operation keys. */
export const settlementPath = ({ channel, account, settlementId }: SettlementId): string =>
  `${channel}/${account}/${settlementId}`;

/** Reads an aggregate key back. Throws when it is not a settlement's. */
export function parseSettlementKey(key: string): SettlementId {
  const [kind, channel, account, ...rest] = key.split('#');
  if (kind !== 'SETTLEMENT' || !channel || !account || rest.length === 0) {
    throw new Error(`"${key}" is not a settlement key`);
  }
  return { channel, account, settlementId: rest.join('#') };
}

/** What a file says of a settlement as a whole. */
export type SettlementHeader = {
  readonly id: SettlementId;
  /** Format that it was read by (`amazon-v2`). */
  readonly format: string;
  /** One currency a settlement: a file that holds several is several settlements. */
  readonly currency: string;
  /** ISO instants, where the file tells them. */
  readonly periodStart?: string;
  readonly periodEnd?: string;
  /** Day (YYYY-MM-DD) of the deposit in the books' zone, where the file tells it. */
  readonly depositDate?: string;
  /** Minor units: what the channel says it pays out; below zero when the seller owes. The lines must come to it exactly. */
  readonly announced: number;
  /** How it tells what a buyer paid: what an order can be held against. */
  readonly told: Telling;
};

/**
 * `by-part`: goods, delivery, discount and tax each on a line. `as-charged`: one amount, all that the buyer paid.
 * `as-owed`: one amount, without the tax that the marketplace remits.
 */
export type Telling = 'by-part' | 'as-charged' | 'as-owed';

/** What an amount can be for. There is no "other": what no rule names is unclassified, and a person's. */
export type LineClass =
  | { readonly kind: 'sale' | 'shipping' | 'discount' | 'chargeback' | 'adjustment' | 'advertising' | 'payout' }
  | { readonly kind: 'tax'; readonly collectedBy: 'seller' | 'marketplace' }
  /** `fee` is our name of it: `commission`, `fulfilment`, `payment`, `subscription`, `shipping-label`, … */
  | { readonly kind: 'fee'; readonly fee: string }
  /** What is given back, and of what: goods, delivery, a discount taken back, tax. Fees given back are fees above zero. */
  | {
      readonly kind: 'refund';
      readonly of: 'sale' | 'shipping' | 'discount' | 'own-tax' | 'marketplace-tax';
    }
  | { readonly kind: 'reserve'; readonly move: 'held' | 'released' };

/** One line of a settlement. */
export type SettlementLine = {
  /** 1-based line of the file (of its text, the header being line 1), or place in the list where there is no file. */
  readonly at: number;
  readonly class: LineClass;
  /** Minor units of the settlement's currency, as the seller sees it: above zero comes to the seller. */
  readonly amount: number;
  /** Instant in UTC (`2026-10-31T22:59:59Z`); the channel's time zone is taken into account where the format says one. */
  readonly postedAt: string;
  /** The channel's own order id, as orders are known here. Left out for what belongs to no order. */
  readonly orderId?: string;
  readonly orderLineId?: string;
  readonly sku?: string;
  readonly quantity?: number;
  /** The channel's own id of the transaction; with the source's words it names the line when it is collected again. */
  readonly transactionId?: string;
  /** The channel's own words for it, joined by "/" (`Order/ItemPrice/Principal`). */
  readonly source: string;
  /** Amount in the currency that the buyer paid in, when the channel converted it: minor units of that currency. */
  readonly converted?: { readonly amount: number; readonly currency: string; readonly rate?: string };
};

/** A line whose words no rule knows: it blocks posting and becomes a case. */
export type UnclassifiedLine = Omit<SettlementLine, 'class'> & { readonly class?: undefined };

/** A class as one word, for sums and maps: `sale`, `tax/marketplace`, `fee/commission`, `refund/own-tax`, `reserve/held`. */
export type ClassKey =
  | Exclude<LineClass['kind'], 'tax' | 'fee' | 'refund' | 'reserve'>
  | `tax/${'seller' | 'marketplace'}`
  | `fee/${string}`
  | `refund/${Extract<LineClass, { kind: 'refund' }>['of']}`
  | `reserve/${'held' | 'released'}`;

export function classKey(given: LineClass): ClassKey {
  const known = KEYS.get(given);
  if (known !== undefined) return known;
  const key = keyOf(given);
  KEYS.set(given, key);
  return key;
}

/** Lines share the class objects of their rules: a million lines have some dozens of them. */
const KEYS = new WeakMap<LineClass, ClassKey>();

function keyOf(given: LineClass): ClassKey {
  switch (given.kind) {
    case 'tax':
      return `tax/${given.collectedBy}`;
    case 'fee':
      return `fee/${given.fee}`;
    case 'refund':
      return `refund/${given.of}`;
    case 'reserve':
      return `reserve/${given.move}`;
    default:
      return given.kind;
  }
}

/** Minor units by class, signed as the seller sees them; a class that comes to nothing may be left out. */
export type Amounts = Readonly<Partial<Record<ClassKey, number>>>;
