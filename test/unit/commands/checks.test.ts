import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { CommanderError } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PoisonError, TransientError } from '#core/kernel/errors.ts';
import { ConfigurationError } from '#platform/env.ts';
import { bootstrapCheck, stackCheck } from '../../../bin/commands/checks/aws.ts';
import { allWell, checkReport, later, ok, wrong } from '../../../bin/commands/checks/check.ts';
import { checkConfiguration } from '../../../bin/commands/checks/configuration.ts';
import { nodeCheck, packagesCheck } from '../../../bin/commands/checks/machine.ts';
import { fraudKeysFault, secretFault } from '../../../bin/commands/checks/secrets.ts';
import { failureOf } from '../../../bin/commands/failure.ts';
import { CliError, fitted, fold, table } from '../../../bin/commands/report.ts';

describe('the secret of an account', () => {
  const SHOPIFY = { webhookSecrets: 'rotating', accessToken: 'required' } as const;

  it.each([
    ['as it is made', '{"unset":"kj2h3"}', 'nobody has set it yet'],
    ['with a blank of the command left', '{"webhookSecrets":["…"],"accessToken":"t"}', 'it lacks webhookSecrets'],
    ['without a part', '{"webhookSecrets":["s"]}', 'it lacks accessToken'],
    ['with an empty part', '{"webhookSecrets":[],"accessToken":" "}', 'it lacks webhookSecrets, accessToken'],
    ['that is no JSON', 's3cret', 'it is not a JSON object'],
    ['that is a list', '["s"]', 'it is not a JSON object'],
    ['with all parts', '{"webhookSecrets":["a","b"],"accessToken":"t"}', undefined],
  ])('%s', (_what, text, fault) => expect(secretFault(text, SHOPIFY)).toBe(fault));

  it('needs no optional part', () => expect(secretFault('{}', { extra: 'optional' })).toBeUndefined());
});

describe('the keys of the fraud rules', () => {
  const key = 'x'.repeat(32);
  const none = 'it names no key of 32 characters or more as its current one';

  it.each([
    ['as they are made', { current: 'k1', k1: key }, undefined],
    ['with one that replaces another', { current: 'k2', k1: key, k2: key }, undefined],
    ['without the current one', { current: 'k2', k1: key }, none],
    ['too short', { current: 'k1', k1: 'x'.repeat(31) }, none],
    ['that name what every object has', { current: 'constructor', k1: key }, none],
    ['that are none', [], 'it is not a JSON object'],
  ])('%s', (_what, secret, fault) => expect(fraudKeysFault(JSON.stringify(secret))).toBe(fault));
});

describe('what stands in AWS', () => {
  const stack = (StackStatus: string, outputs: Record<string, string> = {}): Stack => ({
    StackName: 'S',
    CreationTime: new Date(0),
    StackStatus: StackStatus as never,
    Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  });

  it('needs a bootstrap that is new enough', () => {
    expect(bootstrapCheck(undefined, '1', 'eu-west-1')).toMatchObject({
      state: 'wrong',
      fix: 'npx cdk bootstrap aws://1/eu-west-1',
    });
    expect(bootstrapCheck(stack('CREATE_COMPLETE', { BootstrapVersion: '5' }))).toMatchObject({ state: 'wrong' });
    expect(bootstrapCheck(stack('CREATE_COMPLETE', { BootstrapVersion: '30' }))).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['UPDATE_COMPLETE', 'ok'],
    ['UPDATE_IN_PROGRESS', 'later'],
    ['REVIEW_IN_PROGRESS', 'later'],
    ['UPDATE_ROLLBACK_COMPLETE', 'wrong'],
    ['ROLLBACK_COMPLETE', 'wrong'],
    ['UPDATE_ROLLBACK_FAILED', 'wrong'],
  ])('a stack that is %s is %s', (status, state) => {
    expect(stackCheck('CrossdockCore-dev', stack(status), 'dev')).toMatchObject({ state });
  });

  it('a stack that is not there is deployed later', () => {
    expect(stackCheck('CrossdockCore-dev', undefined, 'dev')).toMatchObject({
      state: 'later',
      fix: 'npx cdk deploy --all -c stage=dev',
    });
  });
});

