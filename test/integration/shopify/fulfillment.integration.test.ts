import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unfulfilled } from '../../../bin/local/partners/shopify/order.ts';
import { type OpenShop, openShop, operationOf } from './support.ts';

describe('a fulfilment at a Shopify shop', () => {
  let shop: OpenShop;
  beforeEach(async () => {
    shop = await openShop();
  });
  afterEach(() => shop.close());

  const shipment = (shipmentId: string, units: readonly number[], trackingNumber?: string) =>
    operationOf('channel/fulfillment', shipmentId, {
      shipmentId,
      lines: units.flatMap((quantity, at) => (quantity > 0 ? [{ lineId: shop.lineIds[at] ?? '', quantity }] : [])),
      ...(trackingNumber !== undefined && { trackingNumber, carrier: 'UPS' }),
    });
  const open = () => shop.lineIds.map((lineId) => unfulfilled(shop.order, lineId));

  it('tells the shop what left the house', async () => {
    const operation = shipment('CS0001', [2, 1], '1Z999');
    shop.run.plan(operation);
    expect(await shop.run.execute(operation)).toEqual({ status: 'applied' });
    expect(open()).toEqual([1, 0]);
    expect(shop.order.fulfillments).toMatchObject([{ tracking: { number: '1Z999', company: 'UPS' } }]);
    expect(shop.run.row(operation)?.ref).toBe(shop.order.fulfillments[0]?.id);
  });

  it('is told once when the answer is lost, though more units are open', async () => {
    const operation = shipment('CS0001', [1]);
    shop.run.plan(operation);
    shop.server.fault({ operation: 'fulfillmentCreate', kind: 'lose-answer', times: 1 });
    expect(await shop.run.execute(operation)).toMatchObject({ status: 'unknown' });
    expect(await shop.later(operation)).toEqual({ status: 'applied' });
    expect(open()).toEqual([2, 1]);
    expect(shop.writes('fulfillmentCreate')).toBe(1);
  });

  it('is told for each of two shipments of the same units', async () => {
    for (const shipmentId of ['CS0001', 'CS0002']) {
      const operation = shipment(shipmentId, [1]);
      shop.run.plan(operation);
      expect(await shop.run.execute(operation)).toEqual({ status: 'applied' });
    }
    expect(open()).toEqual([1, 1]);
  });

  it('is rejected for units that staff fulfilled already', async () => {
    shop.server.fulfillInAdmin(shop.order, [{ lineId: shop.lineIds[0] ?? '', quantity: 3 }]);
    const operation = shipment('CS0001', [1]);
    shop.run.plan(operation);
    expect(await shop.run.execute(operation)).toEqual({ status: 'rejected', why: 'NOTHING_LEFT_TO_FULFILL' });
    expect(open()).toEqual([0, 1]);
  });

  it('is rejected for a cancelled order', async () => {
    shop.server.cancelOrder(shop.order);
    const operation = shipment('CS0001', [1]);
    shop.run.plan(operation);
    expect(await shop.run.execute(operation)).toMatchObject({ status: 'rejected' });
    expect(shop.order.fulfillments).toEqual([]);
  });

  it('is rejected in the shop’s words when its rules say no', async () => {
    shop.server.fault({ operation: 'fulfillmentCreate', kind: 'refuse', times: 1, message: 'The order is on hold' });
    const operation = shipment('CS0001', [1]);
    shop.run.plan(operation);
    expect(await shop.run.execute(operation)).toEqual({ status: 'rejected', why: 'FULFILLMENT_REFUSED_BY_SHOPIFY' });
    expect(shop.run.row(operation)?.reason?.message).toContain('The order is on hold');
  });
});
