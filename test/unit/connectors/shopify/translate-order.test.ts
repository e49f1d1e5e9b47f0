import { describe, expect, it } from 'vitest';
import { faultOf } from '#core/orders/decider.ts';
import { computedTotal, sellerTotal } from '#core/orders/order.ts';
import legacy from './fixtures/order-legacy.json' with { type: 'json' };
import { orderOf, plainOrder, poisonOf, SAMPLE_ORDERS, sampleOrder, usd } from './samples.ts';

const minor = (text: unknown): number => Math.round(Number(text) * 100);

describe("Shopify's sample orders", () => {
  it('are all here', () => expect(SAMPLE_ORDERS).toHaveLength(24));

  it.each(SAMPLE_ORDERS.map(({ test, order }) => [test, String(order.name), order] as const))(
    '%s (%s) adds up to the cent',
    (_test, _name, order) => {
      const translated = orderOf(order);
      expect(translated.total).toBe(minor(order.total_price));
      expect(computedTotal(translated)).toBe(translated.total);
    },
  );

  it('are ready to be booked, but for those whose lines have no SKU', () => {
    const faults = SAMPLE_ORDERS.map(({ test, order }) => [test, faultOf(orderOf(order))?.code] as const);
    expect(faults.filter(([, code]) => code !== undefined)).toEqual([
      ['test_16', 'SKU_MISSING'],
      ['test_24', 'SKU_MISSING'],
    ]);
  });

  it('spread a discount of 10.00 as 3.34, 3.33 and 3.33', () => {
    const { lines } = orderOf(sampleOrder());
    expect(lines.map(({ discount }) => discount)).toEqual([334, 333, 333]);
    expect(lines.map(({ net }) => net)).toEqual([19566, 19567, 19567]);
    expect(lines[0]?.taxes).toEqual([{ title: 'State Tax', rate: '0.06', amount: 398, collectedBy: 'seller' }]);
  });

  it('keep what was ordered, whatever was refunded since', () => {
    const { lines, total } = orderOf(sampleOrder());
    expect(lines.map(({ quantity }) => quantity)).toEqual([1, 1, 1]);
    expect(total).toBe(59894);
  });

  it('of the oldest shape add up too', () => {
    const translated = orderOf(legacy.order);
    expect(translated.total).toBe(minor(legacy.order.total_price));
    expect(translated.lines.map(({ quantity }) => quantity)).toEqual(
      legacy.order.line_items.map(({ quantity }) => quantity),
    );
  });
});

describe('a Shopify order', () => {
  it('tells who bought and where it goes, and keeps persons apart', () => {
    const { customer, personal, ...rest } = orderOf(sampleOrder());
    expect(customer).toEqual({
      channelCustomerId: '207119551',
      type: 'consumer',
      taxExempt: false,
      country: 'US',
      region: 'KY',
      postalPrefix: '402',
    });
    expect(personal).toEqual({
      email: 'bob.norman@mail.example.com',
      phone: '+557734881234',
      shipTo: {
        name: 'Bob Norman',
        lines: ['Chestnut Street 92'],
        city: 'Louisville',
        region: 'KY',
        postalCode: '40202',
        country: 'US',
        phone: '+1(502)-459-2181',
      },
    });
    expect(JSON.stringify({ customer, ...rest })).not.toMatch(/bob|norman|chestnut|louisville|\+1/i);
  });

  it('has identity, number and times', () => {
    const order = orderOf(sampleOrder());
    expect(order).toMatchObject({
      id: { channel: 'shopify', account: 'main', orderId: '450789469' },
      number: '#1001',
      placedAt: '2008-01-10T16:00:00.000Z',
      currency: 'USD',
    });
    expect(order).not.toHaveProperty('cancelledAt');
  });

  it('was placed when it was paid for, which is earlier than its record for imported orders', () => {
    const imported = plainOrder({ processed_at: '2026-06-30T08:00:00-04:00' });
    expect(orderOf(imported).placedAt).toBe('2026-06-30T12:00:00.000Z');
    expect(orderOf(plainOrder()).placedAt).toBe('2026-07-01T12:00:00.000Z');
  });

  it('takes texts without the blanks around them, cuts very long ones and leaves out empty ones', () => {
    const line = { title: `  ${'m'.repeat(600)}`, sku: ' MUG-BLUE ' };
    const { lines, personal } = orderOf(plainOrder({ email: '  ', phone: ' +1 ' }, line));
    expect(lines[0]).toMatchObject({ title: 'm'.repeat(500), sku: 'MUG-BLUE' });
    expect(personal).toEqual({ phone: '+1' });
  });

  it('keeps ids that no float can hold', () => {
    const text = JSON.stringify(plainOrder()).replace('"id":5001,', '"id":9007199254740993,');
    expect(orderOf(text).id.orderId).toBe('9007199254740993');
  });

  it('is of the time it was triggered, else of the time it came', () => {
    const triggered = { headers: { 'x-shopify-triggered-at': '2026-07-01T12:00:06.123456789Z' } };
    expect(orderOf(plainOrder(), 'orders/updated', triggered).version).toEqual({
      updatedAt: Date.parse('2026-07-01T12:00:05Z'),
      triggeredAt: Date.parse('2026-07-01T12:00:06.123Z'),
    });
    expect(orderOf(plainOrder()).version.triggeredAt).toBe(Date.parse('2026-07-01T12:00:07Z'));
  });

  it('is cancelled when it says so, under any topic', () => {
    const cancelled = plainOrder({ cancelled_at: '2026-07-01T09:00:00-04:00' });
    for (const topic of ['orders/cancelled', 'orders/updated']) {
      expect(orderOf(cancelled, topic).cancelledAt).toBe('2026-07-01T13:00:00.000Z');
    }
  });

  it.each([
    ['a company order', { company: { id: 1, location_id: 2 } }],
    ['a company to ship to', { shipping_address: { company: 'Mills Ltd' } }],
    ['a company that is billed', { billing_address: { company: 'Mills Ltd' } }],
  ])('is of a business with %s', (_what, changes) => {
    expect(orderOf(plainOrder(changes)).customer.type).toBe('business');
  });

  it.each([
    ['order', { tax_exempt: true }],
    ['customer', { customer: { id: 7, tax_exempt: true } }],
  ])('is exempt from tax when the %s is', (_what, changes) => {
    expect(orderOf(plainOrder(changes)).customer.taxExempt).toBe(true);
  });

  it('leaves a missing SKU for the rules of orders to refuse', () => {
    expect(orderOf(plainOrder({}, { sku: null })).lines[0]?.sku).toBe('');
  });
});