describe('the configuration of a stage', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'crossdock-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is wrong while it holds the examples that it comes with', () => {
    const { stage, checks } = checkConfiguration('prod');
    expect(stage?.name).toBe('prod');
    expect(checks.filter(({ state }) => state === 'wrong').map(({ found }) => found)).toEqual([
      expect.stringContaining('shopDomain is still the example'),
      expect.stringContaining('url is still the example'),
    ]);
  });

  it('is fine for the local stage, whose accounts come with the run', () => {
    expect(allWell(checkConfiguration('local').checks)).toBe(true);
  });

  it('says which roles of the account map have no account, and which rules judge', () => {
    const config = path.join(folder, 'accounts.json');
    const tryton = {
      url: 'https://erp.shop.test',
      database: 'd',
      user: 'u',
      shop: 's',
      party: 'p',
      warehouse: 'w',
      storage: 's',
      quarantine: 'q',
      products: { shipping: 'S' },
      supplierClaims: { journal: 'J', account: '4', payable: '5' },
    };
    const found = (settings: object) => {
      writeFileSync(config, JSON.stringify({ accounts: { tryton: [{ account: 'main', settings }] } }));
      return checkConfiguration('dev', config).checks;
    };
    const map = { receivable: '1', deposit: '2', 'fee/commission': '3' };
    const named = 'account map of tryton/main';
    expect(found(tryton)).toContainEqual(expect.objectContaining({ name: named, state: 'later' }));
    expect(found({ ...tryton, settlements: { journal: 'J', accounts: map } })).toContainEqual(
      expect.objectContaining({
        name: named,
        state: 'later',
        found: 'no account for fee, advertising, chargeback, adjustment, reserve, marketplace-tax, in-transit',
      }),
    );
    expect(checkConfiguration('dev').checks).toEqual(
      expect.arrayContaining([
        ok(named, 'an account for each of the 9 roles'),
        ok('fraud rules', 'standard 2026-11-01 (shadow)'),
      ]),
    );
  });

  it('is wrong, in words, where the stage or the file is none', () => {
    expect(checkConfiguration('nowhere').checks).toMatchObject([
      { state: 'wrong', found: expect.stringContaining('nowhere') },
    ]);
    expect(checkConfiguration('dev', '/no/such/file').checks).toMatchObject([
      { state: 'wrong', found: expect.stringContaining('/no/such/file') },
    ]);
  });
});

describe('this machine', () => {
  it('needs Node 24 and the packages as pinned', () => {
    expect(nodeCheck('20.19.0').state).toBe('wrong');
    expect(nodeCheck('24.9.0').state).toBe('ok');
    expect(packagesCheck(process.cwd()).state).toBe('ok');
  });
});

describe('how a command ends', () => {
  it('is good only where nothing is wrong', () => {
    expect(allWell([ok('a', 'x'), later('b', 'x', 'y')])).toBe(true);
    expect(allWell([ok('a', 'x'), wrong('b', 'x', 'y')])).toBe(false);
    expect(checkReport([wrong('b', 'x', 'mend it')], 'bad', 1)).toMatchObject({
      exit: 1,
      json: { good: false },
      text: expect.stringContaining('mend it'),
    });
  });

  it.each([
    [
      'called wrongly',
      new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'\n(Did you mean --y?)"),
      2,
    ],
    ['told so by a verb', new CliError(1, 'no'), 1],
    ['refused by a rule', new PoisonError('SCHEMA_MISMATCH', 'no'), 1],
    ['without AWS', new TransientError('AWS_UNAVAILABLE', 'load: TimeoutError'), 3],
    ['without a network', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 3],
    ['without credentials', Object.assign(new Error('no'), { name: 'CredentialsProviderError' }), 3],
    ['without rights', Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' }), 3],
    ['without a region', new Error('Region is missing'), 3],
    ['on a stage of another version', new ConfigurationError('deploy again'), 3],
    ['by a bug', new TypeError('x is not a function'), 1],
  ])('%s', (_what, error, exit) => {
    const failure = failureOf(error);
    expect(failure.exit).toBe(exit);
    expect(failure.message).not.toMatch(/\n|^error:/);
  });
});

describe('a table', () => {
  it('is tab-separated in a pipe, one row a line', () => {
    expect(
      table(
        ['a', 'b'],
        [
          ['1', 'two\nlines'],
          [undefined, 3],
        ],
        {},
      ),
    ).toBe('a\tb\n1\ttwo lines\n\t3');
  });

  it('keeps to the width of a terminal, the widest columns giving way', () => {
    expect(fitted([5, 300, 70], 100)).toEqual([5, 42, 43]);
    expect(fitted([5, 5], 100)).toEqual([5, 5]);
    const drawn = table(['a', 'b'], [['x'.repeat(50), 'word '.repeat(60)]], { isTTY: true, columns: 80 });
    expect(Math.max(...drawn.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('breaks between words, after marks in names, and loses nothing', () => {
    expect(fold('seller total 598.94 USD', 14)).toBe('seller total\n598.94 USD');
    expect(fold('erp/sales-order/shopify/main/5001', 16)).toBe('erp/sales-order/\nshopify/main/\n5001');
    expect(fold('abcdefghij', 4)).toBe('abcd\nefgh\nij');
    expect(fold('', 4)).toBe('');
    expect(fold('one two\nthree', 20)).toBe('one two\nthree');
  });
});
