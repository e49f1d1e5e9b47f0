import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookingFingerprint, type OrderCommand, orderDecider } from '#core/orders/decider.ts';
import type { OrderEvent } from '#core/orders/events.ts';
import type { ChannelOrder } from '#core/orders/order.ts';
import { ORDER_TRANSITIONS, type OrderState, type OrderStatus } from '#core/orders/state.ts';
import { specify } from '../../support/given.ts';
import { anOrder } from '../../support/orders.ts';

const { given, after } = specify(orderDecider);
const order = anOrder();
const newer = (changes: Partial<ChannelOrder> = {}): ChannelOrder =>
  anOrder({ version: { updatedAt: 2_000, triggeredAt: 2_500 }, ...changes });

const captured: OrderEvent = { type: 'order.captured', order, bookingFingerprint: bookingFingerprint(order) };
const booked: OrderEvent = { type: 'order.booked', erpAccount: 'tryton/main', ref: '7', number: 'S0007' };
const shipped: OrderEvent = {
  type: 'order.shipped',
  shipmentId: 'OUT1',
  shippedAt: '2026-11-21T09:00:00.000Z',
  lines: [
    { lineId: 'L1', quantity: 2 },
    { lineId: 'L2', quantity: 1 },
  ],
};
const take = (taken: ChannelOrder): OrderCommand => ({ type: 'take-channel-order', order: taken });

describe('taking an order from its channel', () => {
  it('captures a new one', () => given().when(take(order)).thenEvents({ type: 'order.captured', order }));

  it('ignores the same message again, and any older one', () => {
    given(captured).when(take(order)).thenIgnored();
    given(captured)
      .when(take(anOrder({ version: { updatedAt: 999, triggeredAt: 9_999 }, total: 1 })))
      .thenRejected('TOTALS_DISAGREE');
    given(captured, { type: 'order.refreshed', version: newer().version }).when(take(order)).thenIgnored();
  });

  it('takes the later trigger of two versions of one second', () => {
    const sameSecond = newer({ version: { updatedAt: 1_000, triggeredAt: 1_501 } });
    given(captured).when(take(sameSecond)).thenEvents({ type: 'order.refreshed', version: sameSecond.version });
    given(captured)
      .when(take(anOrder({ version: { updatedAt: 1_000, triggeredAt: 1_499 } })))
      .thenIgnored();
  });

  it('notes a newer version that changes nothing the ERP books', () => {
    given(captured).when(take(newer())).thenEvents({ type: 'order.refreshed', version: newer().version });
  });

  it('names what a newer version changes', () => {
    const [shirt, mug] = order.lines;
    if (!shirt || !mug) throw new Error('the order has two lines');
    const lines = [
      { ...shirt, quantity: 1, net: 1234, taxes: [{ rate: '0.10', amount: 123, collectedBy: 'seller' as const }] },
      { ...mug, lineId: 'L3' },
    ];
    given(captured)
      .when(take(newer({ lines, total: 1234 + 123 + 850 + 85 })))
      .thenEvents({
        type: 'order.amended',
        changes: ['line L1: 2 → 1 units', 'line L3 added', 'line L2 removed', 'total 3650 → 2292'],
      });
  });

  it('keeps an order that was cancelled before we ever saw it', () => {
    const cancelledAt = '2026-11-20T10:00:00.000Z';
    given()
      .when(take(anOrder({ cancelledAt })))
      .thenEvents({ type: 'order.captured' }, { type: 'order.cancelled', cancelledAt });
    given(captured, { type: 'order.cancelled', cancelledAt, version: newer().version }).when(take(order)).thenIgnored();
  });

  it('cancels once', () => {
    const cancelledAt = '2026-11-20T10:00:00.000Z';
    given(captured)
      .when(take(newer({ cancelledAt })))
      .thenEvents({ type: 'order.cancelled', cancelledAt });
    given(captured, { type: 'order.cancelled', cancelledAt, version: newer().version })
      .when(take(newer({ cancelledAt, version: { updatedAt: 3_000, triggeredAt: 3_000 } })))
      .thenEvents({ type: 'order.refreshed' });
  });

  it('cancels by whatever version says so: a cancellation is never taken back', () => {
    const cancelledAt = '2026-11-20T10:00:00.000Z';
    given(captured)
      .when(take(anOrder({ cancelledAt })))
      .thenEvents({ type: 'order.cancelled', cancelledAt, version: order.version });
    const { decision } = given(captured, { type: 'order.refreshed', version: newer().version }).when(
      take(anOrder({ cancelledAt })),
    );
    expect(decision).toMatchObject({
      kind: 'accepted',
      events: [{ type: 'order.cancelled', version: newer().version }],
    });
  });

  it('cancels a shipped order once', () => {
    const cancelledAt = '2026-11-20T10:00:00.000Z';
    given(captured, booked, shipped, { type: 'order.cancelled', cancelledAt, version: newer().version })
      .when(take(newer({ cancelledAt, version: { updatedAt: 3_000, triggeredAt: 3_000 } })))
      .thenEvents({ type: 'order.refreshed' });
  });

  it('tells a person when one version comes with two contents', () => {
    const lines = order.lines.map((line) => (line.lineId === 'L1' ? { ...line, quantity: 3 } : line));
    given(captured)
      .when(take(anOrder({ lines })))
      .thenEvents({ type: 'order.amended', changes: ['line L1: 2 → 3 units'] });
  });

  it('does not call back goods that are on their way', () => {
    const { state } = given(captured, booked, shipped, {
      type: 'order.cancelled',
      cancelledAt: 'x',
      version: newer().version,
    });
    expect(state.status).toBe('shipped');
  });

  const [firstLine] = order.lines;
  const tax = (amount: number) => ({ amount, collectedBy: 'marketplace' as const });
  it.each([
    ['ORDER_WITHOUT_LINES', { lines: [], total: 0 }],
    ['QUANTITY_INVALID', { lines: order.lines.map((line) => ({ ...line, quantity: -1 })) }],
    ['QUANTITY_INVALID', { lines: order.lines.map((line) => ({ ...line, quantity: 0 })) }],
    ['QUANTITY_INVALID', { lines: order.lines.map((line) => ({ ...line, quantity: 1.5 })) }],
    ['AMOUNT_NEGATIVE', { lines: order.lines.map((line) => ({ ...line, net: -1 })) }],
    ['AMOUNT_NEGATIVE', { lines: order.lines.map((line) => ({ ...line, taxes: [tax(-1)] })) }],
    ['AMOUNT_NEGATIVE', { shipping: { net: -1, taxes: [] } }],
    ['AMOUNT_NEGATIVE', { shipping: { net: 1, taxes: [tax(-1)] } }],
    ['SKU_MISSING', { lines: firstLine ? [{ ...firstLine, sku: '' }] : [] }],
    ['TOTALS_DISAGREE', { total: 3651 }],
  ])('refuses %s', (code, changes) =>
    given()
      .when(take(anOrder(changes)))
      .thenRejected(code),
  );

  it('refuses a change of currency', () =>
    given(captured)
      .when(take(newer({ currency: 'EUR' })))
      .thenRejected('CURRENCY_CHANGED'));
});

