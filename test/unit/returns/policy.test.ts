import { describe, expect, it } from 'vitest';
import { orderDecider } from '#core/orders/decider.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { type ErpWord, evaluate, type RequestedLine, type ReturnPolicy } from '#core/returns/policy.ts';
import { MARKETPLACE_REASONS } from '#core/returns/reasons.ts';
import { zones } from '#platform/zones.ts';
import { specify } from '../../support/given.ts';
import { anOrder } from '../../support/orders.ts';
import { unassigned } from '../../support/refunds.ts';
import { NOW, POLICY, shippedOrder } from './samples.ts';

type Asked = {
  readonly order?: OpenOrder;
  readonly lines?: readonly RequestedLine[];
  readonly requestedAt?: string;
  readonly erp?: ErpWord;
  readonly policy?: Partial<ReturnPolicy>;
};

const shirt = (quantity = 1, reasonCode = 'UNWANTED'): RequestedLine => ({ lineId: 'L1', quantity, reasonCode });
const mug: RequestedLine = { lineId: 'L2', quantity: 1, reasonCode: 'DEFECTIVE' };

const ask = ({ order = shippedOrder(), lines = [shirt()], requestedAt = NOW, erp, policy = {} }: Asked) =>
  evaluate({ order, lines, requestedAt, ...(erp && { erp }) }, { ...POLICY, ...policy }, MARKETPLACE_REASONS, zones);

const shippedAll: ErpWord = { known: true, cancelled: false, shippedBySku: { 'TSHIRT-M': 2, 'MUG-BLUE': 1 } };

describe('the policy for returns', () => {
  it('approves units that left the house in time, and estimates the refund', () => {
    expect(ask({ lines: [shirt(2), mug], erp: shippedAll })).toMatchObject({
      decision: 'approved',
      reasons: [],
      lines: [
        { lineId: 'L1', decision: 'approved', reason: { canonical: 'changed-mind' }, refundEstimate: 2715 },
        { lineId: 'L2', decision: 'approved', reason: { canonical: 'defective' }, refundEstimate: 935 },
      ],
    });
  });

  it('estimates the same line named twice by its units', () => {
    const { lines } = ask({ lines: [shirt(), shirt(1, 'STYLE')] });
    expect(lines.map(({ refundEstimate }) => refundEstimate)).toEqual([1357, 1358]);
  });

  it.each([
    ['LINE_UNKNOWN', { lines: [{ ...shirt(), lineId: 'L9' }] }],
    ['NOTHING_LEFT_TO_RETURN', { lines: [shirt(3)] }],
    ['NOTHING_LEFT_TO_RETURN', { erp: { known: true, cancelled: false, shippedBySku: { 'TSHIRT-M': 0 } } as const }],
    ['WINDOW_PASSED', { requestedAt: '2026-12-22T00:00:00.000Z' }],
    ['FINAL_SALE', { policy: { finalSaleSkus: ['TSHIRT-M'] } }],
  ])('rejects with %s', (code, asked) => {
    expect(ask(asked)).toMatchObject({
      decision: 'rejected',
      reasons: [{ code }],
      lines: [{ decision: 'rejected', refundEstimate: 0 }],
    });
  });

  it('rejects what never left the house', () => {
    const order = specify(orderDecider).after({ type: 'take-channel-order', order: anOrder() }) as OpenOrder;
    expect(ask({ order })).toMatchObject({ decision: 'rejected', reasons: [{ code: 'NOT_SHIPPED' }] });
  });

  it('counts the window from the last shipment of the line, to the end of its last day', () => {
    expect(ask({ requestedAt: '2026-12-21T23:59:59.999Z' }).decision).toBe('approved');
    const order = shippedOrder();
    const later = { shipmentId: 'OUT2', shippedAt: '2026-12-01T09:00:00.000Z', confirmed: false };
    const again = { ...order, shipments: [...order.shipments, { ...later, lines: [{ lineId: 'L1', quantity: 1 }] }] };
    expect(ask({ order: again, requestedAt: '2026-12-30T09:00:00.000Z' }).decision).toBe('approved');
    expect(ask({ order: again, lines: [mug], requestedAt: '2026-12-30T09:00:00.000Z' }).decision).toBe('rejected');
  });

  it('counts the window from the order where no shipment is known', () => {
    const order = { ...shippedOrder(), shipments: [] };
    expect(ask({ order, requestedAt: '2026-12-20T23:59:59.999Z' }).decision).toBe('approved');
    expect(ask({ order, requestedAt: '2026-12-21T00:00:00.000Z' }).decision).toBe('rejected');
  });

  it('leaves units to the returns and channel refunds that have them', () => {
    const order = shippedOrder();
    const [first, second] = order.lines;
    if (!first || !second) throw new Error('the order has two lines');
    const returning = { ...order, lines: [{ ...first, returning: 1 }, second] };
    expect(ask({ order: returning }).decision).toBe('approved');
    expect(ask({ order: returning, lines: [shirt(2)] }).decision).toBe('rejected');
    const share = { ...unassigned('x', 1, [{ lineId: 'L1', quantity: 1 }]), status: 'settled' as const };
    const refunded = { ...returning, refunds: [{ ...share, origin: 'channel' as const }] };
    expect(ask({ order: refunded }).decision).toBe('rejected');
    const ours = { ...returning, refunds: [{ ...share, origin: 'crossdock' as const }] };
    expect(ask({ order: ours }).decision).toBe('approved');
  });

  it('promises the units of a line once when the line is named twice', () => {
    expect(ask({ lines: [shirt(2), shirt()] })).toMatchObject({
      decision: 'approved',
      lines: [{ decision: 'approved' }, { decision: 'rejected', reasons: [{ code: 'NOTHING_LEFT_TO_RETURN' }] }],
    });
  });

  it.each([
    ['REASON_UNMAPPED', { lines: [shirt(1, 'TOO_PINK')] }],
    ['REASON_UNMAPPED', { lines: [shirt(1, 'TOO_PINK')], policy: { finalSaleSkus: ['TSHIRT-M'] } }],
    ['FINAL_SALE_AT_FAULT', { lines: [shirt(1, 'DEFECTIVE')], policy: { finalSaleSkus: ['TSHIRT-M'] } }],
    [
      'CANCELLED_IN_ERP',
      { erp: { known: true, cancelled: true, shippedBySku: { 'TSHIRT-M': 2, 'MUG-BLUE': 1 } } as const },
    ],
    ['NOT_IN_ERP', { erp: { known: false } as const }],
  ])('leaves %s to a person', (code, asked) => {
    const { decision, reasons, lines } = ask(asked);
    expect(decision).toBe('review');
    expect(reasons.map((reason) => reason.code)).toContain(code);
    expect(lines).toMatchObject([{ decision: 'review', refundEstimate: 1357 }]);
  });

  it('lets one line for a person hold the whole return, and a refused line hold nothing', () => {
    expect(ask({ lines: [shirt(1, 'TOO_PINK'), mug] }).decision).toBe('review');
    expect(ask({ lines: [shirt(9), mug] }).decision).toBe('approved');
    expect(ask({ lines: [shirt(9), { ...mug, quantity: 9 }] })).toMatchObject({
      decision: 'rejected',
      reasons: [{ code: 'NOTHING_LEFT_TO_RETURN' }],
    });
  });
});
