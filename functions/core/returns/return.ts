import type { LineQuantity } from '../kernel/quantity.ts';
import { type TaxLine, taxTotal } from '../orders/order.ts';

/** Whose return: the returns platform's own id, unique per platform account. */
export type ReturnId = { readonly platform: string; readonly account: string; readonly returnId: string };

export const returnKey = ({ platform, account, returnId }: ReturnId): string =>
  `RETURN#${platform}#${account}#${returnId}`;

/** The identity as it stands in operation keys. */
export const returnPath = ({ platform, account, returnId }: ReturnId): string => `${platform}/${account}/${returnId}`;

export function parseReturnKey(key: string): ReturnId {
  const [kind, platform, account, ...rest] = key.split('#');
  if (kind !== 'RETURN' || !platform || !account || rest.length === 0) throw new Error(`"${key}" is not a return key`);
  return { platform, account, returnId: rest.join('#') };
}

/** How a returned unit was found. `wrong-item` and `empty` bring nothing of ours back: no receipt, no credit, a case. */
export const CONDITIONS = ['new', 'opened', 'damaged', 'wrong-item', 'empty'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Where a returned unit goes. Only `restock` makes it sellable again. */
export const DISPOSITIONS = ['restock', 'quarantine', 'refurbish', 'return-to-vendor', 'dispose'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

export type InspectedLine = LineQuantity &
  GoodsCheck & {
    readonly condition: Condition;
    readonly disposition: Disposition;
    /** The inspection does not take these units back: no receipt, no credit, no refund. They go to the buyer or stay aside. */
    readonly rejected?: true;
  };

/** What the buyer gets for the goods. A platform may report another one as long as the refund is not fixed. */
export const RESOLUTIONS = ['refund', 'exchange', 'store-credit'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** What goes out in an exchange. Amounts are minor units of the order's currency, for the whole line. */
export type ReplacementLine = LineQuantity & {
  readonly sku: string;
  readonly net: number;
  readonly taxes: readonly TaxLine[];
};
export type Replacement = {
  readonly lines: readonly ReplacementLine[];
  /** What the platform has taken from the buyer for goods that are worth more. Minor units. */
  readonly collected: number;
};

/** Minor units the replacement is worth, whoever remits the tax. */
export const replacementTotal = ({ lines }: Replacement): number =>
  lines.reduce((sum, { net, taxes }) => sum + net + taxTotal(taxes), 0);

/** What the warehouse compared, where it did: it knows which unit went out, and what one weighs. */
export type GoodsCheck = {
  readonly serial?: { readonly expected: string; readonly found: string } | undefined;
  /** Of all units of the line. */
  readonly weightGrams?: { readonly expected: number; readonly found: number } | undefined;
};

export type ReceivedLine = LineQuantity & GoodsCheck;

/** What a returns platform or a warehouse tells about a return on its way; any order, any number of times. */
export type ReturnProgress =
  | {
      readonly type: 'in-transit';
      readonly occurredAt: string;
      readonly carrier?: string;
      readonly trackingNumber?: string;
    }
  | {
      readonly type: 'received';
      readonly occurredAt: string;
      readonly receiptId: string;
      readonly lines: readonly ReceivedLine[];
      /** The sender knows that nothing more comes. */
      readonly final?: true;
    }
  | {
      readonly type: 'inspected';
      readonly occurredAt: string;
      readonly inspectionId: string;
      readonly lines: readonly InspectedLine[];
    }
  | { readonly type: 'cancelled'; readonly occurredAt: string; readonly reason?: string }
  /** What the carrier says: brought to the house, or gone for good. */
  | {
      readonly type: 'delivered' | 'lost';
      readonly occurredAt: string;
      readonly carrier?: string;
      readonly trackingNumber?: string;
    }
  /** The buyer keeps the goods and is paid all the same. */
  | { readonly type: 'kept'; readonly occurredAt: string }
  | {
      readonly type: 'resolution-chosen';
      readonly occurredAt: string;
      readonly resolution: Resolution;
      /** Minor units are of this currency, which must be the order's. */
      readonly currency?: string;
      readonly replacement?: Replacement;
    }
  | ({ readonly type: 'credit-issued'; readonly currency: string } & IssuedCredit);

/** A store credit or gift card that the platform has issued: to whom is told by reference, never by name. */
export type IssuedCredit = {
  readonly creditId: string;
  readonly occurredAt: string;
  readonly kind: 'store-credit' | 'gift-card';
  /** Minor units of the order's currency. */
  readonly amount: number;
  readonly recipientRef?: string;
};

/** Units of one order line that come back, and what they are worth: minor units of the order's currency for these units. */
export type CreditLine = LineQuantity & {
  readonly sku: string;
  readonly net: number;
  readonly taxes: readonly TaxLine[];
};

/** The content of `erp/item-receipt`: goods of a return are in the house. */
export type ItemReceiptContent = {
  readonly returnId: string;
  readonly rma: string;
  /** Key of the order, and the ERP's own id and number of its sales order. */
  readonly orderKey: string;
  readonly salesOrderRef: string;
  readonly salesOrderNumber: string;
  readonly currency: string;
  readonly receivedAt: string;
  readonly lines: readonly CreditLine[];
  /** Minor units the ERP's return document must come to, as a positive number: net plus tax that the seller remits. */
  readonly total: number;
};

/** The content of `erp/credit-memo`: post the credit for an item receipt, or for goods that the buyer keeps. */
export type CreditMemoContent = {
  readonly returnId: string;
  readonly currency: string;
  /** Minor units, positive: what the credit memo must come to. */
  readonly total: number;
  /** Day of the credit in the books, `YYYY-MM-DD`; the day of the posting when it is missing. */
  readonly creditDate?: string;
} & (
  | {
      /** The ERP's own id of the return document that `erp/item-receipt` made. */
      readonly receiptRef: string;
      readonly withoutGoods?: undefined;
    }
  | {
      readonly receiptRef?: undefined;
      /** Credit without a receipt: what is credited, and of which sales order. Stock must not rise. */
      readonly withoutGoods: Omit<ItemReceiptContent, 'returnId' | 'currency' | 'total' | 'receivedAt'>;
    }
);

/** The content of `erp/credit-memo-reversal`: take a posted credit memo back by a document of its own. */
export type CreditMemoReversalContent = {
  readonly returnId: string;
  /** The ERP's own id of the credit memo. */
  readonly creditMemoRef: string;
  readonly currency: string;
  readonly total: number;
};

/** The content of `erp/stock-move`: put received units where their disposition says. */
export type StockMoveContent = {
  readonly returnId: string;
  readonly receiptRef: string;
  readonly moves: readonly { readonly sku: string; readonly quantity: number; readonly disposition: Disposition }[];
};

/** The content of `channel/refund`: pay the buyer back through the channel. */
export type RefundContent = {
  readonly orderId: string;
  readonly refundId: string;
  readonly currency: string;
  /** Minor units. */
  readonly amount: number;
  readonly lines: readonly LineQuantity[];
};