describe('booking in the ERP', () => {
  const record: OrderCommand = { type: 'record-booking', erpAccount: 'tryton/main', ref: '7', number: 'S0007' };

  it('records the sales order once', () => {
    given(captured).when(record).thenEvents(booked);
    given(captured, booked).when(record).thenIgnored();
  });

  it('refuses a second sales order for one order', () => {
    given(captured, booked)
      .when({ ...record, ref: '8', number: 'S0008' })
      .thenRejected('BOOKED_TWICE');
  });

  it('records a refusal, but not after a booking', () => {
    const refusal: OrderCommand = { type: 'record-booking-refusal', reason: { code: 'SKU_UNKNOWN', message: 'no X' } };
    given(captured)
      .when(refusal)
      .thenEvents({ type: 'order.booking-refused', reason: { code: 'SKU_UNKNOWN', message: 'no X' } });
    given(captured, booked).when(refusal).thenIgnored();
  });

  it('refuses news of an order that never arrived', () => given().when(record).thenRejected('ORDER_UNKNOWN'));
});

describe('shipments', () => {
  const { type: _type, ...shipment } = shipped;
  const record: OrderCommand = { type: 'record-shipment', ...shipment };

  it('are recorded once', () => {
    given(captured, booked).when(record).thenEvents(shipped);
    given(captured, booked, shipped).when(record).thenIgnored();
  });

  it('can be partial, and end the order when all is out', () => {
    const part: OrderEvent = { ...shipped, lines: [{ lineId: 'L1', quantity: 1 }] };
    expect(given(captured, booked, part).state.status).toBe('part-shipped');
    const rest: OrderEvent = {
      ...shipped,
      shipmentId: 'OUT2',
      lines: [
        { lineId: 'L1', quantity: 1 },
        { lineId: 'L2', quantity: 1 },
      ],
    };
    expect(given(captured, booked, part, rest).state.status).toBe('shipped');
  });

  it('never exceed what was ordered, even when a line is named twice', () => {
    given(captured, booked)
      .when({ ...record, lines: [{ lineId: 'L1', quantity: 3 }] })
      .thenRejected('SHIPPED_TOO_MANY');
    const twice = [
      { lineId: 'L1', quantity: 2 },
      { lineId: 'L1', quantity: 1 },
    ];
    given(captured, booked)
      .when({ ...record, lines: twice })
      .thenRejected('SHIPPED_TOO_MANY');
    given(captured, booked)
      .when({ ...record, lines: [{ lineId: 'L9', quantity: 1 }] })
      .thenRejected('LINE_UNKNOWN');
  });

  it('are confirmed to the channel once', () => {
    const confirm: OrderCommand = { type: 'record-fulfillment', shipmentId: 'OUT1', ref: 'F1' };
    given(captured, booked, shipped).when(confirm).thenEvents({ type: 'order.fulfillment-confirmed', ref: 'F1' });
    given(captured, booked, shipped, { type: 'order.fulfillment-confirmed', shipmentId: 'OUT1', ref: 'F1' })
      .when(confirm)
      .thenIgnored();
    given(captured, booked).when(confirm).thenRejected('SHIPMENT_UNKNOWN');
  });

  it('that the channel tells of are counted once', () => {
    const see: OrderCommand = { type: 'see-fulfillment', fulfillmentId: 'F1', lines: [{ lineId: 'L1', quantity: 1 }] };
    given(captured).when(see).thenEvents({ type: 'order.fulfillment-seen' });
    given(captured, { type: 'order.fulfillment-seen', fulfillmentId: 'F1', lines: [] }).when(see).thenIgnored();
  });
});

