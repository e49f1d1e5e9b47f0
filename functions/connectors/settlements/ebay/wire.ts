import * as z from 'zod/mini';
import { currency, DECIMAL, formed, instant, or } from '../../wire.ts';

/** Money as eBay's APIs write it. Amounts are unsigned: what a transaction does to the balance is its bookingEntry. */
const money = z.object({
  value: formed(DECIMAL, 'expected an amount'),
  currency,
  convertedFromValue: or(formed(DECIMAL, 'expected an amount'), undefined),
  convertedFromCurrency: or(currency, undefined),
  exchangeRate: or(z.string(), undefined),
});

const fee = z.object({ feeType: z.string(), amount: money });

/** sell/finances/v1: a transaction of getTransactions; what is not read is not named. */
export const transaction = z.object({
  transactionId: z.string(),
  transactionType: z.string().check(z.minLength(1), z.maxLength(100)),
  transactionDate: instant,
  bookingEntry: z.enum(['CREDIT', 'DEBIT']),
  payoutId: z.string(),
  orderId: or(z.string(), undefined),
  amount: money,
  totalFeeAmount: or(money, undefined),
  feeType: or(z.string(), undefined),
  orderLineItems: or(z.array(z.object({ lineItemId: z.string(), marketplaceFees: or(z.array(fee), []) })), []),
});

const payout = z.object({
  payoutId: z.string(),
  payoutDate: instant,
  payoutStatus: or(z.string(), undefined),
  amount: money,
});

export const document = z.object({
  payouts: or(z.array(payout), []),
  payout: or(payout, undefined),
  transactions: z.array(transaction),
});

export type Transaction = z.output<typeof transaction>;
export type WireMoney = z.output<typeof money>;
