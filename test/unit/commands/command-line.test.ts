import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crossdock } from '../../../bin/commands/crossdock.ts';
import { shopifyHmacVectors, standardWebhooks } from '../../support/samples.ts';

const SCRIPT = path.resolve('bin/crossdock.mjs');
const SAMPLE = path.resolve('test/fixtures/vendor/shopify/order-placed.json');

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** The real command line, without AWS: nothing of the caller's is passed on. */
function run(...args: string[]): Promise<Ended> {
  const { PATH, HOME, CROSSDOCK_CACHE } = process.env;
  const env = { PATH, HOME, CROSSDOCK_CACHE, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [SCRIPT, ...args],
      { env: { ...env, AWS_SHARED_CREDENTIALS_FILE: '/dev/null' } },
      (error, out, err) => {
        resolve({ code: error ? Number((error as { code?: unknown }).code) : 0, out, err });
      },
    );
  });
}

// Each starts processes, all at the same time: on a busy machine one waits for the others.
describe.concurrent('the command line', { timeout: 180_000 }, () => {
  it('says what there is when it is told nothing', async () => {
    for (const args of [[], ['dlq'], ['--help']]) {
      const { code, out } = await run(...args);
      expect(code).toBe(0);
      expect(out).toContain('Usage: crossdock');
    }
  });

  it.each([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['dlq', 'lst'], /unknown command 'lst'.*list/],
    [['orders', 'list', '--limt', '3'], /unknown option '--limt'.*--limit/],
    [['orders', 'list', '--limit', 'many'], /'many' is invalid.*whole number/],
    [['orders', 'list', '--status', 'lost'], /'lost' is invalid.*captured/],
    [['claims', 'show', 'acme', '2026-13'], /'2026-13' is invalid.*month/],
    [['explain'], /missing required argument 'id'/],
    [['send', 'tryton'], /'tryton' is invalid.*shopify, generic/],
    [['connectors', 'try', 'shopify', '--file', SAMPLE], /--kind/],
    [['connectors', 'try', 'shopify', '--kind', 'return', '--file', SAMPLE], /takes order, refund, notification/],
    [['connectors', 'try', 'shopify', '--kind', 'order', '--file', '/no/such'], /can't be read/],
  ])('is called wrongly by %j: one line, and 2', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('tells errors as JSON where JSON is asked for', async () => {
    const { code, out, err } = await run('orders', 'list', '--json', '--limit', '0');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toEqual({
      error: { code: 'CALLED_WRONGLY', message: expect.stringContaining("'0' is invalid") },
    });
  });

  it('ends with 3 where AWS can not be asked', async () => {
    const { code, err } = await run('orders', 'list', '--stage', 'prod');
    expect(code).toBe(3);
    expect(err).toMatch(/no AWS region/);
    expect((await run('deploy-check', '--stage', 'prod')).code).toBe(3);
  });

  it('lists connectors, and shows one', async () => {
    const list = await run('connectors', 'list', '--json');
    expect(JSON.parse(list.out).map(({ id }: { id: string }) => id)).toEqual(['shopify', 'generic', 'tryton']);
    expect((await run('connectors', 'show', 'shopify')).out).toContain('channel/refund');
    expect((await run('connectors', 'show', 'nobody')).code).toBe(1);
  });

  it('says what this machine lacks', async () => {
    const { out } = await run('doctor', '--json');
    const { checks } = JSON.parse(out) as { checks: { name: string; state: string }[] };
    expect(checks).toContainEqual(expect.objectContaining({ name: 'Node', state: 'ok' }));
    expect(checks).toContainEqual(expect.objectContaining({ name: 'AWS credentials', state: 'later' }));
    expect((await run('doctor', '--for', 'deploy')).code).toBe(1);
  });
});

describe('connectors try and verify', { timeout: 60_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'crossdock-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };

  it('print the canonical order, the same for the same message and time', async () => {
    const args = ['connectors', 'try', 'shopify', '--kind', 'order', '--file', SAMPLE, '--now', '2026-11-25T10:00:00Z'];
    const [text, json] = await Promise.all([run(...args), run(...args, '--json')]);
    expect(text.code).toBe(0);
    expect(text.out).toBe(json.out);
    expect(JSON.parse(json.out)).toMatchObject({
      commands: [{ order: { total: 59894, version: { triggeredAt: 1795600800000 } } }],
    });
  });

  it('say what is wrong and where, and end with 1', async () => {
    const body = file(
      'broken.json',
      '{"type":"return.received","timestamp":"2026-11-25T10:00:00Z","data":{"returnId":"R 1"}}',
    );
    const args = ['connectors', 'try', 'generic', '--kind', 'return', '--file', body];
    const [text, json] = await Promise.all([run(...args), run(...args, '--json')]);
    expect([text.code, json.code]).toEqual([1, 1]);
    expect(text.out).toMatch(/^SCHEMA_MISMATCH: return.received at "data.returnId": /);
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'SCHEMA_MISMATCH', path: 'data.returnId' } });
  });

  it("judge the vendors' own signatures", async () => {
    const { official } = standardWebhooks();
    const headers = file(
      'headers.txt',
      `Webhook-Id: ${official.id}\nWebhook-Timestamp: ${official.timestamp}\nWebhook-Signature: ${official.signature}\n`,
    );
    const message = [
      '--headers',
      headers,
      '--body',
      file('body', official.body),
      '--secret-file',
      file('secret', official.secret),
    ];
    const at = (now: number) => run('connectors', 'verify', 'generic', ...message, '--now', String(now), '--json');
    expect(await at(official.timestamp)).toMatchObject({ code: 0, out: expect.stringContaining('"authentic": true') });
    expect(await at(official.timestamp + 301)).toMatchObject({
      code: 1,
      out: expect.stringContaining('TIMESTAMP_TOO_OLD'),
    });

    for (const { valid, secret, rawBody, header } of shopifyHmacVectors().slice(0, 2)) {
      const given = file(
        'shopify.json',
        JSON.stringify({ 'X-Shopify-Hmac-Sha256': header, 'X-Shopify-Topic': 'orders/create' }),
      );
      const args = ['--headers', given, '--body', file('raw', rawBody), '--secret-file', file('hmac', secret)];
      expect((await run('connectors', 'verify', 'shopify', ...args)).code).toBe(valid ? 0 : 1);
    }
  });
});

describe('every verb', () => {
  const verbs = (command = crossdock(), name = ''): [string, typeof command][] =>
    command.commands.flatMap((one) => {
      const full = `${name} ${one.name()}`.trim();
      return one.commands.length > 0 ? verbs(one, full) : [[full, one] as [string, typeof command]];
    });

  it.each(verbs())('%s takes --json and --stage, and shows examples', (name, command) => {
    expect(command.options.map(({ long }) => long)).toEqual(expect.arrayContaining(['--json', '--stage']));
    expect(command.description()).not.toBe('');
    const help: string[] = [];
    command.configureOutput({ writeOut: (text) => help.push(text) }).outputHelp();
    expect(help.join('')).toContain(`crossdock ${name}`);
  });

  it.each(verbs().filter(([, { options }]) => options.some(({ long }) => long === '--apply')))(
    '%s is a dry run until --apply',
    (_name, command) => expect(command.opts().apply).toBeUndefined(),
  );
});