describe('money of a Shopify order', () => {
  it('is the shop’s, never what the buyer saw', () => {
    const order = plainOrder(
      { total_price: '111.11', total_price_set: usd('110.00') },
      { price: '51.11', price_set: usd('50.00'), tax_lines: [{ price: '9.99', price_set: usd('10.00'), rate: 0.1 }] },
    );
    expect(orderOf(order)).toMatchObject({ total: 11000, lines: [{ net: 10000, taxes: [{ amount: 1000 }] }] });
  });

  it.each([
    ['total_price', plainOrder({ total_price_set: usd('110.00', 'CAD') })],
    ['line_items.0.price', plainOrder({}, { price_set: usd('50.00', 'CAD') })],
    ['line_items.0.tax_lines.0.price', plainOrder({}, { tax_lines: [{ price_set: usd('10.00', 'CAD') }] })],
    [
      'line_items.0.discount_allocations.0.amount',
      plainOrder({}, { discount_allocations: [{ amount_set: usd('1', 'CAD') }] }),
    ],
    ['shipping_lines.0.price', plainOrder({ shipping_lines: [{ price_set: usd('5.00', 'CAD') }] })],
    ['original_total_duties_set', plainOrder({ original_total_duties_set: usd('5.00', 'CAD') })],
  ])('in two currencies is refused at %s', (path, order) => {
    const { code, message } = poisonOf(() => orderOf(order));
    expect(code).toBe('CURRENCY_MIXED');
    expect(message).toContain(`"${path}"`);
  });

  it('inside a price is taken out of it', () => {
    const order = plainOrder(
      {
        taxes_included: true,
        total_price: '105.00',
        shipping_lines: [{ price: '5.50', tax_lines: [{ price: '0.50', rate: 0.1 }] }],
      },
      { price: '49.75', tax_lines: [{ price: '9.05', rate: 0.1 }] },
    );
    const translated = orderOf(order);
    expect(translated.lines[0]?.net).toBe(9950 - 905);
    expect(translated.shipping).toEqual({ net: 500, taxes: [{ rate: '0.1', amount: 50, collectedBy: 'seller' }] });
    expect(computedTotal(translated)).toBe(10500);
  });

  it('that the channel remits is told apart', () => {
    const translated = orderOf(plainOrder({}, { tax_lines: [{ price: '10.00', rate: 0.1, channel_liable: true }] }));
    expect(translated.lines[0]?.taxes[0]?.collectedBy).toBe('marketplace');
    expect(sellerTotal(translated)).toBe(10000);
  });

  it('of shipping is after its discounts', () => {
    const shipping = (line: object) => orderOf(plainOrder({ shipping_lines: [line] })).shipping.net;
    expect(shipping({ price: '8.00', discount_allocations: [{ amount: '3.00' }] })).toBe(500);
    expect(shipping({ price: '8.00', discount_allocations: [], discounted_price: '5.00' })).toBe(800);
    expect(shipping({ price: '8.00', discounted_price: '5.00' })).toBe(500);
    expect(shipping({ price: '8.00' })).toBe(800);
  });

  it('for tips is a fee, told once', () => {
    const asTotal = orderOf(plainOrder({ total_tip_received: '4.00', total_price: '114.00' }));
    expect(asTotal.fees).toEqual([{ kind: 'tip', net: 400 }]);
    const [line] = plainOrder().line_items as object[];
    const tip = { id: 9, sku: null, title: 'Tip', quantity: 1, price: '4.00', tip_payment_gateway: 'shopify_payments' };
    const asLine = orderOf(plainOrder({ total_tip_received: '4.00', total_price: '114.00', line_items: [line, tip] }));
    expect(asLine.fees).toEqual([{ kind: 'tip', net: 400 }]);
    expect(asLine.lines).toHaveLength(1);
    const { tip_payment_gateway: _gateway, ...plain } = tip;
    const byObject = { ...plain, tip: { payment_gateway: 'shopify_payments' } };
    expect(orderOf(plainOrder({ line_items: [line, byObject, tip] }))).toMatchObject({
      lines: [{ sku: 'MUG-BLUE' }],
      fees: [{ kind: 'tip', net: 800 }],
    });
    expect(orderOf(plainOrder({ line_items: [line, { ...plain, tip: null }] })).lines).toHaveLength(2);
    expect(computedTotal(asLine)).toBe(asLine.total);
  });

  const duty = {
    shop_money: { amount: '12.00', currency_code: 'USD' },
    tax_lines: [{ price: '1.20', rate: 0.1 }],
  };

  it('for duties and additional fees is a fee each, with its tax', () => {
    const order = plainOrder(
      {
        total_price: '125.80',
        original_total_duties_set: usd('12.00'),
        original_total_additional_fees_set: usd('2.50'),
        additional_fees: [{ tax_lines: [{ price: '0.10', rate: 0.04 }] }],
      },
      { duties: [duty] },
    );
    const translated = orderOf(order);
    expect(translated.fees).toEqual([
      { kind: 'duties', net: 1200 },
      { kind: 'duties-tax', net: 120 },
      { kind: 'additional-fees', net: 250 },
      { kind: 'additional-fees-tax', net: 10 },
    ]);
    expect(computedTotal(translated)).toBe(translated.total);
  });

  it('for duties inside of prices is taken out of them', () => {
    const order = plainOrder(
      { duties_included: true, total_price: '110.00' },
      { duties: [{ ...duty, tax_lines: [] }] },
    );
    const translated = orderOf(order);
    expect(translated.lines[0]?.net).toBe(8800);
    expect(translated.fees).toEqual([{ kind: 'duties', net: 1200 }]);
    expect(computedTotal(translated)).toBe(11000);
  });

  it('of a currency without decimals is read whole', () => {
    const line = { price: '1500', tax_lines: [] };
    expect(orderOf(plainOrder({ currency: 'JPY', total_price: '3000.00' }, line))).toMatchObject({
      total: 3000,
      lines: [{ net: 3000 }],
    });
  });

  it.each([
    ['more decimals than the currency has', { price: '49.999' }, 'AMOUNT_MALFORMED'],
    ['a text that is no number', { price: '49,99' }, 'SCHEMA_MISMATCH'],
    ['no amount at all', { price: null }, 'SCHEMA_MISMATCH'],
    ['more than can be counted exactly', { price: '99999999999999.00', quantity: 90000 }, 'AMOUNT_MALFORMED'],
  ])('is refused with %s', (_what, line, code) => {
    const refusal = poisonOf(() => orderOf(plainOrder({}, line)));
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain('line_items.0');
  });

  it('in a currency that does not exist is refused', () => {
    expect(poisonOf(() => orderOf(plainOrder({ currency: 'XYZ' }))).code).toBe('AMOUNT_MALFORMED');
  });
});

