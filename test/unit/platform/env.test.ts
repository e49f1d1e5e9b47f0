import { afterEach, describe, expect, it, vi } from 'vitest';

const ACCOUNTS = [
  { connector: 'tryton', account: 'main', secretName: 'crossdock/dev/tryton/main', settings: { url: 'x' } },
];

/** The environment is read once; each test reads it anew. */
async function environment(values: Record<string, string>) {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  vi.resetModules();
  return import('#platform/env.ts');
}

describe('the environment', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('says which name is missing', async () => {
    const { requiredEnv } = await environment({ STATE_TABLE_NAME: '' });
    expect(() => requiredEnv('STATE_TABLE_NAME')).toThrow('STATE_TABLE_NAME is not set');
  });

  it('finds the account of a partner', async () => {
    const { accountOf, findAccount } = await environment({ CROSSDOCK_ACCOUNTS: JSON.stringify(ACCOUNTS) });
    expect(accountOf({ connector: 'tryton', account: 'main' })).toEqual(ACCOUNTS[0]);
    expect(findAccount('tryton', 'other')).toBeUndefined();
    expect(() => accountOf({ connector: 'tryton', account: 'other' })).toThrow('no account "other" of tryton');
  });

  it.each([
    ['no JSON', '{', "CROSSDOCK_ACCOUNTS can't be used"],
    ['no list', '{}', 'it must be a list'],
    ['without a secret', '[{"connector":"a","account":"b"}]', '[0].secretName must be a text'],
  ])('refuses accounts that are %s', async (_what, text, message) => {
    const { partnerAccounts } = await environment({ CROSSDOCK_ACCOUNTS: text });
    expect(() => partnerAccounts()).toThrow(message);
  });

  it('refuses a queue that is no URL', async () => {
    const { operationQueueUrls } = await environment({ OPERATION_QUEUE_URLS: '{"tryton":"nowhere"}' });
    expect(() => operationQueueUrls()).toThrow('the queue of tryton is "nowhere"');
  });

  it('keeps what was made, and tries again what failed', async () => {
    const { once } = await environment({});
    let calls = 0;
    const second = once(() => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return calls;
    });
    expect(second).toThrow('not yet');
    expect([second(), second()]).toEqual([2, 2]);
  });
});
