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

/** Code as a partner sends it, in upper case → what it means. */
export type ReasonMap = { readonly version: string; readonly codes: Readonly<Record<string, CanonicalReason>> };

/** A reason as given and as understood; `canonical` is missing when the map does not know the code. */
export type MappedReason = {
  readonly given: string;
  readonly canonical?: CanonicalReason;
  readonly mappingVersion: string;
};

/** Looks a partner's code up, whatever its case. */
export function mapReason(map: ReasonMap, given: string): MappedReason {
  const code = given.trim().toUpperCase();
  const canonical = Object.hasOwn(map.codes, code) ? map.codes[code] : undefined;
  return { given, mappingVersion: map.version, ...(canonical !== undefined && { canonical }) };
}

const listed = (meaning: CanonicalReason, codes: string): Record<string, CanonicalReason> =>
  Object.fromEntries(codes.split(' ').map((code) => [code, meaning]));

/**
 * What the marketplaces' own return reasons mean. Sources: Amazon return reports (CR-…; FBA drops the prefix), Shopify
 * Admin GraphQL `ReturnReason`, Walmart Marketplace returns API, eBay Post-Order `ReturnReasonEnum`, Mirakl's defaults.
 */
export const MARKETPLACE_REASONS: ReasonMap = {
  version: '2026-11-01',
  codes: {
    ...listed('changed-mind', 'CR-UNWANTED_ITEM UNWANTED_ITEM UNWANTED NO_LONGER_WANTED NO_LONGER_NEED_ITEM'),
    ...listed('changed-mind', 'RETURN_CHANGED_MIND RETURN_CM_DONT_WANT RETURN_CM_DONT_LIKE RETURNING_GIFT'),
    ...listed('ordered-wrong-item', 'CR-ORDERED_WRONG_ITEM ORDERED_WRONG_ITEM ORDERED_DIFFERENT_ITEM'),
    ...listed('ordered-wrong-item', 'AMZ-PG-MISORDERED ORDERED_ACCIDENTALLY'),
    ...listed('better-price', 'CR-FOUND_BETTER_PRICE FOUND_BETTER_PRICE LOWER_PRICE BOUGHT_SOMEWHERE_ELSE'),
    ...listed('size-too-small', 'SIZE_TOO_SMALL RETURN_PDNT_TOO_SMALL'),
    ...listed('size-too-large', 'SIZE_TOO_LARGE RETURN_PDNT_TOO_BIG'),
    ...listed('wrong-size', 'WRONG_SIZE WRONG_SIZE/POOR_FIT RETURN_PRODUCT_DOES_NOT_FIT'),
    ...listed('style-or-color', 'COLOR STYLE'),
    ...listed('not-compatible', 'CR-NOT_COMPATIBLE NOT_COMPATIBLE'),
    ...listed('defective', 'CR-DEFECTIVE DEFECTIVE DEFECTIVE_ITEM RETURN_DEFECTIVE_ITEM RETURN_DEFECTIVE_ON_ARRIVAL'),
    ...listed('defective', 'RETURN_WARRANTY'),
    ...listed('damaged', 'CR-DAMAGED_BY_CARRIER DAMAGED_BY_CARRIER CR-DAMAGED_BY_FC DAMAGED_BY_FC DAMAGED'),
    ...listed('damaged', 'SHIPPING_BOX_DAMAGED ARRIVED_DAMAGED RETURN_BROKEN_ITEM RETURN_DAMAGED_PACKAGING'),
    ...listed('missing-parts', 'CR-MISSING_PARTS MISSING_PARTS RETURN_MISSING_ITEM'),
    ...listed('wrong-item', 'CR-SWITCHEROO SWITCHEROO WRONG_ITEM INCORRECT_ITEM RETURN_DELIVERED_PRODUCT_DIFFERENT'),
    ...listed('wrong-item', 'RETURN_DPD_WRONG_SIZE RETURN_DPD_WRONG_COLOR'),
    ...listed('not-as-described', 'NOT_AS_DESCRIBED AMZ-PG-BAD-DESC DIFFERENT_FROM_LISTING'),
    ...listed('not-as-described', 'RETURN_INACCURATE_ITEM_DESCRIPTION'),
    ...listed('quality', 'CR-QUALITY_UNACCEPTABLE QUALITY_UNACCEPTABLE INADEQUATE_QUALITY RETURN_CM_QUALITY'),
    ...listed('counterfeit', 'FAKE_OR_COUNTERFEIT RETURN_COUNTERFEIT_ITEM'),
    ...listed('expired', 'EXPIRED_ITEM'),
    ...listed(
      'arrived-late',
      'CR-MISSED_ESTIMATED_DELIVERY MISSED_ESTIMATED_DELIVERY ARRIVED_LATE AMZ-PG-APP-TOO-LATE',
    ),
    ...listed('not-delivered', 'UNDELIVERABLE_UNKNOWN LOST_AFTER_DELIVERY LOST_IN_TRANSIT RETURN_TO_SENDER'),
    ...listed('not-delivered', 'BUYER_NO_SHOW BUYER_NOT_SCHEDULED BUYER_REFUSED_TO_PICKUP'),
    ...listed('unwanted-extra', 'CR-EXTRA_ITEM EXTRA_ITEM DUPLICATE_ITEM'),
    ...listed('unauthorized-purchase', 'CR-UNAUTHORIZED_PURCHASE UNAUTHORIZED_PURCHASE'),
    ...listed('cancelled', 'TRIED_TO_CANCEL BUYER_CANCEL_ORDER OUT_OF_STOCK'),
    ...listed('exchange', 'BOUGHT_ANOTHER_SIZE_OR_COLOR'),
    ...listed('customized', 'CUSTOMIZED'),
    ...listed('no-reason', 'CR-NO_REASON_GIVEN NO_REASON_GIVEN NO_REASON UNKNOWN AUTO_RETURN IN_STORE_RETURN'),
    ...listed('other', 'OTHER RETURN_OTHER'),
  },
};
