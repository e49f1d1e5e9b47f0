import { describe, expect, it } from 'vitest';
import { TOPICS } from '#connectors/channels/shopify/translate.ts';
import { KEEP_HEADERS } from '#connectors/channels/shopify/verify.ts';
import legacyFulfillment from './fixtures/fulfillment-legacy.json' with { type: 'json' };
import fulfillments from './fixtures/fulfillments-2026-07.json' with { type: 'json' };
import legacyRefund from './fixtures/refund-legacy.json' with { type: 'json' };
import { plainOrder, poisonOf, sampleOrder, translate, usd } from './samples.ts';

describe('topics of Shopify', () => {
  it.each([
    'orders/create',
    'orders/updated',
    'orders/paid',
    'orders/cancelled',
    'orders/fulfilled',
    'orders/partially_fulfilled',
  ])('%s carries the order', (topic) =>
    expect(translate(topic, plainOrder())).toMatchObject({ kind: 'commands', commands: [{ kind: 'order' }] }),
  );

  it('orders/edited leaves it to orders/updated', () => {
    expect(translate('orders/edited', { order_edit: { id: 1 } })).toMatchObject({ kind: 'ignored' });
  });

  it.each(['customers/data_request', 'customers/redact', 'shop/redact'])('%s is put before a person', (topic) => {
    expect(poisonOf(() => translate(topic, { customer: { email: 'ada@mail.example.com' } }))).toMatchObject({
      code: 'PRIVACY_REQUEST',
      message: expect.not.stringContaining('ada'),
    });
  });

  it.each(['app/uninstalled', '', 'constructor', 'orders/delete'])('"%s" is none that we know', (topic) => {
    expect(poisonOf(() => translate(topic, {})).code).toBe('TOPIC_UNKNOWN');
  });

  it('are listed for whoever subscribes', () => {
    expect(TOPICS).toContain('refunds/create');
    expect(TOPICS).not.toContain('shop/redact');
  });
});

describe('a message of Shopify', () => {
  it.each([
    ['BODY_NOT_UTF8', Uint8Array.from([0x7b, 0xff, 0x7d])],
    ['BODY_NOT_JSON', new TextEncoder().encode('id=450789469')],
    ['BODY_TOO_DEEP', new TextEncoder().encode('['.repeat(100_000))],
    ['BODY_TOO_LARGE', new Uint8Array(4 * 1024 * 1024 + 1)],
  ])('is refused as %s', (code, body) => {
    expect(poisonOf(() => translate('orders/create', '', { body })).code).toBe(code);
  });

  const shopDomain = () => 'acme.myshopify.com';

  it('of another shop of the same app is refused', () => {
    const headers = { 'x-shopify-shop-domain': 'other.myshopify.com' };
    expect(poisonOf(() => translate('orders/create', plainOrder(), { headers }, { shopDomain })).code).toBe(
      'SHOP_MISMATCH',
    );
    expect(poisonOf(() => translate('orders/create', plainOrder(), {}, { shopDomain })).code).toBe('SHOP_MISMATCH');
  });

  it('of the account’s own shop is taken', () => {
    const headers = { 'x-shopify-shop-domain': 'acme.myshopify.com' };
    expect(translate('orders/create', plainOrder(), { headers }, { shopDomain }).kind).toBe('commands');
  });

  it('needs no headers but those that are kept', () => {
    expect([...KEEP_HEADERS].sort()).toEqual(['x-shopify-shop-domain', 'x-shopify-triggered-at']);
  });
});

