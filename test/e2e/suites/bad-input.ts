import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../../../bin/local/demo/wait-for.ts';
import type { Town } from '../support/town.ts';

const SHOPIFY = '/webhooks/shopify/main';
const GENERIC = '/webhooks/generic/main';
const AUTHORIZATIONS = '/v1/returns/authorizations';

/** What attackers and broken senders send: refused at the door or parked with its reason; never a 500, never a silent drop. */
export function badInput(town: () => Town): void {
  const shopifyHeaders = (
    body: string | Uint8Array,
    topic = 'orders/create',
    secret = town().world.shop.webhookSecret,
  ) => ({
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': town().world.shop.shopDomain,
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-triggered-at': new Date().toISOString(),
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
  });
  const orderText = (changes: object = {}) => JSON.stringify({ ...town().newOrder(), ...changes });

  describe('bad input at the door', () => {
    it('is refused with 401 when it is unsigned, forged, altered or signed with another secret', async () => {
      const { post } = town();
      const body = orderText();
      const signed = shopifyHeaders(body);
      const unsigned: Record<string, string> = { ...signed };
      delete unsigned['x-shopify-hmac-sha256'];
      expect((await post(SHOPIFY, body, unsigned)).status).toBe(401);
      expect((await post(SHOPIFY, body, shopifyHeaders(body, 'orders/create', 'guessed'))).status).toBe(401);
      expect((await post(SHOPIFY, `${body} `, signed)).status).toBe(401);
      expect((await post(SHOPIFY, body, { ...signed, 'x-shopify-hmac-sha256': 'not base64!' })).status).toBe(401);
      expect((await post('/webhooks/shopify/nobody', body, signed)).status).toBe(401);
    });

    it('is refused with 401 when its signature is too old, too new or for another id', async () => {
      const { post, world } = town();
      const body = JSON.stringify({ type: 'return.received', timestamp: new Date().toISOString(), data: {} });
      const signed = world.platform.sign('msg_1', body);
      const shifted = (seconds: number) => ({
        ...signed,
        'webhook-timestamp': String(Number(signed['webhook-timestamp']) + seconds),
      });
      expect((await post(GENERIC, body, shifted(-3600))).status).toBe(401);
      expect((await post(GENERIC, body, shifted(3600))).status).toBe(401);
      expect((await post(GENERIC, body, { ...signed, 'webhook-id': 'msg_2' })).status).toBe(401);
      expect((await post(GENERIC, body, {})).status).toBe(401);
    });

    it('is refused with 413 when it is too large, signed or not', async () => {
      const { post } = town();
      const body = orderText({ note: 'x'.repeat(4 * 1024 * 1024) });
      expect((await post(SHOPIFY, body, shopifyHeaders(body))).status).toBe(413);
      expect((await post(SHOPIFY, body, {})).status).toBe(413);
    });

    it('finds no route that is not ours', async () => {
      const { post } = town();
      expect([403, 404]).toContain((await post('/webhooks/nobody/main', '{}', {})).status);
    });

    it('gets problem documents from the authorization endpoint', async () => {
      const { post, world } = town();
      const ask = (body: string) => post(AUTHORIZATIONS, body, world.platform.sign(`req_${randomUUID()}`, body));
      expect((await post(AUTHORIZATIONS, '{}', {})).status).toBe(401);
      expect(await ask('{')).toMatchObject({ status: 400 });
      expect(await ask('{"returnId":"R-1"}')).toMatchObject({ status: 400 });
      const unknown = await ask(
        JSON.stringify({
          returnId: 'R-none',
          channel: 'shopify',
          account: 'main',
          orderId: '404',
          requestedAt: new Date().toISOString(),
          lines: [{ lineId: '1', quantity: 1, reasonCode: 'DEFECTIVE' }],
        }),
      );
      expect(unknown.status).toBe(422);
      expect(JSON.parse(unknown.body)).toMatchObject({
        code: 'ORDER_UNKNOWN',
        status: 422,
        correlationId: expect.any(String),
      });
      const negative = await ask(
        JSON.stringify({
          returnId: 'R-neg',
          channel: 'shopify',
          account: 'main',
          orderId: '404',
          requestedAt: new Date().toISOString(),
          lines: [{ lineId: '1', quantity: -1, reasonCode: 'DEFECTIVE' }],
        }),
      );
      expect(JSON.parse(negative.body)).toMatchObject({ status: 400, errors: [{ field: 'lines.0.quantity' }] });
    });
  });

  describe('the API for returns platforms', () => {
    const get = async (target: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${town().world.apiUrl.replace(/\/$/, '')}${target}`, { headers });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const signed = (target: string) => town().world.platform.sign(`req_${randomUUID()}`, `GET ${target}\n`);

    it('describes itself to anybody', async () => {
      expect(await get('/v1/openapi.json')).toMatchObject({ status: 200, body: { openapi: '3.1.0' } });
    });

    it('shows nothing to who has signed nothing, or another target', async () => {
      expect((await get('/v1/returns/none')).status).toBe(401);
      expect((await get('/v1/returns/none', signed('/v1/returns/other'))).status).toBe(401);
    });

    it.each([
      ['/v1/returns/none', 'RETURN_NOT_FOUND'],
      ['/v1/orders/%23none-such', 'ORDER_NOT_FOUND'],
      ['/v1/orders/none-such?account=main&channel=shopify', 'ORDER_NOT_FOUND'],
    ])('says of %s that it is not there', async (target, code) => {
      expect(await get(target, signed(target))).toMatchObject({ status: 404, body: { status: 404, code } });
    });
  });

  describe('bad input behind a good signature', () => {
    const nested = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const line = (changes: object) => () => {
      const order = town().newOrder() as { line_items: object[] };
      return JSON.stringify({
        ...order,
        line_items: order.line_items.map((one, index) => (index === 0 ? { ...one, ...changes } : one)),
      });
    };
    const euro = {
      shop_money: { amount: '12.34', currency_code: 'EUR' },
      presentment_money: { amount: '12.34', currency_code: 'EUR' },
    };

    const dollar = {
      shop_money: { amount: '1.00', currency_code: 'USD' },
      presentment_money: { amount: '1.00', currency_code: 'USD' },
    };

    it.each([
      ['text that is not UTF-8', 'BODY_NOT_UTF8', () => new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
      ['text that is not JSON', 'BODY_NOT_JSON', () => '{"id": 1,'],
      ['half an order', 'BODY_NOT_JSON', () => orderText().slice(0, 500)],
      ['nesting without end', 'BODY_TOO_DEEP', () => nested],
      ['JSON that is no order', 'MESSAGE_MALFORMED|ORDER_MALFORMED|SCHEMA', () => '[1, 2, 3]'],
      ['another currency in one line', 'CURRENCY_MIXED', line({ price_set: euro })],
      ['a negative quantity', 'QUANTITY_INVALID', line({ quantity: -1 })],
      [
        'a total that does not add up',
        'TOTALS_DISAGREE',
        () => orderText({ total_price: '1.00', total_price_set: dollar }),
      ],
      ['no lines', 'ORDER_WITHOUT_LINES', () => orderText({ line_items: [], total_price: '0.00' })],
    ])('parks %s with its reason', async (_what, code, make) => {
      const { post, crossdock } = town();
      const body = make();
      const headers = shopifyHeaders(body);
      expect((await post(SHOPIFY, body, headers)).status).toBe(200);
      await waitFor(`a message parked as ${code}`, async () => {
        const { json } = await crossdock('dlq', 'show', 'shopify-intake', '--limit', '100');
        const messages = (json as { messages?: { code?: string; id?: string }[] })?.messages ?? [];
        return messages.some((one) => new RegExp(`^(${code})`).test(one.code ?? ''));
      });
    });

    it('parks a topic that nobody subscribed to, and a privacy request', async () => {
      const { post, crossdock } = town();
      for (const topic of ['carts/update', 'customers/redact']) {
        const body = JSON.stringify({ id: 1, topic });
        expect((await post(SHOPIFY, body, shopifyHeaders(body, topic))).status).toBe(200);
      }
      await waitFor('both to be parked', async () => {
        const { text } = await crossdock('dlq', 'show', 'shopify-intake', '--limit', '100');
        return text.includes('TOPIC_UNKNOWN') && text.includes('PRIVACY_REQUEST');
      });
    });

    it('parks a return event with an unknown disposition, never defaulting it', async () => {
      const { world, crossdock } = town();
      world.platform.tell('return.inspected', {
        returnId: 'R-x',
        occurredAt: new Date().toISOString(),
        inspectionId: 'I1',
        lines: [{ lineId: '1', quantity: 1, condition: 'new', disposition: 'sell-on-the-moon' }],
      });
      await world.platform.settled();
      await waitFor('it to be parked', async () => {
        const { text } = await crossdock('dlq', 'show', 'generic-intake', '--limit', '100');
        return text.includes('disposition');
      });
    });

    it('takes an order that is too large for a queue message through the archive', async () => {
      const { world, newOrder, booked } = town();
      const placed = world.shop.placeOrder({ ...newOrder(), note: 'x'.repeat(400_000) });
      await booked(placed);
    });

    it('leaves every parked message in front of a person', async () => {
      const { crossdock } = town();
      const { json } = await crossdock('cases', 'list', '--owner', 'integration');
      expect(JSON.stringify(json)).toContain('MESSAGE_PARKED');
    });
  });
}
