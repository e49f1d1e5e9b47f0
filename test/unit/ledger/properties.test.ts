import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalOf } from '#core/ledger/buckets.ts';
import { ceilingsOf, excessOf, excessTotal } from '#core/ledger/ceilings.ts';
import { conservation } from '#core/ledger/conservation.ts';
import { entryOf, type MoneyFact } from '#core/ledger/entries.ts';
import { balances, type Ledger, openLedger, post, postAll, trialBalance } from '#core/ledger/ledger.ts';
import { ledgerOf } from '#core/ledger/of-order.ts';
import { type OrderCommand, orderDecider } from '#core/orders/decider.ts';
import type { OrderEvent } from '#core/orders/events.ts';
import { type ChannelOrder, computedTotal } from '#core/orders/order.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { splitChannelRefund } from '#core/refunds/split.ts';
import { anOrder } from '../../support/orders.ts';
import { refundOf, unassigned } from '../../support/refunds.ts';
import { shippedOrder } from '../returns/samples.ts';

/** Any order: amounts of every size, with and without each kind of tax, shipping and fees. */
const anyOrder = (currency: string): fc.Arbitrary<ChannelOrder> => {
  const amount = fc.oneof(fc.constant(0), fc.nat(100), fc.nat(10_000_000));
  const taxes = fc.array(
    fc.record({ amount, collectedBy: fc.constantFrom('seller' as const, 'marketplace' as const) }),
    { maxLength: 3 },
  );
  const line = fc.record({ quantity: fc.integer({ min: 1, max: 7 }), net: amount, discount: amount, taxes });
  return fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
      shipping: fc.record({ net: amount, taxes }),
      fees: fc.array(fc.record({ kind: fc.constantFrom('tip', 'duties'), net: amount }), { maxLength: 2 }),
    })
    .map(({ lines, ...rest }) => {
      const numbered = lines.map((one, index) => ({ lineId: `L${index + 1}`, sku: `S${index + 1}`, ...one }));
      const parts = { lines: numbered, ...rest };
      return anOrder({ ...parts, currency, total: computedTotal(parts) });
    });
};

type Step = {
  readonly do:
    | 'return'
    | 'return-bucket'
    | 'goodwill'
    | 'settle'
    | 'settle-other'
    | 'free'
    | 'channel'
    | 'channel-lines';
  readonly id: string;
  readonly line: number;
  readonly quantity: number;
  /** Of the order's total, in thousandths. */
  readonly share: number;
};

const steps = fc.array(
  fc.record<Step>({
    do: fc.constantFrom(
      ...(['return', 'return', 'return-bucket', 'goodwill', 'settle', 'settle-other'] as const),
      ...(['free', 'channel', 'channel-lines'] as const),
    ),
    id: fc.constantFrom('A', 'B', 'C', 'D'),
    line: fc.nat(2),
    quantity: fc.integer({ min: 1, max: 3 }),
    share: fc.nat(1_200),
  }),
  { maxLength: 25 },
);

/** What a step asks of the order as it stands; undefined when it makes no sense there. */
function commandOf(step: Step, order: OpenOrder): OrderCommand | undefined {
  const { id, share } = step;
  const line = order.lines[step.line % order.lines.length];
  if (!line) throw new Error('an order has lines');
  const lines = [{ lineId: line.lineId, quantity: Math.min(step.quantity, line.quantity) }];
  const amount = Number((BigInt(order.total) * BigInt(share)) / 1_000n);
  switch (step.do) {
    case 'return':
      return { type: 'reserve-refund', share: refundOf(order, id, lines) };
    case 'return-bucket': {
      const bucket = ceilingsOf(order).filter(({ scope }) => scope === 'bucket')[share % 7];
      if (!bucket) return undefined;
      const asked = Math.max(1, bucket.left + (share % 3) - 1);
      return {
        type: 'reserve-refund',
        share: { refundId: id, amount: asked, parts: { [bucket.name]: asked }, lines: [] },
      };
    }
    case 'goodwill':
      return { type: 'reserve-refund', share: unassigned(id, amount) };
    case 'settle':
      return { type: 'settle-refund', refundId: id };
    case 'settle-other': {
      const { amount: paid, parts } = unassigned(id, amount);
      return { type: 'settle-refund', refundId: id, paid: { amount: paid, parts } };
    }
    case 'free':
      return { type: 'free-refund', refundId: id };
    case 'channel':
    case 'channel-lines': {
      const named = step.do === 'channel' ? [] : lines;
      const parts = splitChannelRefund(order, { amount, lines: named });
      return {
        type: 'record-refund',
        origin: 'channel',
        share: { refundId: `shop-${id}`, amount, parts, lines: named },
      };
    }
  }
}

/** The books as they are kept event by event: a second reckoning beside the one that is read off the state. */
function factsOf(event: OrderEvent, before: OpenOrder): MoneyFact[] {
  const held = (refundId: string) => before.refunds.find((share) => share.refundId === refundId);
  switch (event.type) {
    case 'order.refund-reserved':
      return [{ type: event.share.origin === 'channel' ? 'channel-refund' : 'refund-reserved', share: event.share }];
    case 'order.refund-freed': {
      const share = held(event.refundId);
      return share ? [{ type: 'refund-freed', share }] : [];
    }
    case 'order.refund-settled': {
      const share = held(event.refundId);
      if (!share) return [];
      const paid = { ...share, ...event.paid };
      const undo: MoneyFact[] =
        share.status === 'pending'
          ? [{ type: 'refund-freed', share }]
          : [{ type: 'channel-refund', share: { ...share, amount: -share.amount, parts: negated(share.parts) } }];
      return [...undo, { type: 'refund-reserved', share: paid }, { type: 'refund-settled', share: paid }];
    }
    default:
      return [];
  }
}

