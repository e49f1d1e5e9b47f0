/**
 * Why goods come back, in our own words. Marketplaces and returns platforms each have their own codes, and merchants add
 * theirs; a map with a version says what each means. A code that no map knows goes to a person: it never becomes `other`.
 */
export const CANONICAL_REASONS = [
  'changed-mind',
  'ordered-wrong-item',
  'better-price',
  'size-too-small',
  'size-too-large',
  'wrong-size',
  'style-or-color',
  'not-compatible',
  'defective',
  'damaged',
  'missing-parts',
  'wrong-item',
  'not-as-described',
  'quality',
  'counterfeit',
  'expired',
  'arrived-late',
  'not-delivered',
  'unwanted-extra',
  'unauthorized-purchase',
  'cancelled',
  'exchange',
  'customized',
  'no-reason',
  'other',
] as const;

export type CanonicalReason = (typeof CANONICAL_REASONS)[number];

/** Reasons that lie with the seller or the carrier: a sale that was final does not settle those. */
const SELLER_FAULT: ReadonlySet<CanonicalReason> = new Set<CanonicalReason>([
  'defective',
  'damaged',
  'missing-parts',
  'wrong-item',
  'not-as-described',
  'quality',
  'counterfeit',
  'expired',
  'unwanted-extra',
]);

export const isSellerFault = (reason: CanonicalReason): boolean => SELLER_FAULT.has(reason);

/** Code as a partner sends it, in upper case → what it means. One source at one time (reasons/catalogue.ts). */
export type ReasonMap = { readonly version: string; readonly codes: Readonly<Record<string, CanonicalReason>> };

/** A reason as given and as understood; `canonical` is missing when the map does not know the code. */
export type MappedReason = {
  readonly given: string;
  readonly canonical?: CanonicalReason;
  readonly mappingVersion: string;
};

/** A partner's code as maps know it. */
export const normalCode = (given: string): string => given.trim().toUpperCase();

/** Looks a partner's code up, whatever its case. */
export function mapReason(map: ReasonMap, given: string): MappedReason {
  const code = normalCode(given);
  const canonical = Object.hasOwn(map.codes, code) ? map.codes[code] : undefined;
  return { given, mappingVersion: map.version, ...(canonical !== undefined && { canonical }) };
}

/** What a returns platform may say that passes the marketplaces' own codes through, without a merchant's words. */
export { MARKETPLACE_REASONS } from './reasons/vocabularies.ts';
