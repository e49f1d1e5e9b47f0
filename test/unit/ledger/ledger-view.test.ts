import { describe, expect, it } from 'vitest';
import type { OpenOrder, RefundShare } from '#core/orders/state.ts';
import { ledgerView } from '../../../bin/commands/ledger-view.ts';
import { anOrder } from '../../support/orders.ts';
import { refundOf, unassigned } from '../../support/refunds.ts';
import { shippedOrder } from '../returns/samples.ts';

const order = shippedOrder();
const pending: RefundShare = {
  ...refundOf(order, 'R1', [{ lineId: 'L1', quantity: 1 }]),
  status: 'pending',
  origin: 'crossdock',
};
const own: RefundShare = { ...unassigned('shopify-9', 3_000), status: 'settled', origin: 'channel' };
const linesOf = (changes: Partial<OpenOrder>): string[] => ledgerView({ ...order, ...changes }).text.split('\n');

describe('the view of an order’s ledger', () => {
  it('says that money is conserved, and shows each entry, the trial balance and what is left', () => {
    expect(linesOf({ refunds: [pending] })).toEqual([
      'money conserved: yes',
      'entry\taccount\tdebit USD\tcredit',
      'captured\treceivable\t36.50\t',
      '\tsale/L1\t\t24.68',
      '\town-tax/line/L1\t\t2.47',
      '\tsale/L2\t\t8.50',
      '\town-tax/line/L2\t\t0.85',
      'refund-reserved R1\trefund-pending/line/L1/net\t12.34\t',
      '\trefund-pending/line/L1/own-tax\t1.23\t',
      '\tbuyer\t\t13.57',
      'trial balance\tdebit USD\tcredit',
      'receivable\t36.50\t',
      'sale/L1\t\t24.68',
      'sale/L2\t\t8.50',
      'own-tax/line/L1\t\t2.47',
      'own-tax/line/L2\t\t0.85',
      'refund-pending/line/L1/net\t12.34\t',
      'refund-pending/line/L1/own-tax\t1.23\t',
      'buyer\t\t13.57',
      'in all\t50.07\t50.07',
      'refunds of\tpaid USD\trefunded\tpending\tleft',
      'order\t36.50\t0.00\t13.57\t22.93',
      'line L1\t27.15\t0.00\t13.57\t13.58',
      'line L2\t9.35\t0.00\t0.00\t9.35',
      'line/L1/net\t24.68\t0.00\t12.34\t12.34',
      'line/L1/own-tax\t2.47\t0.00\t1.23\t1.24',
      'line/L2/net\t8.50\t0.00\t0.00\t8.50',
      'line/L2/own-tax\t0.85\t0.00\t0.00\t0.85',
    ]);
  });

  it('says that it is not, and by how much', () => {
    expect(linesOf({ refunds: [pending, own] }).slice(0, 2)).toEqual([
      'money conserved: no',
      '  7.07 USD too much on the order: 36.50 USD paid, 30.00 USD refunded, 13.57 USD pending (R1, shopify-9)',
    ]);
  });

  it('shows a state that does not add up', () => {
    const { json, text } = ledgerView({ ...order, refunds: [{ ...pending, amount: 1_358 }] });
    expect(json.conservation.differences.map(({ kind }) => kind)).toEqual(['refund-parts', 'entry-refused']);
    expect(json.trialBalance).toMatchObject({ debit: 5_007, credit: 5_008 });
    expect(text).toContain('refund R1 is over 13.58 USD, its parts come to 13.57 USD');
  });

  it('has everything as data', () => {
    const { json } = ledgerView({ ...order, refunds: [pending] });
    expect(json).toMatchObject({
      conservation: { conserved: true, currency: 'USD', captured: 3_650, refundedPending: 1_357, remaining: 2_293 },
      entries: [{ kind: 'captured' }, { kind: 'refund-reserved', ref: 'R1' }],
    });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it('writes amounts as the currency does', () => {
    const yen = shippedOrder(anOrder({ currency: 'JPY' }));
    expect(ledgerView(yen).text).toContain('order\t3650\t0\t0\t3650');
    const dinar = shippedOrder(anOrder({ currency: 'KWD' }));
    expect(ledgerView(dinar).text).toContain('order\t3.650\t0.000\t0.000\t3.650');
  });

  it('names no person', () => {
    const { json, text } = ledgerView(order);
    expect(`${JSON.stringify(json)}${text}`).not.toMatch(/bob|norman|chestnut/i);
  });
});
