import type { ReasonPurpose, ReverseMap } from './channel-codes.ts';

/** What Crossdock tells channels for canonical reasons; merchants' own maps go before these. */

const VERSION = '2026-11-01';
const SINCE_EVER = '2000-01-01T00:00:00.000Z';

const reverse = (
  channel: string,
  purpose: ReasonPurpose,
  exact: ReverseMap['exact'],
  nearest: ReverseMap['nearest'],
): ReverseMap => ({
  layer: 'vocabulary',
  channel,
  purpose,
  version: VERSION,
  effectiveFrom: SINCE_EVER,
  exact,
  nearest,
});

/** Reasons of the buyer's own, where goods come back in order: "the customer returned it" is all there is to say. */
const plainReturn = (code: string): ReverseMap['nearest'] => ({
  'changed-mind': code,
  'ordered-wrong-item': code,
  'better-price': code,
  'size-too-small': code,
  'size-too-large': code,
  'wrong-size': code,
  'style-or-color': code,
  'not-compatible': code,
  'no-reason': code,
});

/** The maps that Crossdock brings along. */
export const REVERSE_MAPS: readonly ReverseMap[] = [
  reverse(
    'shopify',
    'return',
    {
      'changed-mind': 'UNWANTED',
      'size-too-small': 'SIZE_TOO_SMALL',
      'size-too-large': 'SIZE_TOO_LARGE',
      'style-or-color': 'STYLE',
      defective: 'DEFECTIVE',
      'wrong-item': 'WRONG_ITEM',
      'not-as-described': 'NOT_AS_DESCRIBED',
      'no-reason': 'UNKNOWN',
      other: 'OTHER',
    },
    {
      'ordered-wrong-item': 'UNWANTED',
      'better-price': 'UNWANTED',
      'arrived-late': 'UNWANTED',
      'unwanted-extra': 'UNWANTED',
      damaged: 'DEFECTIVE',
      'missing-parts': 'DEFECTIVE',
      quality: 'DEFECTIVE',
      expired: 'DEFECTIVE',
      counterfeit: 'NOT_AS_DESCRIBED',
      'not-compatible': 'NOT_AS_DESCRIBED',
    },
  ),
  reverse(
    'walmart',
    'refund',
    {
      'changed-mind': 'CustomerChangedMind',
      defective: 'DefectiveItem',
      damaged: 'DamagedItem',
      'missing-parts': 'Missing Parts / Instructions',
      'wrong-item': 'IncorrectItemReceived',
      'not-as-described': 'ItemNotAsAdvertised',
      'arrived-late': 'CustomerReceivedItemLate',
      'not-delivered': 'ItemNotReceivedByCustomer',
      cancelled: 'Buyer canceled',
      other: 'Others',
    },
    {
      ...plainReturn('Customer returned item'),
      'changed-mind': 'CustomerChangedMind',
      'unwanted-extra': 'Customer returned item',
      exchange: 'Customer returned item',
      quality: 'DefectiveItem',
      expired: 'DefectiveItem',
      counterfeit: 'ItemNotAsAdvertised',
    },
  ),
  reverse(
    'ebay',
    'refund',
    {
      'not-as-described': 'ITEM_NOT_AS_DESCRIBED',
      'not-delivered': 'ITEM_NOT_RECEIVED',
      cancelled: 'BUYER_CANCEL',
      other: 'OTHER_ADJUSTMENT',
    },
    {
      ...plainReturn('BUYER_RETURN'),
      'arrived-late': 'BUYER_RETURN',
      'unwanted-extra': 'BUYER_RETURN',
      exchange: 'BUYER_RETURN',
      defective: 'ITEM_NOT_AS_DESCRIBED',
      damaged: 'ITEM_NOT_AS_DESCRIBED',
      'missing-parts': 'ITEM_NOT_AS_DESCRIBED',
      'wrong-item': 'ITEM_NOT_AS_DESCRIBED',
      quality: 'ITEM_NOT_AS_DESCRIBED',
      counterfeit: 'ITEM_NOT_AS_DESCRIBED',
      expired: 'ITEM_NOT_AS_DESCRIBED',
    },
  ),
  reverse(
    'amazon',
    'refund',
    { 'wrong-item': 'DifferentItem', exchange: 'Exchange', cancelled: 'CustomerCancel', other: 'Other' },
    {
      ...plainReturn('CustomerReturn'),
      'arrived-late': 'CustomerReturn',
      'unwanted-extra': 'CustomerReturn',
      defective: 'CustomerReturn',
      damaged: 'CustomerReturn',
      'missing-parts': 'CustomerReturn',
      'not-as-described': 'CustomerReturn',
      quality: 'CustomerReturn',
      counterfeit: 'CustomerReturn',
      expired: 'CustomerReturn',
      'not-delivered': 'Undeliverable',
    },
  ),
  reverse(
    'mirakl',
    'return',
    {
      'changed-mind': 'RETURN_CHANGED_MIND',
      'size-too-small': 'RETURN_PDNT_TOO_SMALL',
      'size-too-large': 'RETURN_PDNT_TOO_BIG',
      'wrong-size': 'RETURN_PRODUCT_DOES_NOT_FIT',
      defective: 'RETURN_DEFECTIVE_ITEM',
      damaged: 'RETURN_BROKEN_ITEM',
      'missing-parts': 'RETURN_MISSING_ITEM',
      'wrong-item': 'RETURN_DELIVERED_PRODUCT_DIFFERENT',
      'not-as-described': 'RETURN_INACCURATE_ITEM_DESCRIPTION',
      quality: 'RETURN_CM_QUALITY',
      counterfeit: 'RETURN_COUNTERFEIT_ITEM',
      other: 'RETURN_OTHER',
    },
    {
      'style-or-color': 'RETURN_CM_DONT_LIKE',
      'ordered-wrong-item': 'RETURN_CM_DONT_WANT',
      'better-price': 'RETURN_CM_DONT_WANT',
      'unwanted-extra': 'RETURN_CM_DONT_WANT',
      expired: 'RETURN_DEFECTIVE_ITEM',
    },
  ),
];
