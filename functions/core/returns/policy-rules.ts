import type { OrderLine } from '../orders/order.ts';
import type { OpenOrder } from '../orders/state.ts';
import { type CanonicalReason, isSellerFault } from './reasons.ts';
import type { Disposition } from './return.ts';

/** A merchant's rule as data. Every condition that is given must hold; what follows from it carries the code as its reason. */
export type PolicyRule = {
  readonly code: string;
  /** For people: why. */
  readonly message: string;
  readonly when: RuleConditions;
  readonly effect: RuleConsequence;
};

export type RuleConditions = {
  /** `shopify/main`, or `shopify/*` for every account. */
  readonly channels?: readonly string[];
  /** SKUs; `*` stands for any text ("HAZ-*"). */
  readonly skus?: readonly string[];
  /** Attributes that the policy gives to items: any of these. */
  readonly attributes?: readonly string[];
  /** Where the goods went, ISO 3166-1: any of these, or any but these. */
  readonly countries?: readonly string[];
  readonly notCountries?: readonly string[];
  readonly customerType?: 'consumer' | 'business';
  /** Canonical reasons: any of these. A code that no map knows is none of them. */
  readonly reasons?: readonly CanonicalReason[];
  /** Whether the reason lies with the seller or the carrier. A code that no map knows is neither. */
  readonly sellerFault?: boolean;
  /** What the buyer would get for the line, by currency in minor units, both ends counted; another currency never fits. */
  readonly valueFrom?: Readonly<Record<string, number>>;
  readonly valueUpTo?: Readonly<Record<string, number>>;
};

export type RuleConsequence =
  | { readonly kind: 'reject' }
  | { readonly kind: 'review' }
  /** The buyer may keep the goods: a hint to the platform; what is refunded is decided as ever. */
  | { readonly kind: 'keep-item' }
  /** Days of the window in place of the policy's; of several the first counts. */
  | { readonly kind: 'window'; readonly days: number }
  | { readonly kind: 'disposition'; readonly disposition: Disposition };

/** Attributes that the policy gives to the items that fit any of the patterns. */
export type ItemAttributes = { readonly skus: readonly string[]; readonly attributes: readonly string[] };

/** One line as rules see it. */
export type RuleSubject = {
  readonly order: OpenOrder;
  readonly line: Pick<OrderLine, 'sku'>;
  readonly attributes: readonly string[];
  readonly reason: CanonicalReason | undefined;
  /** Minor units of the order's currency. */
  readonly value: number;
};

export const attributesOf = (sku: string, items: readonly ItemAttributes[]): string[] => [
  ...new Set(items.filter(({ skus }) => fitsAny(sku, skus)).flatMap(({ attributes }) => attributes)),
];

export const rulesThatApply = (rules: readonly PolicyRule[], subject: RuleSubject): PolicyRule[] =>
  rules.filter(({ when }) => applies(when, subject));

function applies(when: RuleConditions, { order, line, attributes, reason, value }: RuleSubject): boolean {
  const { channel, account } = order.id;
  const { country, type } = order.customer;
  const { currency } = order;
  const wanted: readonly boolean[] = [
    when.channels === undefined || fitsAny(`${channel}/${account}`, when.channels),
    when.skus === undefined || fitsAny(line.sku, when.skus),
    when.attributes === undefined || when.attributes.some((one) => attributes.includes(one)),
    when.countries === undefined || (country !== undefined && when.countries.includes(country)),
    when.notCountries === undefined || (country !== undefined && !when.notCountries.includes(country)),
    when.customerType === undefined || when.customerType === type,
    when.reasons === undefined || (reason !== undefined && when.reasons.includes(reason)),
    when.sellerFault === undefined || (reason !== undefined && isSellerFault(reason) === when.sellerFault),
    when.valueFrom === undefined || value >= (when.valueFrom[currency] ?? Number.POSITIVE_INFINITY),
    when.valueUpTo === undefined || value <= (when.valueUpTo[currency] ?? Number.NEGATIVE_INFINITY),
  ];
  return wanted.every(Boolean);
}

export const fitsAny = (text: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => fits(text, pattern));

/** By parts between the stars, so that no pattern can make a regular expression run away. */
function fits(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
