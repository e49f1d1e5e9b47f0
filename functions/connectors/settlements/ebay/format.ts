import type { ReadLine, ReadOptions, SettlementFormat, SettlementPart } from '#application/ports/settlements.ts';
import type { ExactJson } from '#core/kernel/exact-json.ts';
import { classifier } from '#core/settlements/rules.ts';
import { utc } from '../../wire.ts';
import { documentOf, minorOf, readDocument } from '../kit/json.ts';
import { Settlements } from '../kit/settlements.ts';
import { rules } from './rules.ts';
import { linesOf } from './transaction.ts';
import { document } from './wire.ts';

/** eBay keeps the tax that it remits: it is never in an amount. */
const EBAY = { id: 'ebay', channel: 'ebay', told: 'as-owed' } as const;

/** Payouts and transactions of eBay's Finances API, merged into one document: `{ payouts, transactions }`. */
export const ebay: SettlementFormat = {
  id: EBAY.id,
  label: 'eBay payouts and transactions (Finances API JSON)',
  channel: EBAY.channel,
  mapping: 'none',
  rules,
  async *read(bytes, options) {
    yield* parts(await documentOf(bytes), options);
  },
};

function parts(json: ExactJson, options: ReadOptions): SettlementPart[] {
  const told = readDocument(document, json, 'payouts and transactions');
  const classify = classifier(options.rules ?? rules);
  const settlements = new Settlements(EBAY, options);
  for (const { payoutId, payoutDate, amount } of [...told.payouts, ...(told.payout ? [told.payout] : [])]) {
    const { currency } = amount;
    const announced = minorOf(amount.value, currency, 0, `payout ${payoutId}`);
    settlements.announce({
      settlementId: payoutId,
      currency,
      amount: announced,
      at: 0,
      deposit: utc(payoutDate),
    });
  }
  for (const [index, one] of told.transactions.entries()) {
    const lines: readonly ReadLine[] = linesOf(one, index + 1, classify);
    for (const line of lines) settlements.line(one.payoutId, one.amount.currency, line);
  }
  return settlements.end();
}
