import { describe, expect, it } from 'vitest';
import { type Answer, context, operation, shop, userError } from './scripted-shop.ts';

const fulfillment = operation('channel/fulfillment', 'channel/fulfillment/shopify/main/5001/CS0001', {
  orderId: '5001',
  shipmentId: 'CS0001',
  lines: [
    { lineId: '50011', quantity: 1 },
    { lineId: '50012', quantity: 2 },
    { lineId: '50011', quantity: 1 },
  ],
  carrier: 'UPS',
  trackingNumber: '1Z999',
});

const item = (line: string, quantity: number) => ({ quantity, lineItem: { id: `gid://shopify/LineItem/${line}` } });
const standing = (number: string | null, ...nodes: object[]) => ({
  id: 'gid://shopify/Fulfillment/88',
  status: 'SUCCESS',
  trackingInfo: number === null ? [] : [{ number }],
  fulfillmentLineItems: { nodes },
});
const fulfillments = (...list: object[]): Answer => ({ body: { data: { order: { fulfillments: list } } } });
const openUnits: Answer = {
  body: {
    data: {
      order: {
        fulfillmentOrders: {
          nodes: [
            {
              id: 'FO1',
              status: 'OPEN',
              lineItems: {
                nodes: ['50011', '50012'].map((line) => ({
                  id: `L${line}`,
                  remainingQuantity: 2,
                  lineItem: { id: `gid://shopify/LineItem/${line}` },
                })),
              },
            },
          ],
        },
      },
    },
  },
};
const fulfilled = (payload: object | null): Answer => ({ body: { data: { fulfillmentCreate: payload } } });
const success = fulfilled({ fulfillment: { id: 'gid://shopify/Fulfillment/88', status: 'SUCCESS' }, userErrors: [] });

describe('channel/fulfillment at Shopify', () => {
  it('fulfils the units of the shipment with its tracking number, and writes to no buyer', async () => {
    const { executor, requests } = await shop(fulfillments(), openUnits, success);
    expect(await executor.execute(fulfillment, context())).toEqual({ kind: 'applied', ref: '88' });
    expect(requests[2]?.variables).toEqual({
      fulfillment: {
        lineItemsByFulfillmentOrder: [
          {
            fulfillmentOrderId: 'FO1',
            fulfillmentOrderLineItems: [
              { id: 'L50011', quantity: 2 },
              { id: 'L50012', quantity: 2 },
            ],
          },
        ],
        trackingInfo: { number: '1Z999', company: 'UPS' },
        notifyCustomer: false,
      },
    });
  });

  it('gives a shipment without tracking number its own number, by which it is found again', async () => {
    const { trackingNumber: _number, carrier: _carrier, ...rest } = fulfillment.content;
    const untracked = { ...fulfillment, content: rest };
    const { executor, requests } = await shop(fulfillments(), openUnits, success);
    await executor.execute(untracked, context());
    expect(requests[2]?.variables).toMatchObject({ fulfillment: { trackingInfo: { number: 'CS0001' } } });
    const again = await shop(fulfillments(standing('CS0001', item('50011', 2), item('50012', 2))));
    expect(await again.executor.probe(untracked, context())).toEqual({ kind: 'found', ref: '88' });
  });

  it.each([
    ['stands', standing('1Z999', item('50012', 2), item('50011', 2)), true],
    [
      'stands with its units in several entries',
      standing('1Z999', item('50011', 1), item('50012', 2), item('50011', 1)),
      true,
    ],
    ['has other units', standing('1Z999', item('50011', 2)), false],
    ['has fewer units', standing('1Z999', item('50011', 1), item('50012', 2)), false],
    ['has more lines', standing('1Z999', item('50011', 2), item('50012', 2), item('50013', 1)), false],
    ['has another tracking number', standing('1Z998', item('50011', 2), item('50012', 2)), false],
    ['has none', standing(null, item('50011', 2), item('50012', 2)), false],
    [
      "bears another shipment's number too",
      {
        ...standing('1Z999', item('50011', 2), item('50012', 2)),
        trackingInfo: [{ number: '1Z999' }, { number: 'CS0002' }],
      },
      false,
    ],
    ['was cancelled', { ...standing('1Z999', item('50011', 2), item('50012', 2)), status: 'CANCELLED' }, false],
  ])('knows a fulfilment that %s', async (_what, one, known) => {
    const { executor } = await shop(fulfillments(one));
    expect((await executor.probe(fulfillment, context())).kind).toBe(known ? 'found' : 'absent');
    const acting = await shop(fulfillments(one), openUnits, success);
    expect((await acting.executor.execute(fulfillment, context())).kind).toBe('applied');
    expect(acting.requests).toHaveLength(known ? 1 : 3);
  });

  it('tells a shipment that shares its tracking number by its own number besides', async () => {
    const twin = { ...fulfillment, content: { ...fulfillment.content, trackingShared: true } };
    const first = standing('1Z999', item('50011', 2), item('50012', 2));
    const { executor, requests } = await shop(fulfillments(first), openUnits, success);
    expect((await executor.execute(twin, context())).kind).toBe('applied');
    expect(requests[2]?.variables).toMatchObject({ fulfillment: { trackingInfo: { numbers: ['1Z999', 'CS0001'] } } });
    const both = { ...first, trackingInfo: [{ number: '1Z999' }, { number: 'CS0001' }] };
    const probing = await shop(fulfillments(first, both));
    expect(await probing.executor.probe(twin, context())).toMatchObject({ kind: 'found' });
  });

  it.each([
    [
      'Shopify refuses',
      [fulfillments(), openUnits, fulfilled({ fulfillment: null, userErrors: [userError('not open')] })],
      'FULFILLMENT_REFUSED_BY_SHOPIFY',
    ],
    [
      'it fails',
      [fulfillments(), openUnits, fulfilled({ fulfillment: { id: 'x/1', status: 'FAILURE' }, userErrors: [] })],
      'FULFILLMENT_FAILED',
    ],
    [
      'nothing is open',
      [fulfillments(), { body: { data: { order: { fulfillmentOrders: { nodes: [] } } } } }],
      'NOTHING_LEFT_TO_FULFILL',
    ],
    ['the shop knows no such order', [{ body: { data: { order: null } } }], 'ORDER_UNKNOWN'],
    [
      'the order has more fulfilments than are read',
      [fulfillments(...Array.from({ length: 10 }, () => standing('other')))],
      'ORDER_TOO_LONG',
    ],
  ])('is rejected when %s', async (_what, script, code) => {
    const { executor } = await shop(...script);
    expect(await executor.execute(fulfillment, context())).toMatchObject({ kind: 'rejected', reason: { code } });
  });

  it.each([
    ['the answer is lost', { drop: true as const }],
    ['there is neither a fulfilment nor an error', fulfilled({ fulfillment: null, userErrors: [] })],
    ['there are both', fulfilled({ fulfillment: { id: 'x/1', status: 'SUCCESS' }, userErrors: [userError('?')] })],
  ])('is open when %s', async (_what, answer) => {
    const { executor } = await shop(fulfillments(), openUnits, answer);
    expect((await executor.execute(fulfillment, context())).kind).toBe('unknown');
  });

  it.each([
    [1, [{ drop: true as const }]],
    [2, [fulfillments(), { status: 500 }]],
  ])('did nothing when question %d fails', async (_which, script) => {
    const { executor } = await shop(...script);
    expect((await executor.execute(fulfillment, context())).kind).toBe('unavailable');
  });
});
