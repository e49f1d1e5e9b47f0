import { afterEach, describe, expect, it, vi } from 'vitest';
import { applied, stockMove } from '../../integration/tryton/support/operations.ts';
import { halfEven } from '../../simulation/partners/tryton/amounts.ts';
import { HOUR, House, order, rejected, returned } from './tryton-support.ts';

afterEach(() => vi.unstubAllGlobals());

describe('the golden case on the simulated Tryton', () => {
  it('is booked at 36.50, shipped, taken back, credited with −13.57 and put into quarantine', async () => {
    const house = new House();
    const { sim } = house;
    const { back, ref, memo } = await returned(house);
    expect(sim.stock('TSHIRT-M', 'STO')).toBe(998);
    expect(sim.sales()).toMatchObject([
      { webId: 'shopify-main-5001', state: 'processing', total: 3650, shipments: 1 },
      { webId: 'return-generic-main-R5001', total: -1357, returnOf: 'shopify-main-5001', invoices: 1 },
    ]);
    applied(await house.execute(memo));
    expect(sim.creditNotes()).toMatchObject([{ webId: 'return-generic-main-R5001', state: 'posted', total: -1357 }]);
    const entries = sim.moves();
    expect(entries).toMatchObject([{ state: 'posted', debit: 1357, credit: 1357 }]);
    const away = stockMove(back, ref, [{ sku: 'TSHIRT-M', quantity: 1, disposition: 'quarantine' }]);
    const { ref: number } = applied(await house.execute(away));
    expect(sim.stock('TSHIRT-M', 'QUA')).toBe(1);
    expect(sim.stock('TSHIRT-M', 'STO')).toBe(998);
    expect(sim.receipts()).toEqual([
      {
        number,
        state: 'done',
        webId: 'return-generic-main-R5001',
        returnOf: 'shopify-main-5001',
        units: [{ sku: 'TSHIRT-M', quantity: 1, location: 'QUA' }],
      },
    ]);
  });

  it('goes the same way to the last byte each time', async () => {
    const run = async () => {
      const house = new House();
      const { memo } = await returned(house);
      await house.execute(memo);
      vi.unstubAllGlobals();
      return house.seen;
    };
    expect(await run()).toEqual(await run());
  });

  it('has other ids in a database that begins elsewhere', async () => {
    const house = new House({ firstId: 700_000 });
    expect(applied(await house.execute(order('1'))).ref).toBe('700000');
  });
});

