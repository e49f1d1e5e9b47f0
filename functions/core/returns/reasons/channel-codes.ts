import type { CanonicalReason } from '../reasons.ts';

/**
 * Which codes each channel takes where we must name a reason, and what we say there. Sources: Shopify Admin GraphQL
 * `ReturnReason`; Walmart Marketplace orders API `refundReason`; eBay Fulfillment API `issue_refund`; Amazon order
 * adjustment feed; Mirakl's default return reasons.
 */

/** Why goods come back, or why money is paid back: channels have a list for each. */
export const REASON_PURPOSES = ['return', 'refund'] as const;
export type ReasonPurpose = (typeof REASON_PURPOSES)[number];

/** Everything a channel takes in one place, and which of it says nothing. */
export type ChannelVocabulary = { readonly codes: readonly string[]; readonly vague: readonly string[] };

export type ReverseMap = {
  /** What Crossdock knows of a channel, or what a merchant says there; the merchant has the last word. */
  readonly layer: 'vocabulary' | 'merchant';
  readonly channel: string;
  readonly purpose: ReasonPurpose;
  readonly version: string;
  /** ISO 8601; holds until a later one of its layer, channel and purpose begins. */
  readonly effectiveFrom: string;
  /** The code that means just this. */
  readonly exact: Readonly<Partial<Record<CanonicalReason, string>>>;
  /** Where the channel has no such code: one that is true, though it says less. Named one by one, never by default. */
  readonly nearest: Readonly<Partial<Record<CanonicalReason, string>>>;
  /** For reasons that are named nowhere. A vague one is used for the reason `other` alone. */
  readonly fallback?: string;
};

const vocabulary = (codes: readonly string[], vague: readonly string[]): ChannelVocabulary => ({ codes, vague });

export const CHANNEL_VOCABULARIES: Readonly<
  Record<string, Readonly<Partial<Record<ReasonPurpose, ChannelVocabulary>>>>
> = {
  shopify: {
    return: vocabulary(
      [
        ...['COLOR', 'DEFECTIVE', 'NOT_AS_DESCRIBED', 'OTHER', 'SIZE_TOO_LARGE', 'SIZE_TOO_SMALL', 'STYLE'],
        ...['UNKNOWN', 'UNWANTED', 'WRONG_ITEM'],
      ],
      ['OTHER', 'UNKNOWN'],
    ),
  },
  walmart: {
    refund: vocabulary(
      [
        ...['BillingError', 'TaxExemptCustomer', 'ItemNotAsAdvertised', 'IncorrectItemReceived'],
        ...['CancelledYetShipped', 'ItemNotReceivedByCustomer', 'IncorrectShippingPrice', 'DamagedItem'],
        ...['DefectiveItem', 'CustomerChangedMind', 'CustomerReceivedItemLate', 'Missing Parts / Instructions'],
        ...['Finance -> Goodwill', 'Finance -> Rollback', 'Buyer canceled', 'Customer returned item'],
        ...['General adjustment', 'Merchandise not received', 'Quality -> Missing Parts / Instructions'],
        ...['Shipping & Delivery -> Damaged', 'Shipping & Delivery -> Shipping Price Discrepancy', 'Others'],
      ],
      ['General adjustment', 'Others'],
    ),
  },
  ebay: {
    refund: vocabulary(
      [
        ...['BUYER_CANCEL', 'SELLER_CANCEL', 'ITEM_NOT_RECEIVED', 'BUYER_RETURN', 'ITEM_NOT_AS_DESCRIBED'],
        ...['OTHER_ADJUSTMENT', 'SHIPPING_DISCOUNT'],
      ],
      ['OTHER_ADJUSTMENT'],
    ),
  },
  amazon: {
    refund: vocabulary(
      [
        ...['NoInventory', 'CustomerReturn', 'GeneralAdjustment', 'CouldNotShip', 'DifferentItem', 'Abandoned'],
        ...['CustomerCancel', 'PriceError', 'ProductOutofStock', 'CustomerAddressIncorrect', 'Exchange', 'Other'],
        ...['CarrierCreditDecision', 'RiskAssessmentInformationNotValid', 'CarrierCoverageFailure'],
        ...['TransactionRecord', 'Undeliverable', 'RefusedDelivery'],
      ],
      ['GeneralAdjustment', 'Other'],
    ),
  },
  mirakl: {
    return: vocabulary(
      [
        ...['RETURN_BROKEN_ITEM', 'RETURN_CHANGED_MIND', 'RETURN_COUNTERFEIT_ITEM', 'RETURN_DAMAGED_PACKAGING'],
        ...['RETURN_DEFECTIVE_ITEM', 'RETURN_DELIVERED_PRODUCT_DIFFERENT', 'RETURN_MISSING_ITEM', 'RETURN_OTHER'],
        ...['RETURN_CM_DONT_WANT', 'RETURN_CM_DONT_LIKE', 'RETURN_CM_QUALITY', 'RETURN_DPD_WRONG_SIZE'],
        ...['RETURN_DPD_WRONG_COLOR', 'RETURN_DEFECTIVE_ON_ARRIVAL', 'RETURN_PRODUCT_DOES_NOT_FIT'],
        ...['RETURN_PDNT_TOO_BIG', 'RETURN_PDNT_TOO_SMALL', 'RETURN_INACCURATE_ITEM_DESCRIPTION', 'RETURN_WARRANTY'],
      ],
      ['RETURN_OTHER'],
    ),
  },
};
