import { describe, expect, it } from 'vitest';
import type { BookingContent } from '#core/orders/reactions.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { IntakeHouse } from '../intake-house.ts';
import { isLeftOut, type OrderGiven, type Sample, type WebhookSubject } from '../under-test.ts';
import { leftOut } from './left-out.ts';

/** What people and computers of the world write for twelve and a half, or for something near it. */
const LOCAL_FORMS = [
  '12,50',
  '1,234.50',
  '1.234,50',
  "1'234.50",
  '1 234.50',
  '1\u00a0234,50',
  '1_234.50',
  '1,250',
  '12.50 USD',
  '$12.50',
  '12.50-',
  '(12.50)',
  '+12.50',
  '.50',
  '12.',
  '1.25e1',
  '0x0c',
  '１２.５０',
  '١٢٫٥٠',
  '12·50',
  ' 12.50',
  '12.50\n',
  '--12.50',
  '12.5.0',
  '',
  ' ',
  'NaN',
  'Infinity',
  'null',
];

/** Every cent as the channel says it, in every currency, and no amount that has to be guessed. */
export function amounts(subject: WebhookSubject): void {
  const { order } = subject.webhook;
  if (isLeftOut(order)) leftOut('amounts of orders', order);
  else amountsOf(subject, order);
}

function amountsOf(subject: WebhookSubject, order: (given: OrderGiven) => Sample): void {
  async function take(given: Partial<OrderGiven>) {
    const house = await IntakeHouse.prepared(subject);
    const before = new Set(house.store.keys);
    const planned = house.store.operations.all.length;
    const whole = { currency: 'USD', quantity: 1, changedAt: '2026-07-01T08:00:00Z', cancelled: false, ...given };
    await house.deliver(order({ unitPrice: '12.50', total: '12.50', ...whole }));
    const key = house.store.keys.find((one) => !before.has(one));
    const state = key === undefined ? undefined : (await house.store.load<OpenOrder>(key))?.state;
    const operations = house.store.operations.all.slice(planned);
    return { house, state, operations, booking: operations[0]?.content as BookingContent | undefined };
  }

  it.each([
    ['USD', '12.34', 1234],
    ['EUR', '0.01', 1],
    ['JPY', '1234', 1234],
    ['ISK', '7', 7],
    ['KWD', '12.345', 12_345],
    ['BHD', '0.001', 1],
    ['CLF', '1.2345', 12_345],
    ['USD', '99999999999.99', 9_999_999_999_999],
  ])('%s %s is %i minor units, and is booked as that', async (currency, text, minor) => {
    const { state, booking } = await take({ currency, unitPrice: text, total: text });
    expect(state).toMatchObject({ currency, total: minor, lines: [{ net: minor }] });
    expect(booking).toMatchObject({ currency, total: minor, lines: [{ net: minor }] });
  });

  it.each([
    ['USD', '19.99', 3, '59.97', 5997],
    ['JPY', '333', 3, '999', 999],
    ['KWD', '0.335', 3, '1.005', 1005],
  ])('%s %s times %i is %s exactly', async (currency, unitPrice, quantity, total, minor) => {
    expect((await take({ currency, unitPrice, quantity, total })).state).toMatchObject({ total: minor });
  });

  describe('are put before a person, never rounded and never guessed:', () => {
    const parked = async (given: Partial<OrderGiven>): Promise<void> => {
      const { house, state, operations } = await take(given);
      expect(state).toBeUndefined();
      expect(house.control.parked).toHaveLength(1);
      expect(await house.openCases()).toMatchObject([{ owner: 'integration' }]);
      expect(operations).toEqual([]);
    };

    it.each([
      ['USD', '12.345'],
      ['JPY', '12.5'],
      ['KWD', '1.0005'],
      ['USD', '90071992547409.93'],
    ])('%s %s, which the currency can not hold', (currency, text) =>
      parked({ currency, unitPrice: text, total: text }),
    );

    it.each(LOCAL_FORMS)('%j', (text) => parked({ unitPrice: text, total: text }));
    it.each(LOCAL_FORMS)('%j in the total alone', (text) => parked({ unitPrice: '12.50', total: text }));

    it.each(['', 'usd', 'US$', 'EURO', 'XXZ', '840'])('the currency %j', (currency) => parked({ currency }));

    it('a total that its parts do not come to', () => parked({ unitPrice: '12.34', total: '12.35' }));
  });
}