describe('calls on the wire', () => {
  it('refuse a key that is taken, in the words of the real server', async () => {
    const house = new House();
    await house.execute(order('1'));
    const { result } = house.rpc('sale.sale.read', [1], ['party', 'company', 'currency', 'web_shop', 'web_id']);
    const [{ id: _id, ...values }] = result as [{ id: number }];
    const again = { ...values, invoice_method: 'shipment', shipment_method: 'order' };
    expect(house.rpc('sale.sale.create', [again])).toEqual({
      error: ['UserError', ['The web ID on the sale must be unique.', '', null]],
    });
    expect(house.sim.sales()).toHaveLength(1);
  });

  it.each(['quote', 'confirm', 'draft', 'cancel'])(
    'answer null to %s of a processed sale and change nothing',
    async (button) => {
      const house = new House();
      await house.execute(order('1'));
      const before = [house.sim.sales(), house.sim.shipments()];
      expect(house.rpc(`sale.sale.${button}`, [1])).toEqual({ result: null });
      expect([house.sim.sales(), house.sim.shipments()]).toEqual(before);
    },
  );

  it('leave nothing behind when they fail halfway', async () => {
    const house = new House();
    await house.execute(order('1', { total: 3651 }));
    const before = house.rpc('sale.sale.read', [1], ['lines', 'reference', 'total_amount']);
    const [{ lines }] = before.result as [{ lines: number[] }];
    const one = { product: 1, unit: 1, quantity: 1, unit_price: { __class__: 'Decimal', decimal: '1' } };
    const commands = [
      ['delete', lines.slice(0, 1)],
      ['create', [one]],
      ['delete', [99]],
    ];
    expect(house.rpc('sale.sale.write', [1], { reference: 'x', lines: commands })).toMatchObject({
      error: ['UserError', [expect.stringContaining("don't exist"), '', null]],
    });
    expect(house.rpc('sale.sale.read', [1], ['lines', 'reference', 'total_amount'])).toEqual(before);
  });

  it('fail on models, fields, methods and records that are not there', () => {
    const house = new House();
    expect(house.rpc('sale.nothing.read', [1], [])).toMatchObject({ error: ["'sale.nothing'", expect.any(String)] });
    const unknown = { error: ["'colour'", expect.any(String)] };
    expect(house.rpc('sale.sale.search_read', [['colour', '=', 1]], 0, null, null, [])).toEqual(unknown);
    expect(house.rpc('party.party.search_read', [], 0, 1, null, ['colour'])).toEqual(unknown);
    expect(house.rpc('party.party.write', [1], { colour: 1 })).toEqual(unknown);
    expect(house.rpc('sale.sale.read', [7], ['state'])).toMatchObject({ error: ['UserError', expect.anything()] });
    expect(() => house.rpc('sale.sale.explode', [1])).toThrow('HTTP 403');
  });

  it('refuse what points to a record that is not there', () => {
    const refusal = [expect.stringContaining('does not exist'), '', null];
    const address = new House().rpc('party.address.create', [{ party: 99, street: '1 Long Road' }]);
    expect(address).toEqual({ error: ['UserError', refusal] });
  });

  it('keep the total of a confirmed sale, whatever becomes of its lines', async () => {
    const house = new House();
    await house.execute(order('1'));
    house.rpc('sale.line.write', [1], { unit_price: { __class__: 'Decimal', decimal: '99.00' } });
    expect(house.sim.sales()).toMatchObject([{ total: 3650 }]);
  });

  it('round halves to the even cent over the document, in both directions', () => {
    const cases = [5, 15, 25, 35, -5, -15, 14, 16].map((tenths) => halfEven(tenths, 10));
    expect(cases).toEqual([0, 2, 2, 4, 0, -2, 1, 2]);
  });

  it('refuse to quote for the guest of a shop', async () => {
    const house = new House();
    await house.execute(order('1', { total: 3651 }));
    const { result } = house.rpc('party.party.search_read', [['code', '=', 'GUEST']], 0, null, null, []);
    const [guest] = result as [{ id: number }];
    house.rpc('sale.sale.write', [1], { party: guest.id });
    const refusal = [expect.stringContaining('instead of the guest'), '', null];
    expect(house.rpc('sale.sale.quote', [1])).toEqual({ error: ['UserError', refusal] });
  });

  it('find the shipments of one moment page by page', async () => {
    const house = new House();
    const connector = house.connector();
    for (let nth = 1; nth <= 230; nth++) await house.execute(order(`${nth}`), connector);
    house.now += HOUR;
    // The last first: within one moment it is the id that pages go by.
    for (const webId of house.sim.ordersToShip().reverse()) house.sim.ship(webId, { now: house.now });
    const { shipments } = await connector.reader.shipmentsSince(undefined, AbortSignal.timeout(10_000));
    expect(new Set(shipments.map(({ orderKey }) => orderKey)).size).toBe(230);
    expect(shipments).toHaveLength(230);
  });
});

