import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderDecider } from '#core/orders/decider.ts';
import { findLine, type OpenOrder } from '#core/orders/state.ts';
import { type LineUnits, unitsFrom, unitsToPayBack } from '#core/orders/units.ts';
import {
  type AuthorizedLine,
  authorizeLines,
  creditFor,
  creditTotal,
  refundTotal,
  soldAs,
} from '#core/returns/credit.ts';
import { anOrder } from '../../support/orders.ts';
import { unassigned } from '../../support/refunds.ts';
import { shippedOrder } from './samples.ts';

const ONE = [{ lineId: 'L1', quantity: 1 }];

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

  it.each(['USD', 'JPY', 'KWD'])('adds up to the line exactly, whatever is taken and given up (%s)', (currency) => {
    const units = fc.integer({ min: 1, max: 4 });
    const cases = fc.record({
      quantity: fc.integer({ min: 1, max: 20 }),
      net: fc.integer({ min: 0, max: 1_000_000 }),
      tax: fc.integer({ min: 0, max: 100_000 }),
      remitted: fc.integer({ min: 0, max: 100_000 }),
      happenings: fc.array(
        fc.oneof(
          fc.record({ what: fc.constantFrom('a return', 'a refund of the channel’s own'), units }),
          fc.record({ what: fc.constant('a return gives up'), which: fc.nat(9), keeps: fc.nat(2) }),
        ),
        { maxLength: 12 },
      ),
    });
    fc.assert(
      fc.property(cases, ({ quantity, net, tax, remitted, happenings }) => {
        const taxes = [
          { amount: tax, collectedBy: 'seller' as const },
          { amount: remitted, collectedBy: 'marketplace' as const },
        ];
        const line = { lineId: 'L1', sku: 'A', quantity, net, discount: 0, taxes };
        const house = new LineHouse(shippedOrder({ currency, lines: [line], total: net + tax + remitted }));
        for (const one of happenings) {
          if ('which' in one) house.giveUp(one.which, one.keeps);
          else if (one.what === 'a return') house.return(one.units);
          else house.payBack(one.units);
        }
        while (house.left > 0) house.return(1);
        expect(house.positions).toEqual(Array.from({ length: quantity }, (_, position) => position));
        const credits = house.standing.map((one) => creditFor(one));
        expect(credits.reduce((sum, credit) => sum + credit.net, 0)).toBe(net);
        expect(credits.reduce((sum, credit) => sum + (credit.taxes[0]?.amount ?? 0), 0)).toBe(tax);
        expect(refundTotal(credits)).toBe(net + tax + remitted);
        expect(creditTotal(credits)).toBe(net + tax);
      }),
    );
  });

  it('are the units of an amended order too', () => {
    const [mine] = authorizeLines(shippedOrder(), ONE);
    if (!mine) throw new Error('one line was asked for');
    const version = { updatedAt: Date.parse('2026-11-25T12:00:00Z'), triggeredAt: 0 };
    const opened = decided(shippedOrder(), { type: 'open-return', returnId: 'R1', lines: [held(mine)] });
    const amended = decided(opened, { type: 'take-channel-order', order: anOrder({ version, number: '#1001-A' }) });
    expect(authorizeLines(amended, ONE)).toMatchObject([{ units: [1] }]);
  });

  it('of orders from before positions were kept are the next ones by number', () => {
    const order = shippedOrder();
    const lines = order.lines.map((line) => (line.lineId === 'L1' ? { ...line, returning: 1 } : line));
    expect(authorizeLines({ ...order, lines }, ONE)).toMatchObject([{ units: [1] }]);
    const share = { ...unassigned('shopify-9', 1_357, ONE), status: 'settled', origin: 'channel' } as const;
    expect(authorizeLines({ ...order, refunds: [share] }, ONE)).toMatchObject([{ units: [1] }]);
  });

  it('of the channel’s own refund may be those that a return holds', () => {
    const [both] = authorizeLines(shippedOrder(), [{ lineId: 'L1', quantity: 2 }]);
    if (!both) throw new Error('one line was asked for');
    const opened = decided(shippedOrder(), { type: 'open-return', returnId: 'R1', lines: [held(both)] });
    const share = unassigned('shopify-9', 1_357, ONE);
    const once = decided(opened, { type: 'record-refund', origin: 'channel', share });
    const twice = decided(once, {
      type: 'record-refund',
      origin: 'channel',
      share: { ...share, refundId: 'shopify-10' },
    });
    expect([once, twice].map((order) => findLine(order, 'L1')?.paidBack)).toEqual([[[0, 1]], [[0, 2]]]);
  });

  it('splits one return by unit as several would', () => {
    const [line] = authorizeLines(shippedOrder(), [{ lineId: 'L1', quantity: 2 }]);
    if (!line) throw new Error('one line was asked for');
    expect(refundTotal([creditFor(line, 1)])).toBe(1357);
    expect(refundTotal([creditFor(line, 2)]) - refundTotal([creditFor(line, 1)])).toBe(1358);
    expect(refundTotal([creditFor(line, 0)])).toBe(0);
  });
});

/** One line, of which returns and the channel take units, and returns give some up again. */
class LineHouse {
  #order: OpenOrder;
  #returns: AuthorizedLine[] = [];
  readonly #paidBack: AuthorizedLine[] = [];

  constructor(order: OpenOrder) {
    this.#order = order;
  }

  get standing(): AuthorizedLine[] {
    return [...this.#returns, ...this.#paidBack];
  }

  get positions(): number[] {
    return this.standing.flatMap(({ units }) => units).sort((a, b) => a - b);
  }

  get left(): number {
    return (findLine(this.#order, 'L1')?.quantity ?? 0) - this.positions.length;
  }

  return(units: number): void {
    const quantity = Math.min(units, this.left);
    const [line] = quantity > 0 ? authorizeLines(this.#order, [{ lineId: 'L1', quantity }]) : [];
    if (!line) return;
    this.#order = decided(this.#order, { type: 'open-return', returnId: 'R', lines: [held(line)] });
    this.#returns.push(line);
  }

  /** All but the first few, which it credits. */
  giveUp(which: number, keeps: number): void {
    const line = this.#returns[which];
    if (!line || line.units.length <= keeps) return;
    const gone = { ...line, units: line.units.slice(keeps) };
    this.#order = decided(this.#order, { type: 'release-return', returnId: 'R', lines: [held(gone)] });
    this.#returns = this.#returns.with(which, { ...line, units: line.units.slice(0, keeps) });
  }

  payBack(units: number): void {
    const quantity = Math.min(units, this.left);
    const line = findLine(this.#order, 'L1');
    if (!line || quantity === 0) return;
    this.#paidBack.push(soldAs(line, unitsToPayBack(this.#order, line, quantity)));
    const share = unassigned(`shopify-${this.#paidBack.length}`, 1, [{ lineId: 'L1', quantity }]);
    this.#order = decided(this.#order, { type: 'record-refund', origin: 'channel', share });
  }
}

const held = ({ lineId, units }: Pick<AuthorizedLine, 'lineId' | 'units'>): LineUnits => ({
  ...{ lineId, quantity: units.length },
  units: unitsFrom(units),
});

function decided(order: OpenOrder, command: Parameters<typeof orderDecider.decide>[0]): OpenOrder {
  const decision = orderDecider.decide(command, order);
  if (decision.kind !== 'accepted') throw new Error(`${command.type} was ${JSON.stringify(decision)}`);
  return decision.events.reduce(orderDecider.evolve, order) as OpenOrder;
}
