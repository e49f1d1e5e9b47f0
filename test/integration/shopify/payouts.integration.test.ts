import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SettlementPart } from '#application/ports/settlements.ts';
import { shopifyPayouts } from '#connectors/settlements/shopify-payouts/format.ts';
import type { BalanceTransaction } from '../../../bin/local/partners/shopify/payouts.ts';
import { type OpenPayouts, openPayouts } from './payouts-support.ts';

/** Beside what every source of settlements is held to (test/contract/connectors/settlement-source.contract.test.ts). */
describe('payouts of a Shopify shop', () => {
  let payouts: OpenPayouts;
  beforeEach(async () => {
    payouts = await openPayouts();
  });
  afterEach(() => payouts.server.close());
  const { signal } = new AbortController();

  it('tell a currency with three decimals, what is of no order, and what was taken back; tests are left out', async () => {
    const at = '2026-11-19T10:00:00Z';
    const transactions: BalanceTransaction[] = [
      { id: '1', type: 'charge', amount: 10_005, fee: 305, orderId: '5001', at },
      { id: '2', type: 'dispute_withdrawal', amount: -2_001, fee: 15, orderId: '5001', at },
      { id: '3', type: 'reserved_funds', amount: -500, fee: 0, at },
      { id: '4', type: 'charge', amount: 99_000, fee: 0, orderId: '5002', at, test: true },
    ];
    payouts.issue('90', { currency: 'KWD', transactions });
    const parts: SettlementPart[] = [];
    const read = shopifyPayouts.read(only(await payouts.connect().fetch('90', signal)), {
      account: 'main',
      timeZone: 'UTC',
    });
    for await (const part of read) parts.push(part);
    expect(parts.find((part) => part.kind === 'header')?.header).toMatchObject({ currency: 'KWD', announced: 7_184 });
    const lines = parts.flatMap((part) => (part.kind === 'lines' ? part.lines : []));
    expect(lines.map(({ source, amount, orderId, ...line }) => [source, amount, orderId, 'class' in line])).toEqual([
      ['charge/amount/credit', 10_005, '5001', true],
      ['charge/fee/debit', -305, '5001', true],
      ['dispute_withdrawal/amount/debit', -2_001, '5001', true],
      ['dispute_withdrawal/fee/debit', -15, '5001', true],
      ['reserved_funds/amount/debit', -500, undefined, true],
    ]);
  });

  it('that failed or were cancelled are closed too: a later payout takes them back', async () => {
    payouts.issue('1', { status: 'FAILED' });
    payouts.issue('2', { status: 'CANCELED' });
    const found = [];
    for await (const { standing } of payouts.connect().list('2026-11-01T00:00:00.000Z', signal)) found.push(standing);
    expect(found).toEqual(['closed', 'closed']);
  });

  it('of a shop that does not use Shopify Payments are a matter for a person', async () => {
    payouts.server.shop.payments = false;
    const listed = payouts.connect().list('2026-11-01T00:00:00.000Z', signal)[Symbol.asyncIterator]().next();
    await expect(listed).rejects.toMatchObject({ code: 'SHOPIFY_PAYMENTS_OFF' });
  });
});

async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
