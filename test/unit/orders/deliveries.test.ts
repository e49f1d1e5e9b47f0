import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeDelivery } from '#application/orders/take-order.ts';
import { translator } from '#connectors/generic/translate.ts';
import { orderDecider } from '#core/orders/decider.ts';
import { DELIVERY_SOURCES, type Delivery, type OrderState } from '#core/orders/state.ts';
import { specify } from '../../support/given.ts';
import { aHouse } from '../../support/house.ts';
import { anOrder } from '../../support/orders.ts';

const { given, after } = specify(orderDecider);
const order = anOrder();
const captured = { type: 'order.captured', order, bookingFingerprint: 'x' } as const;
const report = (deliveredAt: string, reportedBy: Delivery['reportedBy'] = 'carrier', of: string | undefined = '1Z9') =>
  ({ type: 'record-delivery', deliveredAt, reportedBy, ...(of !== undefined && { of }) }) as const;
const told = (...given: Parameters<typeof report>) => ({ ...report(...given), type: 'order.delivered' }) as const;

const MONDAY = '2026-11-23T10:00:00.000Z';
const TUESDAY = '2026-11-24T10:00:00.000Z';

describe('reports of deliveries', () => {
  it('are taken before the shipment is known, once each', () => {
    given(captured).when(report(MONDAY)).thenEvents(told(MONDAY));
    given(captured, told(MONDAY)).when(report(MONDAY)).thenIgnored();
    given(captured, told(MONDAY))
      .when(report(MONDAY, 'carrier', '1Z8'))
      .thenEvents(told(MONDAY, 'carrier', '1Z8'));
  });

  it('of an order that never arrived are refused', () => given().when(report(MONDAY)).thenRejected('ORDER_UNKNOWN'));

  it('count with the later time of who carried it, with the earlier of the channel', () => {
    given(captured, told(MONDAY)).when(report(TUESDAY)).thenEvents(told(TUESDAY));
    given(captured, told(TUESDAY)).when(report(MONDAY)).thenIgnored();
    given(captured, told(MONDAY, 'channel')).when(report(TUESDAY, 'channel')).thenIgnored();
    given(captured, told(TUESDAY, 'channel')).when(report(MONDAY, 'channel')).thenEvents(told(MONDAY, 'channel'));
    given(captured, told(TUESDAY)).when(report(TUESDAY, 'channel')).thenIgnored();
    given(captured, told(TUESDAY, 'channel')).when(report(MONDAY, 'warehouse')).thenEvents(told(MONDAY, 'warehouse'));
  });

  it('lead to the same days whatever their order', () => {
    const reports = fc.array(
      fc.tuple(fc.constantFrom(MONDAY, TUESDAY), fc.constantFrom(...DELIVERY_SOURCES), fc.constantFrom('A', 'B')),
      { maxLength: 8 },
    );
    const days = (all: readonly Parameters<typeof report>[]): unknown => {
      const state: OrderState = after({ type: 'take-channel-order', order });
      const end = all.reduce<OrderState>((now, one) => {
        const decision = orderDecider.decide(report(...one), now);
        return decision.kind === 'accepted' ? decision.events.reduce(orderDecider.evolve, now) : now;
      }, state);
      if (end.status === 'none') throw new Error('the order is open');
      // Of two words of one weight and time either may stand.
      return (end.deliveries ?? []).map(({ of, deliveredAt }) => `${of} ${deliveredAt}`).sort();
    };
    fc.assert(
      fc.property(reports, (all) => {
        expect(days([...all].reverse())).toEqual(days(all));
      }),
    );
  });

  it('are as many as an order may have parcels', () => {
    const many = Array.from({ length: 200 }, (_, index) => told(MONDAY, 'carrier', `P${index}`));
    given(captured, ...many)
      .when(report(MONDAY, 'carrier', 'P200'))
      .thenRejected('TOO_MANY_DELIVERIES');
    given(captured, ...many)
      .when(report(TUESDAY, 'carrier', 'P199'))
      .thenEvents(told(TUESDAY, 'carrier', 'P199'));
  });

  it('from the future are parked: they would hold the window open', async () => {
    const { store, orders, cause } = await aHouse();
    const take = takeDelivery({ store, orders });
    const at = (hours: number) => new Date(Date.parse(cause.now) + hours * 3_600_000).toISOString();
    const command = (deliveredAt: string) =>
      ({ kind: 'delivery', orderId: order.id, delivery: { deliveredAt, reportedBy: 'carrier' } }) as const;
    await expect(take(command(at(2)), cause, undefined)).rejects.toMatchObject({ code: 'TIME_INVALID' });
    expect(await take(command(at(0.5)), cause, undefined)).toMatchObject({ kind: 'committed' });
    expect(store.journal.flatMap(({ events }) => events).at(-1)).toMatchObject({ type: 'order.delivered.v1' });
  });
});

describe('order.delivered in the generic format', () => {
  const translate = (data: object) => {
    const body = new TextEncoder().encode(JSON.stringify({ type: 'order.delivered', timestamp: MONDAY, data }));
    return translator.translate({ connector: 'generic', account: 'wms', headers: {}, body, receivedAt: MONDAY }, '');
  };

  it('names the order of a channel, or one of the sender’s own', () => {
    const data = {
      orderId: '5001',
      shipment: 'CS-9',
      deliveredAt: '2026-11-23T11:00:00+01:00',
      reportedBy: 'warehouse',
    };
    const delivery = { of: 'CS-9', deliveredAt: MONDAY, reportedBy: 'warehouse' };
    expect(translate({ ...data, channel: 'shopify', account: 'main' })).toEqual({
      kind: 'commands',
      commands: [{ kind: 'delivery', orderId: { channel: 'shopify', account: 'main', orderId: '5001' }, delivery }],
    });
    expect(translate(data)).toMatchObject({
      commands: [{ orderId: { channel: 'generic', account: 'wms', orderId: '5001' } }],
    });
    expect(() => translate({ ...data, channel: 'shopify' })).toThrow('name the channel and its account');
  });
});