describe('refunds/create', () => {
  const [sample] = sampleOrder().refunds as Record<string, unknown>[];
  const payment = { kind: 'refund', status: 'success', amount: '10.00', currency: 'USD' };
  const refund = (changes: Record<string, unknown> = {}) => ({
    id: 900,
    order_id: 5001,
    created_at: '2026-07-02T10:00:00Z',
    note: null,
    transactions: [payment],
    refund_line_items: [],
    ...changes,
  });
  const commandOf = (body: unknown) => {
    const translation = translate('refunds/create', body);
    return translation.kind === 'commands' ? translation.commands[0] : translation;
  };

  it('is what the transactions paid back, not what the lines are worth', () => {
    expect(commandOf(sample)).toEqual({
      kind: 'channel-refund',
      orderId: { channel: 'shopify', account: 'main', orderId: '450789469' },
      refund: {
        channelRefundId: '509562969',
        note: 'it broke during shipping',
        amount: { minor: 20900, currency: 'USD' },
        lines: [
          { lineId: '703073504', quantity: 1 },
          { lineId: '466157049', quantity: 1 },
        ],
        stated: {
          lines: [
            { lineId: '703073504', subtotal: 19566, tax: 398 },
            { lineId: '466157049', subtotal: 19567, tax: 398 },
          ],
        },
        createdAt: '2025-04-02T16:29:59.000Z',
      },
    });
  });

  it('is read in its oldest shape too', () => {
    expect(commandOf(legacyRefund.refund)).toMatchObject({ refund: { amount: { minor: 20900, currency: 'USD' } } });
  });

  const item = (subtotal: string, tax: string, quantity = 1) => ({
    line_item_id: 50011,
    quantity,
    subtotal_set: usd(subtotal),
    total_tax_set: usd(tax),
  });

  it('tells what Shopify says the parts are worth, a line once', () => {
    const items = [item('50.00', '5.00'), item('45.00', '4.50')];
    expect(commandOf(refund({ refund_line_items: items }))).toMatchObject({
      refund: { stated: { lines: [{ lineId: '50011', subtotal: 9500, tax: 950 }] } },
    });
    const { total_tax_set: _tax, ...untold } = item('45.00', '4.50');
    expect(commandOf(refund({ refund_line_items: [item('50.00', '5.00'), untold] }))).not.toHaveProperty(
      'refund.stated',
    );
  });

  it.each([
    [
      'as an adjustment',
      { order_adjustments: [{ kind: 'shipping_refund', amount_set: usd('-8.00'), tax_amount_set: usd('-0.80') }] },
      { subtotal: 800, tax: 80 },
    ],
    [
      'as lines',
      { refund_shipping_lines: [{ subtotal_amount_set: usd('5.00') }, { subtotal_amount_set: usd('1.00') }] },
      { subtotal: 600, tax: 0 },
    ],
    [
      'as both',
      {
        refund_shipping_lines: [{ subtotal_amount_set: usd('8.00') }],
        order_adjustments: [
          { kind: 'refund_discrepancy', amount_set: usd('3.00'), tax_amount_set: usd('0.30') },
          { kind: 'shipping_refund', amount_set: usd('-8.00'), tax_amount_set: usd('-0.80') },
        ],
      },
      { subtotal: 800, tax: 80 },
    ],
  ])('tells the shipping in it, given %s', (_how, parts, shipping) => {
    expect(commandOf(refund(parts))).toMatchObject({ refund: { stated: { lines: [], shipping } } });
  });

  it('sums what was paid and what is on its way', () => {
    const transactions = [
      payment,
      { ...payment, amount: '2.50', status: 'pending' },
      { ...payment, status: 'failure' },
    ];
    expect(commandOf(refund({ transactions }))).toMatchObject({ refund: { amount: { minor: 1250, currency: 'USD' } } });
  });

  it.each([
    ['no transaction (a restock alone)', []],
    [
      'only failed ones',
      [
        { ...payment, status: 'failure' },
        { ...payment, status: 'error' },
      ],
    ],
    ['only others', [{ ...payment, kind: 'void' }]],
  ])('is ignored with %s', (_what, transactions) => {
    expect(commandOf(refund({ transactions }))).toEqual({ kind: 'ignored', why: 'the refund moved no money' });
  });

  it.each([
    ['CURRENCY_MIXED', [payment, { ...payment, currency: 'EUR' }]],
    ['TRANSACTION_STATUS_UNKNOWN', [{ ...payment, status: 'awaiting_response' }]],
    ['TRANSACTION_KIND_UNKNOWN', [{ ...payment, kind: 'clawback' }]],
    ['AMOUNT_MALFORMED', [{ ...payment, amount: '10.005' }]],
    ['SCHEMA_MISMATCH', [{ ...payment, amount: 'ten' }]],
  ])('is refused as %s', (code, transactions) => {
    expect(poisonOf(() => commandOf(refund({ transactions }))).code).toBe(code);
  });

  it('in the buyer’s currency is refused where the shop’s is known', () => {
    const lines = [
      { line_item_id: 50011, quantity: 1, subtotal_set: { shop_money: { amount: 9, currency_code: 'USD' } } },
    ];
    const transactions = [{ ...payment, currency: 'EUR' }];
    expect(poisonOf(() => commandOf(refund({ transactions, refund_line_items: lines }))).code).toBe('CURRENCY_MIXED');
    const both = [
      { ...payment, currency: 'EUR', amount_set: { shop_money: { amount: '11.00', currency_code: 'USD' } } },
    ];
    expect(commandOf(refund({ transactions: both, refund_line_items: lines }))).toMatchObject({
      refund: { amount: { minor: 1100, currency: 'USD' } },
    });
  });

  it('names a line once, and refuses units below one', () => {
    const line = (quantity: number) => ({ line_item_id: 50011, quantity });
    expect(commandOf(refund({ refund_line_items: [line(1), line(2)] }))).toMatchObject({
      refund: { lines: [{ lineId: '50011', quantity: 3 }] },
    });
    expect(poisonOf(() => commandOf(refund({ refund_line_items: [line(-1)] }))).code).toBe('QUANTITY_INVALID');
  });
});