const negated = (parts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(parts).map(([bucket, amount]) => [bucket, -amount]));

function check(before: OpenOrder, command: OrderCommand, after: OpenOrder, books: Ledger): void {
  for (const { amount, parts } of after.refunds) expect(totalOf(parts)).toBe(amount);
  const ledger = ledgerOf(after);
  for (const entry of ledger.entries) expect(() => post(openLedger(after.currency), entry)).not.toThrow();
  const { debit, credit } = trialBalance(ledger);
  expect(debit).toBe(credit);
  expect(new Map(balances(ledger))).toEqual(new Map(balances(books)));
  const excess = excessTotal(excessOf(after));
  expect(conservation(after).conserved).toBe(excess === 0);
  // Our own reservation breaks nothing that was whole, and adds nothing to what the channel broke.
  if (command.type === 'reserve-refund') {
    expect(excess).toBe(excessTotal(excessOf(before)));
    const whole = new Set(
      ceilingsOf(before)
        .filter(({ left }) => left >= 0)
        .map(({ scope, name }) => scope + name),
    );
    for (const { scope, name, left } of ceilingsOf(after)) {
      if (whole.has(scope + name)) expect(left).toBeGreaterThanOrEqual(0);
    }
    for (const line of after.lines) {
      const was = before.lines.find(({ lineId }) => lineId === line.lineId)?.refunded ?? 0;
      if (line.refunded > was) expect(line.refunded).toBeLessThanOrEqual(line.quantity);
    }
  }
}

describe('the ledger of an order', () => {
  it.each(['USD', 'JPY', 'KWD'])('balances, and no reservation breaks a ceiling, whatever happens (%s)', (currency) => {
    fc.assert(
      fc.property(anyOrder(currency), steps, (taken, all) => {
        let order = shippedOrder(taken);
        let books = ledgerOf(order);
        for (const step of all) {
          const command = commandOf(step, order);
          const decision = command && orderDecider.decide(command, order);
          if (!command || decision?.kind !== 'accepted') continue;
          const before = order;
          for (const event of decision.events) {
            books = postAll(
              books,
              factsOf(event, order).map((fact) => entryOf(fact, currency)),
            );
            order = orderDecider.evolve(order, event) as OpenOrder;
          }
          const told = decision.events.some(({ type }) => type === 'order.over-refunded');
          expect(told).toBe(excessTotal(excessOf(order)) > 0 && grew(before, order));
          check(before, command, order, books);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(['USD', 'JPY', 'KWD'])('is restored exactly when a refund is freed (%s)', (currency) => {
    fc.assert(
      fc.property(anyOrder(currency), steps, (taken, all) => {
        let order = shippedOrder(taken);
        for (const step of all) {
          const command = commandOf(step, order);
          const decision = command && orderDecider.decide(command, order);
          if (decision?.kind !== 'accepted') continue;
          const next = decision.events.reduce(orderDecider.evolve, order) as OpenOrder;
          if (command?.type === 'reserve-refund') {
            const { refundId } = command.share;
            const freed = orderDecider.decide({ type: 'free-refund', refundId }, next);
            if (freed.kind !== 'accepted') throw new Error('what is pending can be freed');
            expect(freed.events.reduce(orderDecider.evolve, next)).toEqual(order);
          }
          order = next;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes returns of every unit, one by one, to the last cent of every bucket', () => {
    fc.assert(
      fc.property(anyOrder('USD'), (taken) => {
        let order = shippedOrder(taken);
        for (const { lineId, quantity } of taken.lines) {
          for (let unit = 1; unit <= quantity; unit++) {
            const lines = [{ lineId, quantity: 1 }];
            const share = refundOf(order, `${lineId}-${unit}`, lines);
            const held = [{ lineId, quantity: 1, units: [[unit - 1, unit] as const] }];
            const commands: OrderCommand[] = [
              { type: 'open-return', returnId: `R-${lineId}-${unit}`, lines: held },
              ...(share.amount > 0 ? [{ type: 'reserve-refund', share } as const] : []),
            ];
            for (const command of commands) {
              const decision = orderDecider.decide(command, order);
              if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
              order = decision.events.reduce(orderDecider.evolve, order) as OpenOrder;
            }
          }
        }
        for (const { scope, left } of ceilingsOf(order)) if (scope === 'line') expect(left).toBe(0);
        expect(conservation(order).conserved).toBe(true);
      }),
    );
  });
});

/** Whether any bucket, or the order, is further beyond than it was. */
function grew(before: OpenOrder, after: OpenOrder): boolean {
  const [was, is] = [excessOf(before), excessOf(after)];
  return is.order > was.order || Object.entries(is.buckets).some(([bucket, over]) => over > (was.buckets[bucket] ?? 0));
}
