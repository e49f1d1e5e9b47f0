import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTryton, type Tryton } from '../../bin/local/erp/tryton.ts';
import { listeners, listenersBeyondLoopback } from './support/listeners.ts';
import { loginTo } from './support/tryton-client.ts';

const decimal = (value: string) => ({ __class__: 'Decimal', decimal: value });
const today = () => {
  const now = new Date();
  return { __class__: 'date', year: now.getUTCFullYear(), month: now.getUTCMonth() + 1, day: now.getUTCDate() };
};

describe.each(['sqlite', 'postgresql'] as const)('Tryton on %s', (database) => {
  let tryton: Tryton;
  beforeAll(async () => {
    tryton = await openTryton({ database });
    await tryton.start();
  });
  afterAll(() => tryton?.close());

  const connector = () => loginTo(tryton, tryton.user, tryton.password);
  const administrator = () => loginTo(tryton, 'admin', tryton.adminPassword);

  const orderOf = (webId: string) => {
    const { ids } = tryton;
    const line = {
      type: 'line',
      product: ids.products['TSHIRT-M'],
      quantity: 2,
      unit: ids.unit,
      unit_price: decimal('12.34'),
    };
    return {
      party: ids.party,
      web_shop: ids.shop,
      web_id: webId,
      company: ids.company,
      currency: ids.currency,
      warehouse: ids.locations.WH,
      payment_term: ids.paymentTerm,
      invoice_method: 'shipment',
      shipment_method: 'order',
      invoice_address: ids.address,
      shipment_address: ids.address,
      sale_date: today(),
      lines: [['create', [{ ...line, taxes: [['add', [ids.taxes['10']]]] }]]],
    };
  };

  it('listens on the loopback address only', () => {
    expect(listeners()).toContain(new URL(tryton.url).host);
    expect(listenersBeyondLoopback()).toEqual([]);
  });

  it('lets the connector find the web shop and the articles', async () => {
    const { call } = await connector();
    const shops = await call('web.shop', 'search_read', [['name', '=', 'Marketplace']], 0, null, null, [
      'name',
      'currency',
    ]);
    expect(shops).toEqual([{ id: tryton.ids.shop, name: 'Marketplace', currency: tryton.ids.currency }]);
    const articles = await call<{ code: string; type: string }[]>(
      'product.product',
      'search_read',
      [['code', 'in', ['IPOD2008GREEN', 'SHIPPING', 'DISCOUNT', 'TAX-COLLECTED']]],
      0,
      null,
      null,
      ['code', 'type'],
    );
    expect(Object.fromEntries(articles.map(({ code, type }) => [code, type]))).toEqual({
      IPOD2008GREEN: 'goods',
      SHIPPING: 'service',
      DISCOUNT: 'service',
      'TAX-COLLECTED': 'service',
    });
  });

  it('refuses a wrong password', async () => {
    await expect(loginTo(tryton, tryton.user, 'wrong')).rejects.toThrow();
  });

  it('lets the connector sell and ship, and administer nothing', async () => {
    const { call } = await connector();
    const [sale] = await call<number[]>('sale.sale', 'create', [orderOf('shopify/main/1')]);
    await call('sale.sale', 'quote', [sale]);
    await call('sale.sale', 'confirm', [sale]);
    const [read] = await call<{ state: string; total_amount: unknown; shipments: number[] }[]>(
      'sale.sale',
      'read',
      [sale],
      ['state', 'total_amount', 'shipments'],
    );
    expect(read).toMatchObject({ state: 'processing', total_amount: decimal('27.15') });
    expect(read?.shipments).toHaveLength(1);
    for (const step of ['assign_try', 'pick', 'pack', 'done']) await call('stock.shipment.out', step, read?.shipments);
    const [shipped] = await call<{ shipment_state: string }[]>('sale.sale', 'read', [sale], ['shipment_state']);
    expect(shipped?.shipment_state).toBe('sent');

    const forbidden = /not allowed/;
    await expect(call('res.user', 'write', [1], { name: 'x' })).rejects.toThrow(forbidden);
    await expect(call('web.shop', 'write', [tryton.ids.shop], { name: 'x' })).rejects.toThrow(forbidden);
    await expect(call('stock.location', 'create', [{ name: 'x', type: 'storage' }])).rejects.toThrow(forbidden);
    await expect(call('product.template', 'write', [1], { name: 'x' })).rejects.toThrow(forbidden);
  });

  it("does not count quarantine as the warehouse's stock", async () => {
    const { WH, STO, QUA } = tryton.ids.locations;
    const admin = await administrator();
    const article = tryton.ids.products['LAMP-01'];
    const stockAt = async (location: number) => {
      const at = { locations: [location], stock_date_end: today() };
      const [row] = await admin.callWith<{ quantity: number }[]>(
        at,
        'product.product',
        'read',
        [article],
        ['quantity'],
      );
      return row?.quantity;
    };
    expect(await Promise.all([WH, STO, QUA].map(stockAt))).toEqual([1000, 1000, 0]);
    const move = { product: article, quantity: 1, unit: tryton.ids.unit, company: tryton.ids.company };
    const [id] = await admin.call<number[]>('stock.move', 'create', [
      { ...move, from_location: STO, to_location: QUA, effective_date: today() },
    ]);
    await admin.call('stock.move', 'do', [id]);
    expect(await Promise.all([WH, STO, QUA].map(stockAt))).toEqual([999, 999, 1]);
  });

  it('lands collected tax among the liabilities', async () => {
    const { call } = await administrator();
    const [account] = await call<{ type: number }[]>(
      'account.account',
      'read',
      [tryton.ids.accounts.taxCollected],
      ['type'],
    );
    const [type] = await call<{ parent: number }[]>('account.account.type', 'read', [account?.type], ['parent']);
    const [tax] = await call<{ type: number }[]>('account.account', 'read', [tryton.ids.accounts.tax], ['type']);
    expect(type?.parent).toBe(tax?.type);
  });

  it('keeps what is committed through a crash, and forgets it at a reset', async () => {
    const before = await connector();
    await before.call('sale.sale', 'create', [orderOf('shopify/main/2')]);
    await tryton.kill();
    expect(tryton.running).toBe(false);
    await tryton.start();
    const orders = async () => {
      const { call } = await connector();
      return call<number[]>('sale.sale', 'search', [['web_id', '=', 'shopify/main/2']]);
    };
    expect(await orders()).toHaveLength(1);
    await tryton.reset();
    expect(await orders()).toHaveLength(0);
  });
});
