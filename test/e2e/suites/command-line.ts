import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenOrder } from '#core/orders/state.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { runFolder } from '../../../bin/local/cache.ts';
import { waitFor } from '../../../bin/local/demo/wait-for.ts';
import { crossdock as run, type Town } from '../support/town.ts';

/** The order and the return of the demo's story, which the journey has told before. */
const ORDER_ID = '450789469';
const ORDER = `ORDER#shopify#main#${ORDER_ID}`;
const RETURN = `RETURN#generic#main#R-${ORDER_ID}`;

/** The real command line, as a process of its own, against what the other suites left behind. */
export function commandLine(town: () => Town): void {
  const crossdock = (...args: string[]) => town().crossdock(...args);
  let folder = '';
  const file = (name: string, content: string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  beforeAll(() => {
    folder = path.join(runFolder(), 'command-line');
    mkdirSync(folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe('crossdock explain', () => {
    it('tells the order with its money, returns, refund, operations and causes, and nothing personal', async () => {
      const { code, json, text } = await crossdock('explain', ORDER_ID);
      expect(code, text).toBe(0);
      const told = json as {
        state: { subjects: { key: string }[] };
        money: {
          paid: { minor: number };
          settled: { minor: number };
          pending: { minor: number };
          onNoLine: { minor: number };
        };
        timeline: { what: string; cause: string; subject: string }[];
        operations: { key: string; status: string; attempts: number }[];
      };
      expect(told.state.subjects.map(({ key }) => key)).toEqual([ORDER, RETURN, expect.stringMatching(/^REFUND#/)]);
      const order = await town().look.state<OpenOrder>(ORDER);
      const refunded = order?.refunds.reduce((sum, { amount }) => sum + amount, 0);
      expect(told.money).toMatchObject({
        paid: { minor: order?.total },
        settled: { minor: refunded },
        pending: { minor: 0 },
        onNoLine: { minor: 0 },
      });
      expect(json).toMatchObject({ ledger: { conservation: { conserved: true, captured: order?.total } } });
      const happened = told.timeline.map(({ what }) => what);
      for (const what of ['order.captured.v1', 'order.booked.v1', 'return.authorized.v1', 'refund.issued.v1']) {
        expect(happened).toContain(what);
      }
      expect(told.timeline[0]).toMatchObject({
        what: 'order.captured.v1',
        cause: expect.stringContaining('orders/create'),
      });
      expect(told.operations.find(({ key }) => key === `erp/sales-order/shopify/main/${ORDER_ID}`)).toMatchObject({
        status: 'applied',
        attempts: 1,
      });
      expect(text).not.toMatch(/norman|chestnut|customer/i);
    });

    it('knows it by every id that anybody has of it', async () => {
      const { look } = town();
      const order = await look.state<OpenOrder>(ORDER);
      const back = await look.state<OpenReturn>(RETURN);
      const refundId = back?.refund?.refundId ?? '';
      const ids: [string | undefined, string][] = [
        [ORDER, ORDER],
        [order?.erp?.number, ORDER],
        ['1Z999AA10123456784', ORDER],
        [`erp/sales-order/shopify/main/${ORDER_ID}`, ORDER],
        [`R-${ORDER_ID}`, RETURN],
        [back?.authorization.rma, RETURN],
        [refundId, `REFUND#shopify#main#${ORDER_ID}#${refundId}`],
      ];
      await Promise.all(
        ids.map(async ([id, subject]) => {
          const { code, json, text } = await crossdock('explain', id ?? 'missing');
          expect(code, `${id}: ${text}`).toBe(0);
          expect(json, id).toMatchObject({ subject });
        }),
      );
    });

    it('lists the places where an id that means two things is known, and ends with 1', async () => {
      const { world, look, crossdock: told } = town();
      const sent = await told('send', 'generic', '--apply');
      const { orderId } = sent.json as { orderId: string };
      await waitFor('the order', () => look.state(`ORDER#generic#main#${orderId}`));
      const lineId = (await look.state<OpenOrder>(ORDER))?.lines[0]?.lineId ?? '';
      await world.platform.authorize({
        returnId: orderId,
        channel: 'shopify',
        account: 'main',
        orderId: ORDER_ID,
        requestedAt: now(),
        lines: [{ lineId, quantity: 1, reasonCode: 'DEFECTIVE' }],
      });
      const { code, json } = await told('explain', orderId);
      expect(code).toBe(1);
      expect(json).toMatchObject({
        error: { code: 'AMBIGUOUS' },
        candidates: [`ORDER#generic#main#${orderId}`, `RETURN#generic#main#${orderId}`],
      });
    });

    it('ends with 1 for what nobody knows', async () => {
      const { code, json } = await crossdock('explain', 'nobody-knows-me');
      expect(code).toBe(1);
      expect(json).toMatchObject({ error: { message: expect.stringContaining('nobody-knows-me') } });
    });
  });

  describe('crossdock orders, returns, operations, cases', () => {
    it('list what there is', async () => {
      const key = `erp/sales-order/shopify/main/${ORDER_ID}`;
      const [orders, returns, operations, shown, unknown] = await Promise.all([
        crossdock('orders', 'list', '--status', 'shipped', '--limit', '500'),
        crossdock('returns', 'list', '--limit', '500'),
        crossdock('operations', 'list', '--target', 'tryton/main', '--limit', '500'),
        crossdock('operations', 'show', key),
        crossdock('operations', 'show', 'erp/sales-order/shopify/main/404'),
      ]);
      expect(orders.json).toContainEqual(expect.objectContaining({ orderId: ORDER_ID, number: '#1001' }));
      expect(returns.json).toContainEqual(expect.objectContaining({ returnId: `R-${ORDER_ID}`, status: 'closed' }));
      expect(operations.json).toContainEqual(expect.objectContaining({ key, status: 'applied' }));
      expect(shown).toMatchObject({ code: 0, json: { key, status: 'applied' } });
      expect(unknown).toMatchObject({ code: 1 });
    });

    it('closes a case when it is told to, and not before', async () => {
      const { code, json } = await crossdock('cases', 'list');
      expect(code).toBe(0);
      const [open] = json as { subject: string; code: string }[];
      if (!open) throw new Error('the suites before this one leave cases');
      const close = ['cases', 'close', open.subject, open.code];
      expect((await crossdock(...close)).code).toBe(0);
      const still = await town().look.openCases(open.subject);
      expect(still).toContainEqual(expect.objectContaining({ code: open.code }));
      expect((await crossdock(...close, '--apply')).code).toBe(0);
      expect(await town().look.openCases(open.subject)).not.toContainEqual(
        expect.objectContaining({ code: open.code }),
      );
      expect((await crossdock(...close, '--apply')).code).toBe(1);
    });
  });

  describe('crossdock fraud, reasons, claims', () => {
    it('tell what the stage knows of returns, and end with 1 for what it does not', async () => {
      const asked = {
        verdict: ['fraud', 'explain', `R-${ORDER_ID}`],
        report: ['fraud', 'report'],
        coverage: ['reasons', 'coverage'],
        claims: ['claims', 'list'],
        noReturn: ['fraud', 'explain', 'R-nobody'],
        noClaim: ['claims', 'show', 'nobody', '2026-11'],
      };
      const told = Object.fromEntries(
        await Promise.all(Object.entries(asked).map(async ([name, args]) => [name, await crossdock(...args)] as const)),
      );
      const codes = Object.fromEntries(Object.entries(told).map(([name, { code }]) => [name, code]));
      expect(codes).toEqual({ verdict: 0, report: 0, coverage: 0, claims: 0, noReturn: 1, noClaim: 1 });
      expect(JSON.stringify(told.verdict?.json)).toContain('"standard"');
      expect(JSON.stringify(told.coverage?.json)).toContain('ITCHY_FABRIC');
    });
  });

  describe('crossdock send', () => {
    it('posts nothing without --apply', async () => {
      const { code, json } = await crossdock('send', 'shopify', '--id', '123456789012345');
      expect(code).toBe(0);
      expect(json).toMatchObject({ done: false, orderId: '123456789012345' });
      expect(await town().look.state('ORDER#shopify#main#123456789012345')).toBeUndefined();
    });

    it('posts a signed sample that is taken once, however often it is delivered', async () => {
      const { look } = town();
      const { code, json, text } = await crossdock('send', 'shopify', '--times', '3', '--apply');
      expect(code, text).toBe(0);
      const { orderId, answers, deliveryId } = json as { orderId: string; deliveryId: string; answers: object[] };
      expect(answers).toHaveLength(3);
      const order = await waitFor('the order', () => look.state<OpenOrder>(`ORDER#shopify#main#${orderId}`));
      expect(order.total).toBeGreaterThan(0);
      const explained = await waitFor('the delivery to be known', async () => {
        const answer = await crossdock('explain', deliveryId);
        return answer.code === 0 && answer;
      });
      expect(explained.json).toMatchObject({ subject: `ORDER#shopify#main#${orderId}` });
      const captured = (explained.json as { timeline: { what: string }[] }).timeline.filter(
        ({ what }) => what === 'order.captured.v1',
      );
      expect(captured).toHaveLength(1);
    });

    it('signs Standard Webhooks too, and ends with 1 when the secret is another', async () => {
      const { code, json } = await crossdock('send', 'generic', '--apply');
      expect(code).toBe(0);
      const { orderId } = json as { orderId: string };
      await waitFor('the order', () => town().look.state(`ORDER#generic#main#${orderId}`));
      const secret = file('other-secret', `whsec_${Buffer.alloc(32, 7).toString('base64')}`);
      const refused = await crossdock('send', 'generic', '--secret-file', secret, '--apply');
      expect(refused).toMatchObject({ code: 1, json: { done: false, answers: [{ status: 401 }] } });
    });
  });

  describe('crossdock dlq', () => {
    it('lists, shows and redrives what was parked, by its reason alone where it is told one', async () => {
      const { newOrder, look, world } = town();
      const placed = world.shop.shop.place(newOrder());
      const refund = file(
        'refund.json',
        JSON.stringify({
          id: Number(`8${placed.id.slice(-9)}`),
          order_id: Number(placed.id),
          created_at: '2026-11-20T10:00:00Z',
          note: 'a secret of the buyer',
          refund_line_items: [],
          transactions: [{ kind: 'refund', status: 'success', amount: '1.00', currency: 'USD' }],
        }),
      );
      const sent = await crossdock('send', 'shopify', '--topic', 'refunds/create', '--file', refund, '--apply');
      expect(sent.code, sent.text).toBe(0);
      const { deliveryId } = sent.json as { deliveryId: string };
      type Shown = { code?: string; about?: string; reason?: string; case?: string; correlationId?: string };
      const mine = await waitFor('it to be parked', async () => {
        const { json } = await crossdock('dlq', 'show', 'shopify-intake', '--limit', '200');
        return (json as { messages: Shown[] }).messages.find(({ about }) => about?.includes(deliveryId));
      });
      expect(mine).toMatchObject({
        code: 'ORDER_UNKNOWN',
        case: expect.stringContaining(`MESSAGE_PARKED#${deliveryId}`),
        correlationId: expect.any(String),
      });
      const shown = await crossdock('dlq', 'show', 'shopify-intake', '--code', 'ORDER_UNKNOWN');
      expect(shown.text).not.toContain('a secret of the buyer');
      expect((await crossdock('explain', deliveryId)).text).toContain('ORDER_UNKNOWN');
      const opened = await crossdock('dlq', 'show', 'shopify-intake', '--code', 'ORDER_UNKNOWN', '--body');
      expect(opened.text).toContain('a secret of the buyer');

      const list = async () => {
        const { json } = await crossdock('dlq', 'list');
        return (json as { queue: string; dead: number; reasons: { code: string; count: number }[] }[]).find(
          ({ queue }) => queue === 'shopify-intake',
        );
      };
      const before = await list();
      expect(before?.reasons).toContainEqual(expect.objectContaining({ code: 'ORDER_UNKNOWN' }));

      world.shop.emit('orders/create', JSON.stringify(placed.payload));
      const key = `ORDER#shopify#main#${placed.id}`;
      await waitFor('the order', () => look.state<OpenOrder>(key));
      const dry = await crossdock('dlq', 'redrive', 'shopify-intake', '--code', 'ORDER_UNKNOWN');
      expect(dry).toMatchObject({ code: 0, json: { done: false, reasons: [{ code: 'ORDER_UNKNOWN' }] } });
      expect((await look.state<OpenOrder>(key))?.refunds).toEqual([]);

      const redriven = await crossdock('dlq', 'redrive', 'shopify-intake', '--code', 'ORDER_UNKNOWN', '--apply');
      expect(redriven, redriven.text).toMatchObject({ code: 0, json: { done: true } });
      await waitFor('the refund to be taken in', async () => (await look.state<OpenOrder>(key))?.refunds.length === 1);
      const [subject = '', parked = ''] = mine.case?.split(' ') ?? [];
      await waitFor('its case to close', async () => {
        const open = await look.openCases(subject);
        return !open.some(({ code }) => code === parked);
      });
      const others = (one: typeof before) => one?.reasons.filter(({ code }) => code !== 'ORDER_UNKNOWN');
      expect(others(await list())).toEqual(others(before));
    });

    it('takes the name that a case gives, and ends with 1 for a queue that is none', async () => {
      const name = town().world.outputs.QueueGenericIntake?.split('/').at(-1) ?? '';
      expect(await crossdock('dlq', 'show', name)).toMatchObject({ code: 0, json: { queue: 'generic-intake' } });
      expect(await crossdock('dlq', 'redrive', 'nobody')).toMatchObject({ code: 1 });
      expect(await crossdock('dlq', 'redrive', 'journal-stream')).toMatchObject({ code: 0, json: { done: false } });
    });
  });

  describe('crossdock around a stage', () => {
    it('finds a deployed stage ready, from its secrets to its partners', async () => {
      const { code, json, text } = await crossdock('deploy-check');
      const { checks } = json as { checks: { name: string; state: string; found: string }[] };
      expect(code, text).toBe(0);
      const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]));
      const looked = ['configuration', 'credentials', 'bootstrap', 'CrossdockState-local', 'CrossdockCore-local'];
      looked.push('keys of the fraud rules');
      for (const account of ['shopify/main', 'generic/main', 'tryton/main'])
        looked.push(account, `secret of ${account}`);
      for (const name of looked) expect(states[name], name).toBe('ok');
    });

    it('ends with 3 for a stage that is not there, and for an AWS that is not there', async () => {
      const { world } = town();
      const elsewhere = await run(['orders', 'list', '--stage', 'dev', '--json'], world.engine.environment());
      expect(elsewhere).toMatchObject({
        code: 3,
        json: { error: { message: expect.stringContaining('CrossdockState-dev') } },
      });
      const nowhere = { ...world.engine.environment(), AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
      expect(await run(['orders', 'list', '--stage', 'local', '--json'], nowhere)).toMatchObject({ code: 3 });
    });

    it('finds the local run by itself', async () => {
      const { world } = town();
      const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = world.engine.environment();
      file(
        'local-run.json',
        JSON.stringify({
          endpoint: AWS_ENDPOINT_URL,
          region: AWS_REGION ?? 'us-east-1',
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          apiUrl: world.apiUrl,
        }),
      );
      const bare = { CROSSDOCK_CACHE: folder, AWS_ENDPOINT_URL: undefined, AWS_ACCESS_KEY_ID: undefined };
      const { code, text } = await run(['orders', 'list', '--limit', '500', '--stage', 'local'], bare);
      expect(code, text).toBe(0);
      expect(text).toContain(ORDER_ID);
    });
  });
}

const now = (): string => new Date().toISOString();
