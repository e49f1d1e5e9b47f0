import { type ChannelOrder, computedTotal } from '../orders/order.ts';
import type { BuyerClaim, RefundShare } from '../orders/state.ts';
import { type Account, accountOfBucket, discountAccount, saleAccount } from './accounts.ts';
import { capturedParts, type Parts } from './buckets.ts';
import type { Entry, Posting } from './ledger.ts';

/** Something that happened to the money of an order. */
export type MoneyFact =
  | { readonly type: 'captured'; readonly order: OrderMoney }
  | { readonly type: 'amended'; readonly from: OrderMoney; readonly to: OrderMoney }
  /** Ours: held when it is planned, then either paid or given up. */
  | { readonly type: 'refund-reserved' | 'refund-settled' | 'refund-freed'; readonly share: ShareMoney }
  /** The channel's own: paid when we hear of it. */
  | { readonly type: 'channel-refund'; readonly share: ShareMoney }
  /** A refund that was paid before receipt: the buyer owes it, has paid it back, or need not. */
  | { readonly type: 'claim-due' | 'claim-collected' | 'claim-waived'; readonly claim: ClaimMoney }
  | SettlementFact;

/** What a settlement of the channel says of an order. */
export type SettlementFact =
  /** Kept by the channel for its service; `name` is the kind of fee (`commission`). A fee that it gives back is below zero. */
  | { readonly type: 'fee-charged'; readonly ref: string; readonly name: string; readonly amount: number }
  /** Tax that the marketplace has remitted itself, by bucket. */
  | { readonly type: 'tax-withheld'; readonly ref: string; readonly parts: Parts }
  | { readonly type: 'paid-out'; readonly ref: string; readonly amount: number };

export type OrderMoney = Pick<ChannelOrder, 'lines' | 'shipping' | 'fees'>;
export type ShareMoney = Pick<RefundShare, 'refundId' | 'amount' | 'parts' | 'means'>;
export type ClaimMoney = Pick<BuyerClaim, 'refundId' | 'amount'>;

/** The entry that a fact makes. It balances when the fact is sound; posting it proves that. */
export function entryOf(fact: MoneyFact, currency: string): Entry {
  switch (fact.type) {
    case 'captured':
      return { kind: fact.type, currency, postings: capturing(fact.order) };
    case 'amended':
      return { kind: fact.type, currency, postings: [...negated(capturing(fact.from)), ...capturing(fact.to)] };
    case 'refund-reserved':
      return { kind: fact.type, ref: fact.share.refundId, currency, postings: reserving(fact.share) };
    case 'refund-freed':
      return { kind: fact.type, ref: fact.share.refundId, currency, postings: negated(reserving(fact.share)) };
    case 'refund-settled': {
      const { share } = fact;
      const postings = [...negated(reserving(share)), ...paying(share)];
      return { kind: fact.type, ref: share.refundId, currency, postings };
    }
    case 'channel-refund':
      return { kind: fact.type, ref: fact.share.refundId, currency, postings: paying(fact.share) };
    case 'claim-due':
      return claimEntry(fact, currency, 'claim', 'reclaimed');
    case 'claim-collected':
      return claimEntry(fact, currency, 'receivable', 'claim');
    case 'claim-waived':
      return claimEntry(fact, currency, 'written-off', 'claim');
    case 'fee-charged':
      return { kind: fact.type, ref: fact.ref, currency, postings: takenOff(`channel-fee/${fact.name}`, fact.amount) };
    case 'tax-withheld': {
      const postings = Object.entries(fact.parts).flatMap(([bucket, amount]) =>
        takenOff(accountOfBucket(bucket), amount),
      );
      return { kind: fact.type, ref: fact.ref, currency, postings };
    }
    case 'paid-out':
      return { kind: fact.type, ref: fact.ref, currency, postings: takenOff('payout', fact.amount) };
  }
}

/** Lines stand at their price, with discounts beside them. The receivable is what the parts come to. */
function capturing(order: OrderMoney): Posting[] {
  const discounts = order.lines.filter(({ discount }) => discount !== 0);
  return [
    { account: 'receivable', amount: computedTotal(order) },
    ...Object.entries(capturedParts(order)).map(([bucket, amount]) => ({
      account: accountOfBucket(bucket),
      amount: -amount,
    })),
    ...discounts.flatMap(({ lineId, discount }): Posting[] => [
      { account: saleAccount(lineId), amount: -discount },
      { account: discountAccount(lineId), amount: discount },
    ]),
  ];
}

const reserving = ({ amount, parts }: ShareMoney): Posting[] => [
  ...byBucket('refund-pending', parts),
  { account: 'buyer', amount: -amount },
];

/** Through the channel, or as something else that the seller owes from then on. */
const paying = ({
  amount,
  parts,
  means = 'receivable',
}: Omit<ShareMoney, 'means'> & { means?: Account }): Posting[] => [
  ...byBucket('refund', parts),
  { account: means, amount: -amount },
];

const claimEntry = (
  { type, claim }: Extract<MoneyFact, { claim: ClaimMoney }>,
  currency: string,
  debit: Account,
  credit: Account,
): Entry => ({
  kind: type,
  ref: claim.refundId,
  currency,
  postings: [
    { account: debit, amount: claim.amount },
    { account: credit, amount: -claim.amount },
  ],
});

const byBucket = (kind: 'refund' | 'refund-pending', parts: Parts): Posting[] =>
  Object.entries(parts).map(([bucket, amount]) => ({ account: `${kind}/${bucket}`, amount }));

const takenOff = (account: Account, amount: number): Posting[] => [
  { account, amount },
  { account: 'receivable', amount: -amount },
];

const negated = (postings: readonly Posting[]): Posting[] =>
  postings.map(({ account, amount }) => ({ account, amount: -amount }));
