import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderDecider } from '#core/orders/decider.ts';
import { findLine, type OpenOrder } from '#core/orders/state.ts';
import { authorizeLines, creditFor, creditTotal, refundTotal } from '#core/returns/credit.ts';
import { anOrder } from '../../support/orders.ts';
import { unassigned } from '../../support/refunds.ts';
import { shippedOrder } from './samples.ts';

describe('what returned units are worth', () => {
  it('is the share of the line, its taxes by themselves', () => {
    const [shirt] = authorizeLines(shippedOrder(), [{ lineId: 'L1', quantity: 1 }]);
    if (!shirt) throw new Error('one line was asked for');
    // 24.68 net and 2.47 tax for two shirts: the first unit carries the odd cent.
    expect(creditFor(shirt)).toMatchObject({ lineId: 'L1', sku: 'TSHIRT-M', quantity: 1, net: 1234 });
    expect(creditFor(shirt).taxes).toMatchObject([{ amount: 123, rate: '0.10', collectedBy: 'seller' }]);
    expect(refundTotal([creditFor(shirt)])).toBe(1357);
  });

  it('goes back to the buyer in full, and to the ERP without tax that the marketplace remits', () => {
    const [line] = anOrder().lines;
    if (!line) throw new Error('the order has lines');
    const taxes = [
      { amount: 200, collectedBy: 'marketplace' as const },
      { amount: 47, collectedBy: 'seller' as const },
    ];
    const order = shippedOrder({ lines: [{ ...line, taxes }], total: 2715 });
    const credit = authorizeLines(order, [{ lineId: 'L1', quantity: 2 }]).map((one) => creditFor(one));
    expect(refundTotal(credit)).toBe(2715);
    expect(creditTotal(credit)).toBe(2515);
  });

  it('passes over units that the channel has paid back by itself', () => {
    const order = decided(shippedOrder(), {
      type: 'record-refund',
      origin: 'channel',
      share: unassigned('shopify-9', 1357, [{ lineId: 'L1', quantity: 1 }]),
    });
    expect(authorizeLines(order, [{ lineId: 'L1', quantity: 1 }])).toMatchObject([{ units: [1] }]);
  });

  it('refuses a line that the order lacks', () => {
    expect(() => authorizeLines(shippedOrder(), [{ lineId: 'L9', quantity: 1 }])).toThrow('no line L9');
  });

  it.each(['USD', 'JPY', 'KWD'])('adds up to the line exactly, whatever the split into returns (%s)', (currency) => {
    const cases = fc.record({
      net: fc.integer({ min: 0, max: 1_000_000 }),
      tax: fc.integer({ min: 0, max: 100_000 }),
      remitted: fc.integer({ min: 0, max: 100_000 }),
      parts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(cases, ({ net, tax, remitted, parts }) => {
        const quantity = parts.reduce((sum, part) => sum + part, 0);
        const taxes = [
          { amount: tax, collectedBy: 'seller' as const },
          { amount: remitted, collectedBy: 'marketplace' as const },
        ];
        const line = { lineId: 'L1', sku: 'A', quantity, net, discount: 0, taxes };
        let order = shippedOrder({ currency, lines: [line], total: net + tax + remitted });
        const credits = parts.map((part, index) => {
          const asked = [{ lineId: 'L1', quantity: part }];
          const [authorized] = authorizeLines(order, asked);
          if (!authorized) throw new Error('one line was asked for');
          order = decided(order, { type: 'open-return', returnId: `R${index}`, lines: asked });
          return creditFor(authorized);
        });
        expect(credits.reduce((sum, credit) => sum + credit.net, 0)).toBe(net);
        expect(credits.reduce((sum, credit) => sum + (credit.taxes[0]?.amount ?? 0), 0)).toBe(tax);
        expect(refundTotal(credits)).toBe(net + tax + remitted);
        expect(creditTotal(credits)).toBe(net + tax);
        expect(findLine(order, 'L1')?.returning).toBe(quantity);
      }),
    );
  });

  it('splits one return by unit as several would', () => {
    const [line] = authorizeLines(shippedOrder(), [{ lineId: 'L1', quantity: 2 }]);
    if (!line) throw new Error('one line was asked for');
    expect(refundTotal([creditFor(line, 1)])).toBe(1357);
    expect(refundTotal([creditFor(line, 2)]) - refundTotal([creditFor(line, 1)])).toBe(1358);
    expect(refundTotal([creditFor(line, 0)])).toBe(0);
  });
});

function decided(order: OpenOrder, command: Parameters<typeof orderDecider.decide>[0]): OpenOrder {
  const decision = orderDecider.decide(command, order);
  if (decision.kind !== 'accepted') throw new Error(`${command.type} was ${JSON.stringify(decision)}`);
  return decision.events.reduce(orderDecider.evolve, order) as OpenOrder;
}
