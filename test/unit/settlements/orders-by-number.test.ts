import { describe, expect, it } from 'vitest';
import { handle } from '#application/aggregate.ts';
import { shopifyPayouts } from '#connectors/settlements/shopify-payouts/format.ts';
import { settlementBalance } from '#core/ledger/settled.ts';
import { type OpenOrder, settledIn } from '#core/orders/state.ts';
import { anOrder } from '../../support/orders.ts';
import { fixtureText } from '../../support/settlements.ts';
import { SettlementHouse } from './house.ts';

const MISSING = 'SETTLEMENT_DIFFERS#missing-order';
const PLACED = { placedAt: '2026-10-30T09:00:00.000Z' };

/** A shop's house; its orders are called 5001 and #1001. */
function aShop() {
  const house = new SettlementHouse();
  house.formats = [shopifyPayouts];
  let files = 0;
  const lay = async (text: string) => {
    files += 1;
    const at = `2026-11-20T09:00:00Z/${files}`;
    const outcome = await house.read(Buffer.from(text), {
      of: 'shopify/main/shopify-payouts',
      name: `${files}.txt`,
      at,
    });
    expect(outcome.kind).toBe('read');
    await house.tellOrders();
  };
  const order = async (orderId = '5001') =>
    (await house.store.load<OpenOrder>(`ORDER#shopify#main#${orderId}`))?.state as OpenOrder;
  return { house, lay, order };
}

const EXPORT = fixtureText('shopify-export.csv');
/** The same payout as the API tells it: an order by its id. */
const API = JSON.stringify({
  transactions: [
    transaction({ id: 1, type: 'charge', amount: '50.00', fee: '2.00', net: '48.00', source_order_id: 5001 }),
    transaction({ id: 2, type: 'refund', amount: '-3.50', fee: '0.00', net: '-3.50', source_order_id: 5001 }),
    transaction({ id: 3, type: 'payout', amount: '-44.50', fee: '0.00', net: '-44.50' }),
  ],
});

function transaction(given: object) {
  return { payout_id: 623721858, currency: 'USD', processed_at: '2026-11-02T00:00:00-04:00', ...given };
}

describe('a settlement that names orders by their number', () => {
  it('is told to the orders that have it', async () => {
    const { house, lay, order } = aShop();
    await house.order(anOrder(PLACED));
    await lay(EXPORT);
    expect(await house.openCases()).not.toContain(MISSING);
    expect(settlementBalance(await order()).paidOut).toBe(4_450);
  });

  it('finds an order that comes after it', async () => {
    const { house, lay, order } = aShop();
    await lay(EXPORT);
    expect(await house.openCases()).toContain(MISSING);
    await house.order(anOrder(PLACED));
    await house.hearOfOrders();
    await house.sweep('2026-11-20T10:05:00.000Z');
    expect(await house.openCases()).not.toContain(MISSING);
    expect(settlementBalance(await order()).paidOut).toBe(4_450);
  });

  it('tells nobody else who bears the same words: another account, a parcel, the ERP', async () => {
    const { house, lay } = aShop();
    await house.order(anOrder({ ...PLACED, id: { channel: 'shopify', account: 'second', orderId: '5001' } }));
    await house.order(anOrder({ ...PLACED, number: '#7' }));
    const booked = { type: 'record-booking', erpAccount: 'main', ref: '1', number: '#1001' } as const;
    await handle(house.store, house.ports.orders, 'ORDER#shopify#main#5001', booked, house.cause);
    expect(await house.store.journalReader.subjectsOf('#1001')).toHaveLength(2);
    await lay(EXPORT);
    expect(await house.openCases()).toContain(MISSING);
  });

  it('leaves what two orders of one number are paid to a person', async () => {
    const { house, lay, order } = aShop();
    await house.order(anOrder(PLACED));
    await house.order(anOrder({ ...PLACED, id: { channel: 'shopify', account: 'main', orderId: '5002' } }));
    await lay(EXPORT);
    expect(await house.openCases()).toContain('SETTLEMENT_DIFFERS#amount-differs');
    expect(await house.openCases()).not.toContain(MISSING);
    for (const id of ['5001', '5002']) expect(settledIn(await order(id))).toEqual([]);
  });

  it.each([
    ['by number, then by id', [EXPORT, API]],
    ['by id, then by number', [API, EXPORT]],
    ['by number again', [EXPORT, API, EXPORT.replaceAll('#1001', '"#1001"')]],
  ])('counts once what is told %s', async (_name, files) => {
    const { house, lay, order } = aShop();
    await house.order(anOrder(PLACED));
    for (const file of files) await lay(file);
    expect(settlementBalance(await order()).paidOut).toBe(4_450);
    expect(settledIn(await order())).toHaveLength(1);
  });

  it('takes its money off an order of which it no longer speaks', async () => {
    const { house, lay, order } = aShop();
    await house.order(anOrder(PLACED));
    await lay(EXPORT);
    await lay(API.replaceAll('5001', '5009'));
    expect(settlementBalance(await order()).paidOut).toBe(0);
  });
});