describe('fulfillments/create and /update', () => {
  const [, done] = fulfillments;
  const commandOf = (body: unknown) => {
    const translation = translate('fulfillments/update', body);
    return translation.kind === 'commands' ? translation.commands[0] : translation;
  };

  it('tell units that were fulfilled', () => {
    const { id, order_id: orderId, line_items: lines, updated_at: at } = done?.fulfillment ?? {};
    expect(commandOf(done?.fulfillment)).toEqual({
      kind: 'channel-fulfillment',
      orderId: { channel: 'shopify', account: 'main', orderId: String(orderId) },
      fulfillment: {
        channelFulfillmentId: String(id),
        status: 'success',
        lines: lines?.map((line) => ({ lineId: String(line.id), quantity: line.quantity })),
        ...(done?.fulfillment.tracking_number && { trackingNumber: done.fulfillment.tracking_number }),
        updatedAt: new Date(at ?? '').toISOString(),
      },
    });
  });

  it.each(fulfillments.map(({ test, fulfillment }) => [test, fulfillment] as const))(
    'read sample %s',
    (_test, fulfillment) => {
      const expected = fulfillment.status === 'success' ? 'channel-fulfillment' : 'ignored';
      expect(commandOf(fulfillment)).toMatchObject({ kind: expected });
    },
  );

  it('tell a delivery as the carrier reported it to the channel', () => {
    const { order_id: orderId, updated_at: at } = legacyFulfillment.fulfillment;
    const given = {
      ...legacyFulfillment.fulfillment,
      status: 'success',
      shipment_status: 'delivered',
      tracking_number: '1Z9',
    };
    const translation = translate('fulfillments/update', given);
    expect(translation).toMatchObject({
      commands: [
        { kind: 'channel-fulfillment' },
        {
          kind: 'delivery',
          orderId: { channel: 'shopify', account: 'main', orderId: String(orderId) },
          delivery: { of: '1Z9', deliveredAt: new Date(at).toISOString(), reportedBy: 'channel' },
        },
      ],
    });
    expect(translate('fulfillments/update', { ...given, shipment_status: 'in_transit' })).toMatchObject({
      commands: [{ kind: 'channel-fulfillment' }],
    });
  });

  it.each(['pending', 'open', 'cancelled', 'error', 'failure'])('are ignored while %s', (status) => {
    expect(commandOf({ ...legacyFulfillment.fulfillment, status })).toEqual({
      kind: 'ignored',
      why: `the fulfilment is ${status}`,
    });
  });

  it('put a status that we do not know before a person', () => {
    const given = { ...legacyFulfillment.fulfillment, status: 'teleported' };
    expect(poisonOf(() => commandOf(given)).code).toBe('FULFILLMENT_STATUS_UNKNOWN');
  });

  it('refuse units below one', () => {
    const given = { ...legacyFulfillment.fulfillment, status: 'success', line_items: [{ id: 1, quantity: 0 }] };
    expect(poisonOf(() => commandOf(given)).code).toBe('QUANTITY_INVALID');
  });
});
