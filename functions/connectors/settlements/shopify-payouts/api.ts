import * as z from 'zod/mini';
import type { ReadOptions, SettlementPart } from '#application/ports/settlements.ts';
import type { ExactJson } from '#core/kernel/exact-json.ts';
import type { LineClass } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { currency, DECIMAL, formed, instant, mapped, number, or, utc } from '../../wire.ts';
import { minorOf, readDocument } from '../kit/json.ts';
import { Settlements } from '../kit/settlements.ts';
import { isPayout, linesOf } from './transaction.ts';

const decimal = z.union([formed(DECIMAL, 'expected an amount'), mapped(number, ({ text }) => text)]);
const id = z.union([z.string(), mapped(number, ({ text }) => text)]);

/** A payout as the Admin API's shopify_payments/payouts tells it. */
const payout = z.object({ id, date: z.string(), currency, amount: decimal });

/** As shopify_payments/balance/transactions tells it; what is not read is not named. */
const transaction = z.object({
  id,
  type: z.string().check(z.minLength(1), z.maxLength(100)),
  test: or(z.boolean(), false),
  payout_id: or(id, undefined),
  currency,
  amount: decimal,
  fee: decimal,
  net: decimal,
  source_order_id: or(id, undefined),
  processed_at: instant,
});

const document = z.object({
  payouts: or(z.array(payout), []),
  payout: or(payout, undefined),
  transactions: z.array(transaction),
});

type Told = z.output<typeof transaction>;

/** Settlements of the two answers of the API, merged into one document: `{ payouts, transactions }`. */
export function readApi(
  json: ExactJson,
  format: ConstructorParameters<typeof Settlements>[0],
  options: ReadOptions,
  classify: (source: string) => LineClass | undefined,
): SettlementPart[] {
  const told = readDocument(document, json, 'payouts and transactions');
  const settlements = new Settlements(format, options);
  const payouts = new Map([...told.payouts, ...(told.payout ? [told.payout] : [])].map((one) => [one.id, one]));
  const announced = new Map<string, number>();
  for (const [index, one] of told.transactions.entries()) {
    const at = index + 1;
    const payoutId = payoutOf(one, at);
    const of = (text: string, what: string): number => minorOf(text, one.currency, at, what);
    const [amount, fee, net] = [of(one.amount, 'amount'), of(one.fee, 'fee'), of(one.net, 'net')];
    if (isPayout(one.type)) {
      announced.set(payoutId, -amount);
      const deposit = payouts.get(payoutId)?.date ?? utc(one.processed_at);
      settlements.announce({ settlementId: payoutId, currency: one.currency, amount: -amount, at, deposit });
      continue;
    }
    const orderId = one.source_order_id === undefined ? {} : { orderId: one.source_order_id };
    const facts = {
      at,
      type: one.type,
      amount,
      fee,
      net,
      postedAt: inSeconds(one.processed_at),
      transactionId: one.id,
      ...orderId,
    };
    for (const line of linesOf(facts, classify)) settlements.line(payoutId, one.currency, line);
  }
  for (const { id, amount, currency, date } of payouts.values()) {
    const minor = minorOf(amount, currency, 0, `payout ${id}`);
    const row = announced.get(id);
    if (row === undefined) settlements.announce({ settlementId: id, currency, amount: minor, at: 0, deposit: date });
    else if (row !== minor) throw disagree(id, minor, row);
  }
  return settlements.end();
}

function payoutOf({ payout_id, test }: Told, at: number): string {
  if (test) throw new SettlementRefused('SETTLEMENT_ROW', at, 'a test transaction moves no money: leave it out');
  if (payout_id !== undefined) return payout_id;
  throw new SettlementRefused('SETTLEMENT_ROW', at, 'the transaction is in no payout yet: ask for those of one payout');
}

const disagree = (id: string, payout: number, row: number) =>
  new SettlementRefused(
    'SETTLEMENT_CONTROL_TOTAL',
    undefined,
    `payout ${id} is over ${payout}, its own transaction over ${row} (minor units)`,
  );

const inSeconds = (given: string): string => `${utc(given).slice(0, 19)}Z`;
