import { describe, expect, it } from 'vitest';
import type { InboundCommand } from '#application/intake/inbound.ts';
import { genericTranslator, TYPES, translator } from '#connectors/generic/translate.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { faultOf } from '#core/orders/decider.ts';
import { type ChannelOrder, computedTotal, sellerTotal } from '#core/orders/order.ts';
import { CONDITIONS, DISPOSITIONS } from '#core/returns/return.ts';

type Json = Record<string, unknown>;

const occurredAt = '2026-07-10T10:00:00+02:00';

function translate(type: string, data: unknown, timestamp: string = occurredAt): InboundCommand {
  const body = new TextEncoder().encode(JSON.stringify({ type, timestamp, data }));
  const message = {
    connector: 'generic',
    account: 'returns',
    headers: {},
    body,
    receivedAt: '2026-07-10T08:00:01.000Z',
  };
  const translation = translator.translate(message, 'whatever it was stored under');
  if (translation.kind !== 'commands' || !translation.commands[0]) throw new Error('no command');
  return translation.commands[0];
}

function poisonOf(type: string, data: unknown): { code: string; message: string } {
  try {
    translate(type, data);
  } catch (error) {
    if (error instanceof PoisonError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

const returnId = { platform: 'generic', account: 'returns', returnId: 'R-1' };

describe('returns in the generic format', () => {
  const at = { returnId: 'R-1', occurredAt };
  const utc = '2026-07-10T08:00:00.000Z';

  it('go on their way', () => {
    expect(translate('return.in_transit', { ...at, carrier: 'UPS', trackingNumber: '1Z9' })).toEqual({
      kind: 'return-progress',
      returnId,
      progress: { type: 'in-transit', occurredAt: utc, carrier: 'UPS', trackingNumber: '1Z9' },
    });
    expect(translate('return.in_transit', at)).toMatchObject({ progress: { type: 'in-transit', occurredAt: utc } });
  });

  it('come in, line by line', () => {
    const lines = [{ lineId: '50011', quantity: 2 }];
    expect(translate('return.received', { ...at, receiptId: 'RC-1', lines, location: 'dock 3' })).toEqual({
      kind: 'return-progress',
      returnId,
      progress: { type: 'received', occurredAt: utc, receiptId: 'RC-1', lines },
    });
  });

  it('are inspected in every condition, for every disposition', () => {
    for (const condition of CONDITIONS) {
      for (const disposition of DISPOSITIONS) {
        const lines = [{ lineId: '50011', quantity: 1, condition, disposition }];
        expect(translate('return.inspected', { ...at, inspectionId: 'IN-1', lines })).toMatchObject({
          progress: { type: 'inspected', inspectionId: 'IN-1', lines },
        });
      }
    }
  });

  it('are cancelled, with a reason or without', () => {
    expect(translate('return.cancelled', { ...at, reason: 'kept it' })).toMatchObject({
      progress: { reason: 'kept it' },
    });
    expect(translate('return.cancelled', at)).toMatchObject({ progress: { type: 'cancelled', occurredAt: utc } });
  });

  const inspected = (line: Json) => ({
    ...at,
    inspectionId: 'IN-1',
    lines: [{ lineId: '50011', quantity: 1, condition: 'new', disposition: 'restock', ...line }],
  });

  it.each([
    ['data.lines.0.condition', 'return.inspected', inspected({ condition: 'singed' })],
    ['data.lines.0.disposition', 'return.inspected', inspected({ disposition: 'burn' })],
    ['data.lines.0.condition', 'return.inspected', inspected({ condition: undefined })],
    ['data.lines', 'return.received', { ...at, receiptId: 'RC-1', lines: [] }],
    ['data.receiptId', 'return.received', { ...at, lines: [{ lineId: '1', quantity: 1 }] }],
    ['data.returnId', 'return.cancelled', { ...at, returnId: 'R#1' }],
    ['data.returnId', 'return.cancelled', { ...at, returnId: 'a/b' }],
    ['data.occurredAt', 'return.cancelled', { ...at, occurredAt: '10.07.2026' }],
    ['data.occurredAt', 'return.cancelled', { ...at, occurredAt: '2026-07-10T10:00:00' }],
    ['data', 'return.cancelled', 'R-1'],
  ])('are refused at "%s"', (path, type, data) => {
    const { code, message } = poisonOf(type, data);
    expect(code).toBe('SCHEMA_MISMATCH');
    expect(message).toContain(`${type} at "${path}"`);
  });

  it('are refused for part of a unit, and leave any whole number to the rules of returns', () => {
    expect(poisonOf('return.inspected', inspected({ quantity: 1.5 })).code).toBe('QUANTITY_MALFORMED');
    expect(translate('return.inspected', inspected({ quantity: -1 }))).toMatchObject({
      progress: { lines: [{ quantity: -1 }] },
    });
  });
});

const order = (changes: Json = {}, line: Json = {}): Json => ({
  orderId: 'W-1001',
  orderNumber: 'W/1001',
  version: 3,
  placedAt: '2026-07-01T10:00:00Z',
  updatedAt: '2026-07-01T10:05:00Z',
  currency: 'EUR',
  pricesIncludeTax: false,
  lines: [
    {
      lineId: '1',
      sku: 'MUG-BLUE',
      title: 'Mug',
      quantity: 2,
      unitPrice: '12.34',
      discount: '0.68',
      taxes: [{ title: 'VAT', rate: '0.10', amount: '2.40', collectedBy: 'seller' }],
      ...line,
    },
  ],
  shipping: { price: '5.00', taxes: [{ rate: '0.10', amount: '0.50', collectedBy: 'seller' }] },
  total: '31.90',
  customer: {
    id: 'C-9',
    type: 'business',
    taxExempt: true,
    vatId: 'DE123',
    email: 'ada@mail.example.com',
    phone: '+49 1',
  },
  shipTo: {
    name: 'Ada',
    company: 'Mills',
    lines: ['Main 1', 'Back'],
    city: 'Ulm',
    region: 'BW',
    postalCode: '89073',
    country: 'DE',
    phone: '+49 2',
  },
  ...changes,
});

function orderOf(data: Json, type = 'order.created'): ChannelOrder {
  const command = translate(type, data);
  if (command.kind !== 'order') throw new Error(`translated to ${command.kind}`);
  return command.order;
}

describe('orders in the generic format', () => {
  it('come whole', () => {
    const translated = orderOf(order());
    expect(translated).toEqual({
      id: { channel: 'generic', account: 'returns', orderId: 'W-1001' },
      number: 'W/1001',
      version: { updatedAt: Date.parse('2026-07-01T10:05:00Z'), triggeredAt: 3 },
      placedAt: '2026-07-01T10:00:00.000Z',
      currency: 'EUR',
      lines: [
        {
          lineId: '1',
          sku: 'MUG-BLUE',
          title: 'Mug',
          quantity: 2,
          net: 2400,
          discount: 68,
          taxes: [{ title: 'VAT', rate: '0.10', amount: 240, collectedBy: 'seller' }],
        },
      ],
      shipping: { net: 500, taxes: [{ rate: '0.10', amount: 50, collectedBy: 'seller' }] },
      fees: [],
      total: 3190,
      customer: {
        channelCustomerId: 'C-9',
        type: 'business',
        taxExempt: true,
        country: 'DE',
        region: 'BW',
        postalPrefix: '890',
      },
      personal: {
        email: 'ada@mail.example.com',
        phone: '+49 1',
        vatId: 'DE123',
        shipTo: {
          name: 'Ada',
          company: 'Mills',
          lines: ['Main 1', 'Back'],
          city: 'Ulm',
          region: 'BW',
          postalCode: '89073',
          country: 'DE',
          phone: '+49 2',
        },
      },
    });
    expect(faultOf(translated)).toBeUndefined();
  });

  it('may leave out what is not needed', () => {
    const {
      orderNumber: _n,
      shipping: _s,
      customer: _c,
      shipTo: _t,
      ...least
    } = order({ total: '24.00' }, { discount: undefined, taxes: undefined, unitPrice: '12.00' });
    const translated = orderOf(least);
    expect(translated).toMatchObject({
      number: 'W-1001',
      shipping: { net: 0, taxes: [] },
      customer: { type: 'consumer', taxExempt: false },
      personal: {},
    });
    expect(computedTotal(translated)).toBe(2400);
  });

  it('have the tax taken out of prices that include it', () => {
    const translated = orderOf(order({ pricesIncludeTax: true, total: '29.00' }));
    expect(translated.lines[0]?.net).toBe(2160);
    expect(translated.shipping.net).toBe(450);
    expect(computedTotal(translated)).toBe(2900);
  });

  it('tell tax that the marketplace remits', () => {
    const translated = orderOf(order({}, { taxes: [{ amount: '2.40', collectedBy: 'marketplace' }] }));
    expect(sellerTotal(translated)).toBe(2950);
  });

  it('are cancelled when they say so, else when the message was sent', () => {
    expect(orderOf(order(), 'order.cancelled').cancelledAt).toBe('2026-07-10T08:00:00.000Z');
    const cancelledAt = '2026-07-02T09:00:00Z';
    expect(orderOf(order({ cancelledAt }), 'order.cancelled').cancelledAt).toBe('2026-07-02T09:00:00.000Z');
    expect(orderOf(order({ cancelledAt }), 'order.updated').cancelledAt).toBe('2026-07-02T09:00:00.000Z');
    expect(orderOf(order(), 'order.updated')).not.toHaveProperty('cancelledAt');
  });

  it.each([
    ['AMOUNT_MALFORMED', 'data.lines.0.unitPrice', order({}, { unitPrice: '12.345' })],
    ['AMOUNT_MALFORMED', 'data.total', order({ total: '31.901' })],
    [
      'AMOUNT_MALFORMED',
      'data.shipping.taxes.0.amount',
      order({ shipping: { price: '5', taxes: [{ amount: '0.505', collectedBy: 'seller' }] } }),
    ],
    ['SCHEMA_MISMATCH', 'data.total', order({ total: 31.9 })],
    ['SCHEMA_MISMATCH', 'data.lines.0.unitPrice', order({}, { unitPrice: '12,34' })],
    ['SCHEMA_MISMATCH', 'data.currency', order({ currency: 'XYZ' })],
    [
      'SCHEMA_MISMATCH',
      'data.lines.0.taxes.0.collectedBy',
      order({}, { taxes: [{ amount: '1.00', collectedBy: 'nobody' }] }),
    ],
    [
      'SCHEMA_MISMATCH',
      'data.lines.0.taxes.0.rate',
      order({}, { taxes: [{ amount: '1.00', rate: '10 %', collectedBy: 'seller' }] }),
    ],
    ['SCHEMA_MISMATCH', 'data.customer.type', order({ customer: { type: 'robot' } })],
    ['SCHEMA_MISMATCH', 'data.version', order({ version: '3' })],
    ['SCHEMA_MISMATCH', 'data.version', order({ version: 1.5 })],
    ['SCHEMA_MISMATCH', 'data.orderId', order({ orderId: 'ORDER#1' })],
    ['SCHEMA_MISMATCH', 'data.shipTo.country', order({ shipTo: { country: 'Germany' } })],
    ['QUANTITY_MALFORMED', 'data.lines.0.quantity', order({}, { quantity: 0.5 })],
  ])('are refused as %s at "%s"', (code, path, data) => {
    const refusal = poisonOf('order.created', data);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(`"${path}"`);
  });

  it('are refused without quoting who bought', () => {
    const { message } = poisonOf('order.created', order({ customer: { email: ['ada@mail.example.com'] } }));
    expect(message).toContain('"data.customer.email"');
    expect(message).not.toContain('ada');
  });
});

describe('messages in the generic format', () => {
  const many = <T>(one: T): T[] => Array.from({ length: 501 }, () => one);
  it.each([
    [
      'data.lines',
      'return.received',
      { returnId: 'R-1', occurredAt, receiptId: 'RC-1', lines: many({ lineId: '1', quantity: 1 }) },
    ],
    ['data.lines', 'order.created', order({ lines: many((order().lines as Json[])[0]) })],
    ['data.lines.0.taxes', 'order.created', order({}, { taxes: many({ amount: '0.01', collectedBy: 'seller' }) })],
  ])('take 500 entries and no more at "%s" of %s', (path, type, data) => {
    expect(poisonOf(type, data)).toMatchObject({
      code: 'SCHEMA_MISMATCH',
      message: expect.stringContaining(`"${path}"`),
    });
  });

  it('say what is wrong in words', () => {
    expect(poisonOf('order.created', order({ pricesIncludeTax: 'yes' })).message).toBe(
      'order.created at "data.pricesIncludeTax": Invalid input: expected boolean, received string',
    );
  });
});

describe('the generic envelope', () => {
  it.each(['return.found', 'order.shipped', 'toString', ''])('of type "%s" is put before a person', (type) => {
    expect(poisonOf(type, {}).code).toBe('TOPIC_UNKNOWN');
  });

  it('lists its types', () => {
    expect([...TYPES].sort()).toEqual([
      'order.cancelled',
      'order.created',
      'order.delivered',
      'order.updated',
      'return.cancelled',
      'return.delivered',
      'return.exchange_requested',
      'return.in_transit',
      'return.inspected',
      'return.keep_item',
      'return.lost',
      'return.received',
      'return.store_credit_issued',
      'return.store_credit_requested',
    ]);
  });

  it.each([
    ['BODY_NOT_JSON', 'type=order'],
    ['BODY_TOO_DEEP', '['.repeat(50_000)],
    ['BODY_TOO_LARGE', `"${'x'.repeat(1024 * 1024)}"`],
    ['SCHEMA_MISMATCH', '{"type":"order.created"}'],
    ['SCHEMA_MISMATCH', '[]'],
  ])('is refused as %s', (code, text) => {
    const message = {
      connector: 'generic',
      account: 'a',
      headers: {},
      body: new TextEncoder().encode(text),
      receivedAt: occurredAt,
    };
    expect(() => translator.translate(message, '')).toThrow(expect.objectContaining({ code }));
  });
});

describe('a delivery', () => {
  const delivered = (data: Json) => {
    const type = 'order.delivered';
    const message = { type, timestamp: '2026-07-10T10:00:00Z', data: { deliveredAt: '2026-07-09T10:00:00Z', ...data } };
    const body = new TextEncoder().encode(JSON.stringify(message));
    const raw = { connector: 'generic', account: 'wms', headers: {}, body, receivedAt: '2026-07-10T10:00:01.000Z' };
    return (channels?: readonly string[]) => genericTranslator({ channels: () => channels }).translate(raw, '');
  };
  const told = { orderId: '5001', channel: 'shopify', account: 'main', reportedBy: 'carrier' };

  it('is taken from who may ask about orders of the channel, and from nobody else', () => {
    expect(delivered(told)()).toMatchObject({ commands: [{ kind: 'delivery' }] });
    expect(delivered(told)(['amazon/main', 'shopify/main'])).toMatchObject({ commands: [{ kind: 'delivery' }] });
    for (const channels of [[], ['shopify/eu'], ['shopify']]) {
      expect(() => delivered(told)(channels)).toThrow(expect.objectContaining({ code: 'CHANNEL_NOT_ALLOWED' }));
    }
  });

  it('of its own orders every account may tell', () => {
    const own = { orderId: 'A-1', reportedBy: 'carrier' };
    expect(delivered(own)([])).toMatchObject({ commands: [{ orderId: { channel: 'generic', account: 'wms' } }] });
    expect(() => delivered({ ...own, channel: 'generic', account: 'other' })([])).toThrow('generic/other');
  });
});