describe('returns', () => {
  const both = [{ lineId: 'L1', quantity: 2, units: [[0, 2]] }] as const;
  const open = { type: 'open-return', returnId: 'R1', lines: both } as const;

  it('take units that were shipped, and no more of them than there are', () => {
    given(captured, booked, shipped).when(open).thenEvents({ type: 'order.return-opened' });
    given(captured, booked).when(open).thenRejected('NOTHING_LEFT_TO_RETURN');
    const first = { lineId: 'L1', quantity: 1, units: [[0, 1]] } as const;
    const one: OrderEvent = { type: 'order.return-opened', returnId: 'R0', lines: [first] };
    given(captured, booked, shipped, one).when(open).thenRejected('NOTHING_LEFT_TO_RETURN');
    const split = [
      { lineId: 'L2', quantity: 1, units: [[0, 1]] },
      { lineId: 'L2', quantity: 1, units: [[1, 2]] },
    ] as const;
    given(captured, booked, shipped)
      .when({ ...open, lines: split })
      .thenRejected('NOTHING_LEFT_TO_RETURN');
  });

  it('give units back when they end without goods', () => {
    const opened: OrderEvent = { type: 'order.return-opened', returnId: 'R1', lines: both };
    const released: OrderEvent = {
      type: 'order.return-released',
      returnId: 'R1',
      lines: both,
    };
    given(captured, booked, shipped, opened)
      .when({ ...open, type: 'release-return' })
      .thenEvents(released);
    given(captured, booked, shipped, opened, released)
      .when({ ...open, type: 'release-return' })
      .thenIgnored();
    given(captured, booked, shipped, opened, released).when(open).thenEvents({ type: 'order.return-opened' });
  });
});

describe('the order states', () => {
  it('can all be reached from none by the table of transitions', () => {
    const reached = new Set<OrderStatus>(['none']);
    for (const from of reached) for (const to of ORDER_TRANSITIONS[from]) reached.add(to);
    expect([...reached].sort()).toEqual(Object.keys(ORDER_TRANSITIONS).sort());
  });

  it('change only along the table', () => {
    const { type: _type, ...shipment } = shipped;
    const cancel = take(newer({ cancelledAt: '2026-11-20T10:00:00.000Z' }));
    const moves: OrderCommand[] = [
      take(order),
      cancel,
      { type: 'record-booking', erpAccount: 'tryton/main', ref: '7', number: 'S0007' },
      { type: 'record-shipment', ...shipment },
      { type: 'record-shipment', ...shipment, shipmentId: 'OUT2', lines: [{ lineId: 'L1', quantity: 1 }] },
      { type: 'open-return', returnId: 'R1', lines: [{ lineId: 'L1', quantity: 1, units: [[0, 1]] }] },
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 12 }), (commands) => {
        let state: OrderState = orderDecider.initial;
        for (const command of commands) {
          const decision = orderDecider.decide(command, state);
          const next = decision.kind === 'accepted' ? decision.events.reduce(orderDecider.evolve, state) : state;
          if (next.status !== state.status) expect(ORDER_TRANSITIONS[state.status]).toContain(next.status);
          state = next;
        }
      }),
    );
  });

  it('keep units of a line apart: shipped within ordered, returning within shipped', () => {
    const state = after(take(order), { type: 'record-booking', erpAccount: 'a', ref: '1', number: '1' });
    expect(state).toMatchObject({ status: 'booked', lines: [{ shipped: 0, returning: 0, refunded: 0 }, {}] });
  });
});
