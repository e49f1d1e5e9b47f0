import { describe, expect, it } from 'vitest';
import { accountFor, locationFor, parseSettings, productForFee } from '#connectors/erps/tryton/settings.ts';

const GIVEN = {
  url: 'https://erp.example.test',
  database: 'live',
  user: 'crossdock',
  shop: 'Marketplace',
  party: 'MKT',
  warehouse: 'WH',
  storage: 'STO',
  quarantine: 'QUA',
  taxes: [{ rate: '0.10', name: 'Sales tax 10%' }],
  products: { shipping: 'SHIPPING' },
};

describe("the account's settings", () => {
  it('need no more than what has no sensible default', () => {
    expect(parseSettings(GIVEN)).toMatchObject({
      taxes: [{ rate: '0.1', name: 'Sales tax 10%' }],
      maintenance: [],
      acknowledgeWarnings: [],
      limits: { concurrency: 4 },
    });
  });

  it.each([
    ['a password over http', { url: 'http://erp.example.test' }, 'url'],
    ['no url', { url: 'erp' }, 'url'],
    ['a rate in percent', { taxes: [{ rate: '10', name: 'x' }] }, 'rate'],
    ['a float rate', { taxes: [{ rate: 0.1, name: 'x' }] }, 'rate'],
    ['an unknown disposition', { dispositionLocations: { burn: 'QUA' } }, 'dispositionLocations'],
    ['a misspelt setting', { warehose: 'WH' }, 'warehose'],
    ['a time that is none', { maintenance: [{ from: '25:00', to: '03:00' }] }, 'from'],
    ['a zone that is none', { maintenance: [{ from: '02:00', to: '03:00', timeZone: 'Mars' }] }, 'timeZone'],
  ])('refuse %s and name the setting', (_name, changes, path) => {
    expect(() => parseSettings({ ...GIVEN, ...changes })).toThrow(path);
  });

  it("take an account's code for roles of the account map alone", () => {
    const accounts = (role: string) => ({ settlements: { journal: 'SETTLE', accounts: { [role]: '6100' } } });
    expect(parseSettings({ ...GIVEN, ...accounts('fee/commission') }).settlements?.accounts).toEqual({
      'fee/commission': '6100',
    });
    for (const role of ['fees', 'feeble', 'commission', '/fee', '']) {
      expect(() => parseSettings({ ...GIVEN, ...accounts(role) }), role).toThrow(/settlements/);
    }
  });

  it('find the account of a role, then that of the wider one', () => {
    const accounts = { fee: '6100', 'fee/fulfilment': '6110', 'fee/fulfilment/air': '6111' };
    expect(accountFor(accounts, 'fee')).toBe('6100');
    expect(accountFor(accounts, 'fee/commission')).toBe('6100');
    expect(accountFor(accounts, 'fee/fulfilment')).toBe('6110');
    expect(accountFor(accounts, 'fee/fulfilment/sea')).toBe('6110');
    expect(accountFor(accounts, 'fee/fulfilment/air')).toBe('6111');
    expect(accountFor(accounts, 'advertising')).toBeUndefined();
    expect(accountFor(accounts, 'constructor/x')).toBeUndefined();
  });

  it('take http for a server on this machine', () => {
    expect(parseSettings({ ...GIVEN, url: 'http://127.0.0.1:8000' }).url).toBe('http://127.0.0.1:8000');
  });

  it('send what is not named to quarantine, and only restocked units to sellable stock', () => {
    const settings = parseSettings({ ...GIVEN, dispositionLocations: { dispose: 'BIN' } });
    expect(locationFor(settings, 'restock')).toBe('STO');
    expect(locationFor(settings, 'refurbish')).toBe('QUA');
    expect(locationFor(settings, 'dispose')).toBe('BIN');
  });

  it('find the product of a fee by its kind, then the one for all', () => {
    const settings = parseSettings({ ...GIVEN, products: { shipping: 'S', fee: 'FEE', fees: { tip: 'TIP' } } });
    expect(productForFee(settings, 'tip')).toBe('TIP');
    expect(productForFee(settings, 'duty')).toBe('FEE');
    expect(productForFee(settings, 'constructor')).toBe('FEE');
    expect(productForFee(parseSettings(GIVEN), 'tip')).toBeUndefined();
  });
});