describe('quantities of a Shopify order', () => {
  it.each([0, -2])('of %d are left for the rules of orders to refuse', (quantity) => {
    const translated = orderOf(plainOrder({}, { quantity }));
    expect(translated.lines[0]?.quantity).toBe(quantity);
    expect(faultOf(translated)?.code).toBe('QUANTITY_INVALID');
  });

  it.each([1.5, 1e20])('of %d are refused', (quantity) => {
    const { code, message } = poisonOf(() => orderOf(plainOrder({}, { quantity })));
    expect(code).toBe('QUANTITY_MALFORMED');
    expect(message).toContain('"line_items.0.quantity"');
  });
});

describe('a broken Shopify order', () => {
  it.each([
    ['line_items', { line_items: undefined }],
    ['line_items.0.id', { line_items: [{ quantity: 1, price: '1.00' }] }],
    ['updated_at', { updated_at: 'yesterday' }],
    ['currency', { currency: 'dollars' }],
    ['id', { id: 'gid://shopify/Order/1' }],
  ])('is refused with the path %s', (path, changes) => {
    const { code, message } = poisonOf(() => orderOf(plainOrder(changes)));
    expect(code).toBe('SCHEMA_MISMATCH');
    expect(message).toContain(`orders/create at "${path}"`);
  });

  it('is refused without quoting what is in it', () => {
    const { message } = poisonOf(() => orderOf(plainOrder({ email: { address: 'ada@mail.example.com' } })));
    expect(message).toContain('"email"');
    expect(message).not.toContain('ada');
  });
});
