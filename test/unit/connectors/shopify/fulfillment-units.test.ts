import { describe, expect, it } from 'vitest';
import { findUnits } from '#connectors/channels/shopify/fulfillment-units.ts';
import type { FulfillmentOrder } from '#connectors/channels/shopify/fulfillment-wire.ts';

const fulfillmentOrder = (id: string, remaining: Record<string, number>, status = 'OPEN'): FulfillmentOrder => ({
  id,
  status,
  lineItems: {
    nodes: Object.entries(remaining).map(([line, remainingQuantity]) => ({
      id: `${id}-${line}`,
      remainingQuantity,
      lineItem: { id: `gid://shopify/LineItem/${line}` },
    })),
  },
});

const shipped = (...lines: [string, number][]) => lines.map(([lineId, quantity]) => ({ lineId, quantity }));

describe('finding shipped units among what is open', () => {
  it('names the units, and never a fulfilment order without units: that would fulfil all of it', () => {
    const orders = [fulfillmentOrder('A', { 1: 2 }), fulfillmentOrder('B', { 2: 2, 3: 5 })];
    expect(findUnits(orders, shipped(['2', 1], ['3', 5]))).toEqual({
      kind: 'units',
      units: [
        {
          fulfillmentOrderId: 'B',
          fulfillmentOrderLineItems: [
            { id: 'B-2', quantity: 1 },
            { id: 'B-3', quantity: 5 },
          ],
        },
      ],
    });
    const idle = fulfillmentOrder('C', { 4: 9 });
    expect(findUnits([idle, ...orders], shipped(['1', 1], ['3', 1]))).toEqual({
      kind: 'units',
      units: [
        { fulfillmentOrderId: 'A', fulfillmentOrderLineItems: [{ id: 'A-1', quantity: 1 }] },
        { fulfillmentOrderId: 'B', fulfillmentOrderLineItems: [{ id: 'B-3', quantity: 1 }] },
      ],
    });
  });

  it('prefers one fulfilment order that has them all, for one location can be fulfilled at once', () => {
    const orders = [fulfillmentOrder('A', { 1: 1 }), fulfillmentOrder('B', { 1: 3, 2: 1 })];
    expect(findUnits(orders, shipped(['1', 2], ['2', 1]))).toMatchObject({
      units: [
        {
          fulfillmentOrderId: 'B',
          fulfillmentOrderLineItems: [
            { id: 'B-1', quantity: 2 },
            { id: 'B-2', quantity: 1 },
          ],
        },
      ],
    });
  });

  it('takes the rest of a line from the next fulfilment order', () => {
    const orders = [fulfillmentOrder('A', { 1: 1 }), fulfillmentOrder('B', { 1: 2 }, 'IN_PROGRESS')];
    expect(findUnits(orders, shipped(['1', 3]))).toMatchObject({
      units: [{ fulfillmentOrderLineItems: [{ quantity: 1 }] }, { fulfillmentOrderLineItems: [{ quantity: 2 }] }],
    });
  });

  it.each(['CLOSED', 'CANCELLED', 'ON_HOLD', 'SCHEDULED', 'INCOMPLETE'])(
    'leaves a fulfilment order alone that is %s',
    (status) => {
      expect(findUnits([fulfillmentOrder('A', { 1: 1 }, status)], shipped(['1', 1]))).toMatchObject({
        reason: { code: 'NOTHING_LEFT_TO_FULFILL' },
      });
    },
  );

  it('refuses more units than are open', () => {
    expect(findUnits([fulfillmentOrder('A', { 1: 1 })], shipped(['1', 2]))).toEqual({
      kind: 'refused',
      reason: { code: 'NOTHING_LEFT_TO_FULFILL', message: '2 of line 1 left the house; the shop has 1 open' },
    });
    expect(findUnits([], shipped(['1', 1]))).toMatchObject({ reason: { code: 'NOTHING_LEFT_TO_FULFILL' } });
  });

  it('refuses to go on from a part of the order', () => {
    const five = Array.from({ length: 5 }, (_, at) => fulfillmentOrder(`F${at}`, { 1: 1 }));
    expect(findUnits(five, shipped(['1', 1]))).toMatchObject({ reason: { code: 'ORDER_TOO_LONG' } });
    const wide = fulfillmentOrder('W', Object.fromEntries(Array.from({ length: 80 }, (_, at) => [String(at), 1])));
    expect(findUnits([wide], shipped(['1', 1]))).toMatchObject({ reason: { code: 'ORDER_TOO_LONG' } });
  });
});
