import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR, House, order, rejected, returned } from './tryton-support.ts';

afterEach(() => vi.unstubAllGlobals());

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
    expect(house.sim.moves()).toMatchObject([{ id: 1, description: null, state, debit: 2292, credit: 2000 }]);
  });
});
