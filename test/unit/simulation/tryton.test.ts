import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Operation, Outcome } from '#core/operations/operation.ts';
import {
  applied,
  booking,
  creditMemo,
  itemReceipt,
  salesOrder,
  stockMove,
  tenPercent,
} from '../../integration/tryton/support/operations.ts';
import { House } from './tryton-support.ts';

afterEach(() => vi.unstubAllGlobals());

const PLACED = '2026-11-25T08:59:00.000Z';
const HOUR = 3_600_000;
const OF_ORDER = [{ lineId: 'L1', sku: 'TSHIRT-M', quantity: 1, net: 1234, taxes: [tenPercent(123)] }];

const order = (id: string, changes = {}): Operation => salesOrder(booking({ placedAt: PLACED, ...changes }), id);

const receipt = (of: Operation, booked: Outcome, returnId: string): Operation =>
  itemReceipt(of, booked, { lines: OF_ORDER, total: 1357, receivedAt: PLACED }, returnId);

const rejected = (code: string) => ({ kind: 'rejected', reason: { code } });

/** An order of 36.50, shipped, with one of its two t-shirts back in the house. */
async function returned(house: House, id = '5001') {
  const booked = await house.execute(order(id));
  house.sim.ship(`shopify-main-${id}`, { now: house.now });
  const back = receipt(order(id), booked, `R${id}`);
  const { ref } = applied(await house.execute(back));
  return { back, ref, memo: creditMemo(back, ref, 1357) };
}

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
    const commands = [
      ['create', [{ product: 1, unit: 1, quantity: 1, unit_price: { decimal: '1' } }]],
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

  it('find the shipments of one moment page by page', async () => {
    const house = new House();
    const connector = house.connector();
    for (let nth = 1; nth <= 230; nth++) await house.execute(order(`${nth}`), connector);
    for (const webId of house.sim.ordersToShip()) house.sim.ship(webId, { now: house.now });
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

  it('ships nothing that is not on the shelves', async () => {
    const house = new House();
    const line = { lineId: 'L1', sku: 'MUG-BLUE', quantity: 1001, net: 1001, taxes: [] };
    await house.execute(order('1', { lines: [line], total: 1001 }));
    expect(house.sim.ship('shopify-main-1', { now: house.now })).toEqual([]);
    expect(house.sim.ordersToShip()).toEqual(['shopify-main-1']);
    expect(house.sim.stock('MUG-BLUE', 'STO')).toBe(1000);
  });
});

describe('troubles', () => {
  it('sessions end: the connector logs in again and goes on', async () => {
    const house = new House();
    house.sim.switches.sessionLifetimeMs = HOUR;
    const connector = house.connector();
    await house.execute(order('1'), connector);
    house.now += HOUR;
    expect(await house.execute(order('2'), connector)).toMatchObject({ kind: 'applied' });
    expect(house.seen.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(house.seen.filter(({ method }) => method === 'common.db.login')).toHaveLength(2);
    house.sim.endSessions();
    expect(await house.execute(order('3'), connector)).toMatchObject({ kind: 'applied' });
  });

  it('a bad password is 401 six times, then 429 for a while', () => {
    const { sim, now } = new House();
    const login = (password: string, at = now) =>
      sim.handle({
        method: 'POST',
        url: 'https://erp.example/crossdock/',
        headers: {},
        body: JSON.stringify({ id: 1, method: 'common.db.login', params: ['crossdock', { password }] }),
        now: at,
      }).status;
    expect([1, 2, 3, 4, 5, 6, 7].map(() => login('wrong'))).toEqual([401, 401, 401, 401, 401, 401, 429]);
    expect(login('secret')).toBe(429);
    expect(login('secret', now + 5 * 60_000)).toBe(200);
  });

  it('a closed period refuses the credit memo and leaves it a draft, until it is reopened', async () => {
    const house = new House();
    const { memo } = await returned(house);
    house.sim.switches.closedPeriod = '2026-11';
    expect(await house.execute(memo)).toMatchObject(rejected('PERIOD_CLOSED'));
    expect(house.sim.creditNotes()).toMatchObject([{ state: 'draft', number: null }]);
    expect(house.sim.moves()).toEqual([]);
    house.sim.switches.closedPeriod = undefined;
    expect(await house.execute(memo)).toMatchObject({ kind: 'applied', facts: { number: '1' } });
  });

  it('numbers follow the days: an earlier credit memo is refused after a later one', async () => {
    const house = new House();
    const [first, second] = [await returned(house, '1'), await returned(house, '2')];
    const date = { __class__: 'date', year: 2026, month: 11, day: 24 };
    const { id } = house.sim.creditNotes()[0] as { id: number };
    house.rpc('account.invoice.write', [id], { invoice_date: date });
    expect(await house.execute(second.memo)).toMatchObject({ kind: 'applied' });
    expect(await house.execute(first.memo)).toMatchObject(rejected('INVOICE_DATE_TOO_EARLY'));
  });

  it('maintenance is 503 for everything, and nothing happens', async () => {
    const house = new House();
    house.sim.switches.maintenance = true;
    expect(await house.execute(order('1'))).toMatchObject({ kind: 'unavailable' });
    house.sim.switches.maintenance = false;
    expect(house.sim.sales()).toEqual([]);
  });

  it('an unforeseen error comes with HTTP 200 and undoes its call', async () => {
    const house = new House();
    house.sim.switches.errorInside200 = {
      message: 'list index out of range',
      only: new Set(['model.sale.sale.confirm']),
    };
    expect(await house.execute(order('1'))).toMatchObject(rejected('ERP_DEFECT'));
    expect(house.sim.sales()).toMatchObject([{ state: 'quotation', shipments: 0 }]);
    expect(house.seen.every(({ status }) => status === 200)).toBe(true);
  });

  it.each([
    ['concurrency', 'throttled', 'absent'],
    ['locked', 'unknown', 'absent'],
  ] as const)('busy (%s): %s, and %s afterwards', async (busy, outcome, probe) => {
    const house = new House();
    house.sim.switches.busy = busy;
    expect(await house.execute(order('1'))).toMatchObject({ kind: outcome });
    house.sim.switches.busy = undefined;
    expect(await house.probe(order('1'))).toMatchObject({ kind: probe });
  });

  it('busy (committed): the last change is done though its answer says otherwise', async () => {
    const house = new House();
    const { memo } = await returned(house);
    const { id } = house.sim.creditNotes()[0] as { id: number };
    house.rpc('account.invoice.write', [id], { invoice_date: { __class__: 'date', year: 2026, month: 11, day: 25 } });
    house.sim.switches.busy = 'committed';
    expect(await house.execute(memo)).toMatchObject({ kind: 'unknown' });
    house.sim.switches.busy = undefined;
    expect(await house.probe(memo)).toMatchObject({ kind: 'found' });
  });

  it('a lagging search does not see a young sale by its key', async () => {
    const house = new House();
    await house.execute(order('1'));
    house.sim.switches.readLagMs = 5000;
    expect(await house.probe(order('1'))).toEqual({ kind: 'absent' });
    house.now += 5000;
    expect(await house.probe(order('1'))).toMatchObject({ kind: 'found' });
  });

  it('without a queue worker a confirmed sale waits, and the connector processes it', async () => {
    const house = new House();
    house.sim.switches.lazyProcessing = true;
    expect(await house.execute(order('1'))).toMatchObject({ kind: 'applied' });
    expect(house.seen.map(({ method }) => method)).toContain('model.sale.sale.process');
  });
});

describe('the sins of SQLite', () => {
  const raced = async (wait: number, changes = {}) => {
    const house = new House({ sinful: { raceMs: 1000 } });
    await house.execute(order('1', changes));
    house.now += wait;
    house.rpc('sale.sale.confirm', [1]);
    return house;
  };

  it('a confirmation that races another one makes a further shipment, which is not believed', async () => {
    const house = await raced(999);
    expect(house.sim.shipments()).toHaveLength(2);
    expect(await house.execute(order('1'))).toMatchObject(rejected('DUPLICATE_SHIPMENTS'));
  });

  it('or a further invoice, where the sale is invoiced at once', async () => {
    const withShipping = { shipping: { net: 500, taxes: [] }, total: 4150 };
    const house = await raced(999, withShipping);
    expect(house.sim.shipments()).toHaveLength(1);
    expect(await house.execute(order('1', withShipping))).toMatchObject(rejected('DUPLICATE_INVOICES'));
  });

  it('and one that comes later makes nothing', async () => {
    const house = await raced(1000);
    expect(house.sim.shipments()).toHaveLength(1);
    expect(await house.execute(order('1'))).toMatchObject({ kind: 'applied' });
  });

  it.each([
    [{ raceMs: 0 }, 'posted'],
    [undefined, 'draft'],
  ])('an unbalanced entry is, with %j, %s', (sinful, state) => {
    const house = new House({ ...(sinful && { sinful }) });
    const side = (debit: string, credit: string) => ({
      account: 1,
      debit: { __class__: 'Decimal', decimal: debit },
      credit: { __class__: 'Decimal', decimal: credit },
    });
    const lines = [['create', [side('22.92', '0'), side('0', '20.00')]]];
    const date = { __class__: 'date', year: 2026, month: 11, day: 25 };
    house.rpc('account.move.create', [{ company: 1, journal: 1, period: 83, date, lines }]);
    house.rpc('account.move.post', [1]);
    expect(house.sim.moves()).toEqual([{ id: 1, state, debit: 2292, credit: 2000 }]);
  });
});