describe('the warehouse', () => {
  it('ships part of an order and the rest later, and the poll tells both', async () => {
    const house = new House();
    const { sim } = house;
    const { reader } = house.connector();
    await house.execute(order('1'));
    expect(sim.ordersToShip()).toEqual(['shopify-main-1']);
    const [first] = sim.ship('shopify-main-1', { now: house.now, partial: { 'TSHIRT-M': 1, 'MUG-BLUE': 0 } });
    expect(sim.ordersToShip(), 'the rest waits').toEqual(['shopify-main-1']);
    house.now += HOUR;
    const [second] = sim.ship('shopify-main-1', { now: house.now, trackingNumber: '1Z1' });
    expect(sim.ordersToShip()).toEqual([]);
    const { shipments, cursor } = await reader.shipmentsSince(undefined, AbortSignal.timeout(10_000));
    expect(shipments).toEqual([
      {
        shipmentId: first,
        orderKey: 'ORDER#shopify#main#1',
        shippedAt: '2026-11-25T09:00:00.000Z',
        lines: [{ lineId: 'L1', sku: 'TSHIRT-M', quantity: 1 }],
      },
      {
        shipmentId: second,
        orderKey: 'ORDER#shopify#main#1',
        shippedAt: '2026-11-25T10:00:00.000Z',
        trackingNumber: '1Z1',
        lines: [
          { lineId: 'L1', sku: 'TSHIRT-M', quantity: 1 },
          { lineId: 'L2', sku: 'MUG-BLUE', quantity: 1 },
        ],
      },
    ]);
    const later = await reader.shipmentsSince(cursor, AbortSignal.timeout(10_000));
    expect(later.shipments.map(({ shipmentId }) => shipmentId)).toEqual([second]);
    expect(sim.stock('TSHIRT-M', 'STO')).toBe(998);
  });

  it('ships what is left on the shelves after others have been shipped', async () => {
    const house = new House();
    for (const [id, quantity] of [
      ['1', 600],
      ['2', 400],
    ] as const) {
      const line = { lineId: 'L1', sku: 'MUG-BLUE', quantity, net: quantity, taxes: [] };
      await house.execute(order(id, { lines: [line], total: quantity }));
      expect(house.sim.ship(`shopify-main-${id}`, { now: house.now })).toHaveLength(1);
    }
    expect(house.sim.stock('MUG-BLUE', 'STO')).toBe(0);
  });

  it('ships nothing when nothing is to go', async () => {
    const house = new House();
    await house.execute(order('1'));
    const nothing = { now: house.now, partial: { 'TSHIRT-M': 0, 'MUG-BLUE': 0 } };
    expect(house.sim.ship('shopify-main-1', nothing)).toEqual([]);
    expect(house.sim.shipments()).toMatchObject([{ state: 'waiting' }]);
  });

  it('ships although what is to follow can not be made: that fails alone, and stands in the log', async () => {
    const house = new House();
    await house.execute(order('1'));
    const { result } = house.rpc('party.party.search_read', [['code', '=', 'MKT']], 0, null, null, []);
    const [party] = result as [{ id: number }];
    house.rpc('party.party.write', [party.id], { customer_location: null });
    const some = { now: house.now, partial: { 'TSHIRT-M': 1, 'MUG-BLUE': 0 } };
    expect(house.sim.ship('shopify-main-1', some)).toHaveLength(1);
    expect(house.sim.errors()).toEqual([expect.stringContaining('customer location')]);
    expect(house.sim.sales()).toMatchObject([{ invoices: 0, shipments: 1 }]);
    expect(house.sim.stock('TSHIRT-M', 'STO')).toBe(999);
  });

  it('ships nothing that is not on the shelves', async () => {
    const house = new House();
    const line = { lineId: 'L1', sku: 'MUG-BLUE', quantity: 1001, net: 1001, taxes: [] };
    await house.execute(order('1', { lines: [line], total: 1001 }));
    expect(house.sim.ship('shopify-main-1', { now: house.now })).toEqual([]);
    expect(house.sim.ordersToShip()).toEqual(['shopify-main-1']);
    expect(house.sim.stock('MUG-BLUE', 'STO')).toBe(1000);
  });
});

describe('warnings', () => {
  it('ask whether other units are put away than were received; a yes is good for once', async () => {
    const house = new House();
    await returned(house, '1');
    await returned(house, '2');
    for (const shipment of [1, 2]) {
      const { result } = house.rpc('stock.shipment.out.return.read', [shipment], ['inventory_moves']);
      const [{ inventory_moves: moves }] = result as [{ inventory_moves: number[] }];
      house.rpc('stock.move.write', moves, { quantity: 2 });
    }
    const done = () => house.rpc('stock.shipment.out.return.done', [1]);
    const { error } = done() as { error: [string, [string, string, string]] };
    expect(error).toEqual([
      'UserWarning',
      [expect.stringMatching(/^[0-9a-f]{32}\.check_quantity_product$/), expect.any(String), ''],
    ]);
    house.rpc('res.user.warning.create', [{ user: 2, name: error[1][0], always: false }]);
    expect(done()).toEqual({ result: null });
    expect(house.sim.receipts()[0]).toMatchObject({ state: 'done' });
    expect(house.rpc('res.user.warning.search_read', [], 0, null, null, [])).toEqual({ result: [] });
  });

  it('ask whether an invoice is of a day to come, as when the clocks of ERP and connector part', async () => {
    const house = new House();
    const { memo } = await returned(house);
    const tomorrow = { ...house.within(), now: new Date(house.now + 24 * HOUR).toISOString() };
    const careful = house.connector().executor;
    expect(await careful.execute(memo, tomorrow)).toMatchObject(rejected('ERP_WARNING'));
    const bold = house.connector({ acknowledgeWarnings: ['invoice_date_future'] }).executor;
    expect(await bold.execute(memo, tomorrow)).toMatchObject({ kind: 'applied' });
  });
});
