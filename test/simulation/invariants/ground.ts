import type { Case } from '#core/cases/case.ts';
import type { OpenClaim } from '#core/claims/claim.ts';
import type { SkuState } from '#core/claims/sku.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import type { OpenRefund } from '#core/refunds/refund.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';
import type { SeenFulfillment, SeenOrder, SeenRefund } from '../partners/shopify/inspection.ts';
import type { Payout } from '../partners/shopify/payouts.ts';

/** One aggregate as it lies in the table. */
export type Held<S> = {
  readonly key: string;
  readonly state: S;
  readonly version: number;
  readonly sequence: number;
  readonly openCases: readonly string[];
};

/** A sales document of the ERP. Amounts in minor units; returns have negative ones. */
export type ErpSale = {
  readonly webId: string;
  readonly number: string | null;
  readonly state: string;
  readonly total: number;
  readonly isReturn: boolean;
  /** Units of outgoing shipments that are not cancelled, be they done or still to come. */
  readonly unitsToShip: number;
  readonly shippedBySku: Readonly<Record<string, number>>;
  /** Posted invoices and credit notes of it. */
  readonly invoices: readonly { readonly type: 'invoice' | 'credit-note'; readonly total: number }[];
};

/** An order as it stands in the shop, with what was paid back and sent. */
export type ShopOrder = SeenOrder & {
  readonly refunds: readonly SeenRefund[];
  readonly fulfillments: readonly SeenFulfillment[];
};

export type PayoutTold = {
  readonly payoutId: string;
  /** Whole contents of which a rule knows every word, in the order in which they were laid down. */
  readonly readable: readonly Payout[];
  /** The last whole content, whatever its words. */
  readonly last?: Payout;
};

/** A journal entry of a settlement. Lines are on the roles of accounts; debits are above zero, minor units. */
export type PostedJournal = {
  readonly key: string;
  readonly settlementId: string;
  readonly part: string;
  readonly date: string;
  /** Key of the entry that it refers to. */
  readonly adjusts?: string;
  /** A bookkeeper made it, under no key that the connector would find. */
  readonly byHand: boolean;
  /** When the entry was made and when it was posted, milliseconds of the epoch. */
  readonly madeAt: number;
  readonly postedAt: number;
  readonly lines: readonly { readonly account: string; readonly amount: number }[];
};

export type JournalEvent = { readonly subject: string; readonly data: Readonly<Record<string, unknown>> };

/** Everything that invariants may look at: our tables, and the partners' own books. */
export interface Ground {
  readonly now: string;
  order(key: string): Held<OpenOrder> | undefined;
  orders(): readonly Held<OpenOrder>[];
  returns(): readonly Held<OpenReturn>[];
  refunds(): readonly Held<OpenRefund>[];
  claims(): readonly Held<OpenClaim>[];
  skus(): readonly Held<SkuState>[];
  operation(key: string): Operation | undefined;
  operations(): readonly Operation[];
  openCases(): readonly Case[];
  /** All rows of all tables, as they lie there. */
  rows(): readonly { readonly table: string; readonly row: Readonly<Record<string, unknown>> }[];
  inboxHas(mailbox: string, deliveryId: string): boolean;
  readonly shopOrders: readonly ShopOrder[];
  readonly erpSales: readonly ErpSale[];
  /** Credit notes by the day (YYYY-MM-DD) that they are dated on. */
  readonly creditNotes: readonly { readonly webId: string | null; readonly date?: string }[];
  readonly erpReceipts: readonly { readonly webId: string | null }[];
  /** First and last day of each time in which the retailer's books are closed. */
  readonly closedDays: readonly { readonly from: string; readonly to: string }[];
  /** By article: units that stand to be sold, and the most that can be fit for it. */
  readonly shelves: readonly { readonly sku: string; readonly onShelf: number; readonly most: number }[];
  /** Events of one type that lie in the journal. */
  eventsOf(type: string): readonly JournalEvent[];
  /** Payouts of the shop, as their files told of them. */
  readonly payouts: readonly PayoutTold[];
  settlement(key: string): Held<OpenSettlement> | undefined;
  /** Posted journal entries of settlements. */
  readonly postedJournals: readonly PostedJournal[];
  /** Last day of the retailer's closed months. */
  readonly closedThrough: string | undefined;
  /** Posted journal entries that are not balanced, by number. */
  readonly unbalancedMoves: readonly string[];
  /** Words that name or find a buyer, for the search in what must not hold any. */
  readonly personalWords: readonly string[];
}
