import type { CanonicalReason, ReasonMap } from '../reasons.ts';
import type { ReasonMapVersion } from './catalogue.ts';

/** What the marketplaces' own return reasons mean, each marketplace by itself, and what any of them means together. */

type Codes = Readonly<Record<string, CanonicalReason>>;

/** Codes by what they mean, as they are easiest to proofread; a blank parts two. */
const meanings = (table: Readonly<Partial<Record<CanonicalReason, string>>>): Codes =>
  Object.fromEntries(
    Object.entries(table).flatMap(([reason, codes]) =>
      codes.split(' ').map((code): [string, CanonicalReason] => [code, reason as CanonicalReason]),
    ),
  );

/** Codes that the returns reports of both kinds of fulfilment share; merchant fulfilment puts `CR-` before them. */
const AMAZON_SHARED = meanings({
  'changed-mind': 'UNWANTED_ITEM',
  'ordered-wrong-item': 'ORDERED_WRONG_ITEM',
  'better-price': 'FOUND_BETTER_PRICE',
  'not-compatible': 'NOT_COMPATIBLE',
  defective: 'DEFECTIVE',
  damaged: 'DAMAGED_BY_CARRIER DAMAGED_BY_FC',
  'missing-parts': 'MISSING_PARTS',
  'wrong-item': 'SWITCHEROO',
  quality: 'QUALITY_UNACCEPTABLE',
  'arrived-late': 'MISSED_ESTIMATED_DELIVERY',
  'unwanted-extra': 'EXTRA_ITEM',
  'unauthorized-purchase': 'UNAUTHORIZED_PURCHASE',
  'no-reason': 'NO_REASON_GIVEN',
});

const AMAZON: Codes = {
  ...AMAZON_SHARED,
  ...Object.fromEntries(Object.entries(AMAZON_SHARED).map(([code, reason]) => [`CR-${code}`, reason])),
  ...meanings({
    'ordered-wrong-item': 'AMZ-PG-MISORDERED',
    'not-as-described': 'NOT_AS_DESCRIBED AMZ-PG-BAD-DESC',
    'arrived-late': 'AMZ-PG-APP-TOO-LATE',
    'not-delivered': 'UNDELIVERABLE_UNKNOWN',
  }),
};

/** Admin GraphQL `ReturnReason`. */
const SHOPIFY = meanings({
  'changed-mind': 'UNWANTED',
  'size-too-small': 'SIZE_TOO_SMALL',
  'size-too-large': 'SIZE_TOO_LARGE',
  'style-or-color': 'COLOR STYLE',
  defective: 'DEFECTIVE',
  'wrong-item': 'WRONG_ITEM',
  'not-as-described': 'NOT_AS_DESCRIBED',
  'no-reason': 'UNKNOWN',
  other: 'OTHER',
});

/** Marketplace returns API. */
const WALMART = meanings({
  'changed-mind': 'NO_LONGER_WANTED',
  'better-price': 'LOWER_PRICE BOUGHT_SOMEWHERE_ELSE',
  'wrong-size': 'WRONG_SIZE/POOR_FIT',
  defective: 'DEFECTIVE',
  damaged: 'DAMAGED SHIPPING_BOX_DAMAGED',
  'missing-parts': 'MISSING_PARTS',
  'wrong-item': 'INCORRECT_ITEM',
  'not-as-described': 'NOT_AS_DESCRIBED',
  quality: 'INADEQUATE_QUALITY',
  'arrived-late': 'ARRIVED_LATE',
  'not-delivered': 'LOST_AFTER_DELIVERY LOST_IN_TRANSIT RETURN_TO_SENDER',
  'unwanted-extra': 'DUPLICATE_ITEM',
  cancelled: 'TRIED_TO_CANCEL',
  exchange: 'BOUGHT_ANOTHER_SIZE_OR_COLOR',
  'no-reason': 'AUTO_RETURN',
});

/** Post-Order `ReturnReasonEnum`. */
const EBAY = meanings({
  'changed-mind': 'NO_LONGER_NEED_ITEM RETURNING_GIFT',
  'ordered-wrong-item': 'ORDERED_WRONG_ITEM ORDERED_DIFFERENT_ITEM ORDERED_ACCIDENTALLY',
  'better-price': 'FOUND_BETTER_PRICE',
  'wrong-size': 'WRONG_SIZE',
  defective: 'DEFECTIVE_ITEM',
  damaged: 'ARRIVED_DAMAGED',
  'missing-parts': 'MISSING_PARTS',
  'not-as-described': 'NOT_AS_DESCRIBED DIFFERENT_FROM_LISTING',
  counterfeit: 'FAKE_OR_COUNTERFEIT',
  expired: 'EXPIRED_ITEM',
  'arrived-late': 'ARRIVED_LATE',
  'not-delivered': 'BUYER_NO_SHOW BUYER_NOT_SCHEDULED BUYER_REFUSED_TO_PICKUP',
  cancelled: 'BUYER_CANCEL_ORDER OUT_OF_STOCK',
  customized: 'CUSTOMIZED',
  'no-reason': 'NO_REASON IN_STORE_RETURN',
  other: 'OTHER',
});

/** The platform's defaults; an operator's own come as a merchant's map. */
const MIRAKL = meanings({
  'changed-mind': 'RETURN_CHANGED_MIND RETURN_CM_DONT_WANT RETURN_CM_DONT_LIKE',
  'size-too-small': 'RETURN_PDNT_TOO_SMALL',
  'size-too-large': 'RETURN_PDNT_TOO_BIG',
  'wrong-size': 'RETURN_PRODUCT_DOES_NOT_FIT',
  defective: 'RETURN_DEFECTIVE_ITEM RETURN_DEFECTIVE_ON_ARRIVAL RETURN_WARRANTY',
  damaged: 'RETURN_BROKEN_ITEM RETURN_DAMAGED_PACKAGING',
  'missing-parts': 'RETURN_MISSING_ITEM',
  'wrong-item': 'RETURN_DELIVERED_PRODUCT_DIFFERENT RETURN_DPD_WRONG_SIZE RETURN_DPD_WRONG_COLOR',
  'not-as-described': 'RETURN_INACCURATE_ITEM_DESCRIPTION',
  quality: 'RETURN_CM_QUALITY',
  counterfeit: 'RETURN_COUNTERFEIT_ITEM',
  other: 'RETURN_OTHER',
});

const VERSION = '2026-11-01';

/** Marketplaces whose codes are known by themselves. */
export const MARKETPLACES = { amazon: AMAZON, shopify: SHOPIFY, walmart: WALMART, ebay: EBAY, mirakl: MIRAKL } as const;

/** No two marketplaces mean different things by one code (a test holds it), so all of them can be read at once. */
export const MARKETPLACE_REASONS: ReasonMap = {
  version: VERSION,
  codes: Object.assign({}, ...Object.values(MARKETPLACES)),
};

/** In effect for as long as anything can have been asked for. */
const SINCE_EVER = '2000-01-01T00:00:00.000Z';

/** The maps that Crossdock brings along. `generic`: returns platforms that pass marketplaces' codes through. */
export const VOCABULARIES: readonly ReasonMapVersion[] = [
  ...Object.entries(MARKETPLACES),
  ['generic', MARKETPLACE_REASONS.codes] as const,
].map(([source, codes]) => ({ source, layer: 'vocabulary', version: VERSION, effectiveFrom: SINCE_EVER, codes }));
