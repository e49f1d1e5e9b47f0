import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectors, MESSAGE_KINDS, type RegisteredConnector } from '#connectors/registry.ts';
import { readBytes, readHeaders, readSecrets } from '../../../bin/commands/connectors/files.ts';
import { tryMessage } from '../../../bin/commands/connectors/try.ts';
import { signAsShopify, signAsStandardWebhook } from '../../../bin/commands/send/message.ts';
import { genericSample, newId, shopifySample } from '../../../bin/commands/send/samples.ts';
import { shopifyFulfillments, shopifyOrderPlaced, shopifyRefunds } from '../../support/samples.ts';

const NOW = '2026-11-25T10:00:00.000Z';
const SECONDS = Date.parse(NOW) / 1000;

const named = (name: string): RegisteredConnector => connectors[name] as RegisteredConnector;
const attempt = (name: string, kind: (typeof MESSAGE_KINDS)[number], body: string) =>
  tryMessage(named(name), kind, named(name).topics?.[kind] ?? '', {
    headers: {},
    body: Buffer.from(body),
    receivedAt: NOW,
  });

describe('files of messages', () => {
  it('have an end, also where the file has none', () => {
    expect(() => readBytes('--file', '/dev/zero')).toThrow(/larger than 16777216 bytes/);
    expect(readBytes('--file', 'package.json').length).toBeGreaterThan(100);
  });
});

describe('trying a message', () => {
  it('shows the canonical order of a vendor’s own sample', () => {
    const tried = attempt('shopify', 'order', shopifyOrderPlaced().raw);
    expect(tried).toMatchObject({
      kind: 'commands',
      commands: [{ kind: 'order', order: { number: '#1001', total: 59894 } }],
    });
  });

  it('shows refunds and the channel’s word on fulfilments', () => {
    const [refund] = shopifyRefunds();
    expect(attempt('shopify', 'refund', refund?.raw ?? '')).toMatchObject({
      kind: expect.stringMatching(/commands|ignored/),
    });
    const [fulfillment] = shopifyFulfillments();
    expect(attempt('shopify', 'notification', fulfillment?.raw ?? '').kind).toMatch(/commands|ignored/);
  });

  it('says what is wrong and where, without quoting it', () => {
    const order = JSON.parse(genericSample('1', NOW));
    order.data.lines[0].unitPrice = 'ada@mail.example.com';
    const tried = attempt('generic', 'order', JSON.stringify(order));
    expect(tried).toMatchObject({ kind: 'refused', code: 'SCHEMA_MISMATCH', path: 'data.lines.0.unitPrice' });
    expect(JSON.stringify(tried)).not.toContain('ada@');
  });

  it('says what the rules of an order would refuse', () => {
    const order = JSON.parse(genericSample('1', NOW));
    order.data.total = '1.00';
    expect(attempt('generic', 'order', JSON.stringify(order))).toMatchObject({
      kind: 'refused',
      code: 'TOTALS_DISAGREE',
    });
  });

  it('says when a message is of another kind, or no JSON', () => {
    const sample = genericSample('1', NOW);
    expect(attempt('generic', 'return', sample)).toMatchObject({
      code: 'OTHER_KIND',
      message: expect.stringContaining('order'),
    });
    expect(attempt('generic', 'order', '{')).toMatchObject({ kind: 'refused', code: 'BODY_NOT_JSON' });
  });

  it('knows a topic for every kind that a connector takes', () => {
    for (const { topics, translator } of Object.values(connectors)) {
      expect(Object.keys(topics ?? {}).every((kind) => (MESSAGE_KINDS as readonly string[]).includes(kind))).toBe(true);
      expect(topics === undefined).toBe(translator === undefined);
    }
  });
});

describe('a message that is sent', () => {
  const verified = (
    name: string,
    { headers, body }: { headers: Readonly<Record<string, string>>; body: Uint8Array },
    secret: string,
  ) => named(name).verifier?.verify({ headers, body }, [secret], SECONDS);

  it('is authentic to Shopify’s verifier, and becomes an order that can be booked', async () => {
    const body = Buffer.from(await shopifySample(newId(NOW)));
    const given = { topic: 'orders/create', shopDomain: 'a.myshopify.com', webhookId: 'w1', body };
    const message = signAsShopify(given, 'secret', NOW);
    expect(verified('shopify', message, 'secret')).toEqual({
      authentic: true,
      deliveryId: 'orders/create:w1',
      topic: 'orders/create',
    });
    expect(verified('shopify', message, 'other')).toMatchObject({ authentic: false, code: 'SIGNATURE_MISMATCH' });
    expect(tryMessage(named('shopify'), 'order', 'orders/create', { ...message, receivedAt: NOW }).kind).toBe(
      'commands',
    );
  });

  it('is authentic by Standard Webhooks, and becomes an order that can be booked', () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const message = signAsStandardWebhook({ webhookId: 'w1', body: Buffer.from(genericSample('1', NOW)) }, secret, NOW);
    expect(verified('generic', message, secret)).toMatchObject({ authentic: true, deliveryId: 'w1' });
    expect(attempt('generic', 'order', genericSample('1', NOW)).kind).toBe('commands');
  });

  it('has an id of fifteen digits that grows with time', () => {
    expect(newId(NOW)).toMatch(/^\d{15}$/);
    expect(newId(NOW) < newId('2026-11-25T10:00:00.001Z')).toBe(true);
  });
});

describe('what people save of a message', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'crossdock-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const saved = (content: string): string => {
    const file = path.join(folder, String(Math.random()));
    writeFileSync(file, content);
    return file;
  };

  it.each([
    ['JSON', '{"X-Shopify-Topic": "orders/create", "Webhook-Id": "1:2"}'],
    ['lines', 'X-Shopify-Topic: orders/create\r\n\r\nWebhook-Id:1:2\n'],
  ])('may be headers as %s', (_form, content) => {
    expect(readHeaders(saved(content))).toEqual({ 'x-shopify-topic': 'orders/create', 'webhook-id': '1:2' });
  });

  it.each([
    ['one secret', 'abc\n', ['abc']],
    ['one secret a line', 'abc\ndef\n', ['abc', 'def']],
    ["the account's secret", '{"webhookSecrets": ["abc", "def"], "accessToken": "t"}', ['abc', 'def']],
  ])('may be %s', (_form, content, secrets) => expect(readSecrets(saved(content))).toEqual(secrets));

  it('is refused with what it should be, and without a word of it', () => {
    expect(() => readHeaders(saved('my-secret-line'))).toThrow(/Name: value/);
    expect(() => readHeaders(saved('my-secret-line'))).not.toThrow(/my-secret-line/);
    expect(() => readHeaders(saved('{"a": 1}'))).toThrow(/JSON object of texts/);
    expect(() => readSecrets(saved('{"webhookSecrets": []}'))).toThrow(/holds no secret/);
    expect(() => readSecrets(path.join(folder, 'none'))).toThrow(/can't be read/);
  });
});
