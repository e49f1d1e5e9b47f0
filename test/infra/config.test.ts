import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { accountsJson, setSecretCommand } from '../../lib/config/accounts.ts';
import { ConfigurationError, loadStage, parseStage } from '../../lib/config/load.ts';
import type { Stage } from '../../lib/config/stage.ts';
import { CONTEXT } from './support/synth.ts';

const folder = mkdtempSync(join(tmpdir(), 'crossdock-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (context: Record<string, unknown>): Stage =>
  loadStage({ tryGetContext: (key: string) => ({ ...CONTEXT, ...context })[key] });

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** The text that a person sees. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

const dev = () => structuredClone((CONTEXT.stages as Record<string, Stage>).dev) as Stage;
const parsed =
  (changes: object, name = 'dev') =>
  () =>
    parseStage({ ...dev(), ...changes, name }, 'a test');

describe('choosing a stage', () => {
  it('takes dev when none is named', () => expect(load({}).name).toBe('dev'));

  it.each(['dev', 'prod', 'local'])('%s of cdk.json can be deployed', (stage) => {
    expect(load({ stage }).name).toBe(stage);
  });

  it('says which stages there are', () => {
    const text = refusal(() => load({ stage: 'prdo' }));
    expect(text).toContain('"prdo" is not known: cdk.json has dev, prod, local');
    expect(text).toContain('-c stage=NAME');
  });

  it('keeps the data of every stage that is not local', () => {
    expect(load({}).retain).toBe(true);
    expect(load({ stage: 'prod' }).retain).toBe(true);
    expect(load({ stage: 'local' }).retain).toBe(false);
  });
});

describe('a file laid over a stage', () => {
  it('merges objects and replaces lists', () => {
    const config = file('over.json', { returns: { windowDays: 60 }, accounts: { generic: [] } });
    const stage = load({ stage: 'local', config });
    expect(stage.returns).toMatchObject({ windowDays: 60, receiptDays: 45 });
    expect(stage.accounts.generic).toEqual([]);
    expect(stage.accounts.tryton).toHaveLength(1);
  });

  it('makes a stage of its own when cdk.json has none of the name', () => {
    expect(load({ stage: 'shop-b', config: file('own.json', dev()) }).name).toBe('shop-b');
  });

  it('can not rename the stage', () => {
    expect(load({ stage: 'local', config: file('name.json', { name: 'prod' }) }).name).toBe('local');
  });

  it.each([
    ['is missing', join(folder, 'none.json'), 'can not be read. Give the path of a JSON file'],
    ['is not JSON', file('broken.json', '{'), 'is not JSON'],
    ['is not an object', file('list.json', '[]'), 'give a JSON object'],
  ])('is refused when it %s', (_what, config, why) => {
    const text = refusal(() => load({ config }));
    expect(text).toContain(config);
    expect(text).toContain(why);
  });
});

describe('a faulty stage', () => {
  it('is told of every fault at once, with its place and the source', () => {
    const returns = { ...dev().returns, windowDays: 0, autoApproveUpTo: { usd: 1 } };
    const text = refusal(parsed({ returns, logRetentionDays: 31, colour: 'red' }));
    expect(text).toContain('stage "dev" from a test can not be deployed');
    for (const place of ['returns.windowDays', 'returns.autoApproveUpTo', 'logRetentionDays', 'colour']) {
      expect(text).toContain(place);
    }
  });

  it('has every fault in the terms of settlements named by its place', () => {
    const commission = { fee: 'commission', basisPoints: 1_200, of: 'goods' };
    const fees = { 'ebay/main': [{ ...commission, of: 'all' }] };
    const text = refusal(parsed({ settlements: { detail: 'everything', timeZone: 'Mars/Olympus', fees } }));
    for (const place of ['settlements.detail', 'settlements.timeZone', 'settlements.fees["ebay/main"][0].of']) {
      expect(text).toContain(place);
    }
    const twice = { amazon: [commission], 'amazon/main': [commission, commission] };
    for (const why of ['"amazon" is none: name an account as <channel>/<account>', 'one agreement for each fee']) {
      expect(refusal(parsed({ settlements: { fees: twice } }))).toContain(why);
    }
    const settlements = { detail: 'per-order', fees: { 'amazon/main': [commission] } };
    expect(parsed({ settlements })().settlements).toEqual({ timeZone: 'UTC', ...settlements });
    expect(parsed({})().settlements).toEqual({ timeZone: 'UTC', detail: 'summary', fees: {} });
  });

  it('has every fault in how returns are settled named by its place', () => {
    const duty = {
      id: 'refund',
      within: { businessDays: 2 },
      calendar: { timeZone: 'Mars/Olympus' },
      warnHours: 12,
      source: 'the marketplace',
    };
    const settlement = {
      approvalDays: 0,
      instantRefund: { when: 'sometime', upTo: {} },
      periods: { timeZone: 'UTC', closed: [{ from: '2026-12-02', to: '2026-12-01' }] },
      duties: { amazon: [duty] },
    };
    const text = refusal(parsed({ returns: { ...dev().returns, settlement } }));
    for (const place of ['approvalDays', 'instantRefund.when', 'periods.closed[0]', 'calendar.timeZone']) {
      expect(text).toContain(place);
    }
    const good = { ...duty, calendar: { timeZone: 'America/Los_Angeles' } };
    const returns = { ...dev().returns, settlement: { partialDays: 3, duties: { amazon: [good] } } };
    expect(parsed({ returns })()).toMatchObject({ returns: { settlement: { partialDays: 3, approvalDays: 7 } } });
  });

  it('takes amounts in whole minor units only', () => {
    const returns = { ...dev().returns, autoApproveUpTo: { USD: 250.5 } };
    expect(refusal(parsed({ returns }))).toContain('returns.autoApproveUpTo.USD');
  });

  it('may not hold fault points or plain HTTP outside local', () => {
    expect(refusal(parsed({ faults: true }))).toContain('use the stage "local"');
    expect(refusal(parsed({ requireTls: false }))).toContain('an AWS account is reached by TLS only');
    expect(parsed({ faults: true, requireTls: false }, 'local')()).toMatchObject({ faults: true, requireTls: false });
  });

  it.each(['heartbeatSeconds', 'outsideHeartbeatSeconds'])(
    'leaves the sweep, which runs by the minute, time for two looks: %s',
    (name) => {
      expect(refusal(parsed({ workflow: { [name]: 299 } }))).toContain(`workflow.${name}`);
      expect(parsed({ workflow: { [name]: 300 } })().workflow).toMatchObject({ [name]: 300 });
    },
  );

  it('may not name an account twice', () => {
    const { accounts } = dev();
    const twice = { ...accounts, shopify: [...accounts.shopify, ...accounts.shopify] };
    expect(refusal(parsed({ accounts: twice }))).toContain('"main" is given twice');
  });

  it('must book orders at an account that it has', () => {
    const text = refusal(parsed({ routing: { erp: { default: 'tryton/eu', 'shopify/uk': 'tryton/main' } } }));
    expect(text).toContain('"tryton/eu" is no ERP account of this stage: use one of tryton/main');
    expect(text).toContain('"shopify/uk" is no channel account of this stage');
  });

  it('is refused for settings that the connector can not use, by account and setting', () => {
    const { accounts } = dev();
    const tryton = accounts.tryton.map((one) => ({
      ...one,
      settings: { ...one.settings, url: 'http://erp.example.com' },
    }));
    const text = refusal(parsed({ accounts: { ...accounts, tryton } }));
    expect(text).toContain('accounts.tryton, account "main"');
    expect(text).toContain('use https');
    const generic = [{ account: 'main', settings: { secret: 'hush' } }];
    expect(refusal(parsed({ accounts: { ...accounts, generic } }))).toContain('Unrecognized key: "secret"');
    const shopify = [{ account: 'main', settings: { shopDomain: 'example.com', apiVersion: '2026-10' } }];
    expect(refusal(parsed({ accounts: { ...accounts, shopify } }))).toMatch(
      /accounts\.shopify, account "main".*shopDomain/s,
    );
  });
});

describe('what functions are told of accounts', () => {
  it('is settings and the name of the secret, of their connectors only', () => {
    const accounts = JSON.parse(accountsJson(load({}), ['shopify']));
    expect(accounts).toEqual([
      expect.objectContaining({ connector: 'shopify', account: 'main', secretName: 'crossdock/dev/shopify/main' }),
    ]);
  });

  it('leaves the secret to a command with a blank for every part', () => {
    expect(setSecretCommand({ ...load({}), region: 'eu-central-1' }, 'tryton', 'main')).toBe(
      `aws secretsmanager put-secret-value --secret-id crossdock/dev/tryton/main --secret-string '{"password":"…"}' --region eu-central-1`,
    );
  });
});

describe('reasons for returns', () => {
  const map = (changes: object = {}) => ({
    ...{
      source: 'generic/main',
      version: 'm-1',
      effectiveFrom: '2026-12-01T00:00:00Z',
      codes: { 'Too pink': 'quality' },
    },
    ...changes,
  });
  const reverse = { channel: 'walmart', purpose: 'refund', version: 'm-1', effectiveFrom: '2026-12-01T00:00:00Z' };
  const text = (reasons: object) => refusal(parsed({ reasons }));

  it("are the merchant's, in codes that are the same whatever their case", () => {
    const { reasons } = parsed({ reasons: { maps: [map()], reverse: [reverse] } })();
    expect(reasons.maps).toEqual([{ ...map(), layer: 'merchant', codes: { 'TOO PINK': 'quality' } }]);
    expect(reasons.reverse).toEqual([{ ...reverse, layer: 'merchant', exact: {}, nearest: {} }]);
    expect(text({ maps: [map({ codes: { PINK: 'other', Pink: 'quality' } })] })).toContain('"PINK" is given twice');
  });

  it('are canonical, and each version has a beginning of its own', () => {
    expect(text({ maps: [map({ codes: { PINK: 'pinkness' } })] })).toContain('reasons.maps[0].codes.PINK');
    const same = map({ version: 'm-2', effectiveFrom: '2026-12-01T01:00:00+01:00' });
    expect(text({ maps: [map(), same] })).toContain('two versions for generic/main from 2026-12-01T00:00:00.000Z');
    expect(text({ reverse: [reverse, { ...reverse, version: 'm-2' }] })).toContain('two versions for walmart, refund');
  });
});

describe('fraud rules', () => {
  const set = (changes: object = {}) => ({
    ...{
      name: 'standard',
      version: '1',
      effectiveFrom: '2026-11-01T00:00:00Z',
      mode: 'shadow',
      holdFrom: 50,
      reviewFrom: 80,
    },
    rules: [{ id: 'serial-mismatch', version: 1, weight: 80 }],
    ...changes,
  });
  const text = (...ruleSets: object[]) => refusal(parsed({ fraud: { ruleSets } }));

  it('are none where nothing is said', () => {
    const { fraud: _left, ...stage } = dev();
    expect(parseStage({ ...stage, name: 'dev' }, 'a test').fraud).toEqual({ ruleSets: [] });
  });

  it('are each in a set once, look back no further than is remembered, and say where they begin', () => {
    const twice = [...set().rules, ...set().rules];
    expect(text(set({ rules: twice }))).toContain('"serial-mismatch" is in the set twice');
    expect(text(set({ reviewFrom: 10 }))).toContain('10 is below holdFrom (50)');
    expect(text(set(), set({ version: '2' }))).toContain('two versions for standard from 2026-11-01T00:00:00.000Z');
    const far = { id: 'address-cluster', version: 1, weight: 1, windowDays: 401, maxBuyers: 2 };
    expect(text(set({ rules: [far] }))).toContain('400 days');
    expect(text(set({ rules: [{ id: 'gut-feeling', version: 1, weight: 1 }] }))).toContain(
      'fraud.ruleSets[0].rules[0]',
    );
  });
});

describe('supplier claims', () => {
  it('go by the months of a zone that there is', () => {
    expect(parsed({ claims: { zone: 'Europe/Berlin' } })().claims).toEqual({ zone: 'Europe/Berlin', erp: {} });
    expect(refusal(parsed({ claims: { zone: 'Mars/Olympus' } }))).toContain('IANA time zone such as "Europe/Berlin"');
  });

  it('are booked by an ERP account that knows where', () => {
    const erp = { default: 'tryton/main', acme: 'tryton/main' };
    const { accounts } = dev();
    for (const { settings } of accounts.tryton) delete settings.supplierClaims;
    expect(refusal(parsed({ claims: { erp }, accounts }))).toContain('claims.erp.acme');
    for (const { settings } of accounts.tryton) {
      settings.supplierClaims = { journal: 'EXP', account: '6400', payable: '2100' };
    }
    expect(parsed({ claims: { erp }, accounts })().claims.erp).toEqual(erp);
  });
});
