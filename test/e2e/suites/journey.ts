import { describe, expect, it } from 'vitest';
import { webIdOfReturn } from '#connectors/erps/tryton/external-key.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { tellStory } from '../../../bin/local/demo/story.ts';
import { waitFor } from '../../../bin/local/demo/wait-for.ts';
import { amountOf } from '../../../bin/local/erp/rpc.ts';
import type { ShopOrder } from '../../../bin/local/partners/shopify/order.ts';
import type { Town } from '../support/town.ts';

const CREDIT_FIELDS = ['untaxed_amount', 'tax_amount', 'total_amount'];

/** One order and one return, all the way: what a retailer sees on a day without faults. */
export function journey(town: () => Town): void {
  describe('the journey of an order and a return', () => {
    it('goes from a signed webhook to a refund, by the same story that the demo tells', async () => {
      const said: string[] = [];
      await tellStory(town().world, (line) => said.push(line), { orderId: '450789469', number: '#1001' });
      const text = said.join('\n');
      expect(text).toContain('ERP: 1 sale');
      expect(text).toContain('receipted → credited → stocked → refunded → closed');
      expect(text).toContain('credit note');
    });

    it('takes one of two units back to quarantine and credits and pays 13.57 of 36.50', async () => {
      const { shipped, authorize, look, desk, world } = helpers(town());
      const order = await shipped();
      expect(order.total).toBe(3650);
      const before = { quarantine: await desk.stock('TSHIRT-M', 'QUA'), storage: await desk.stock('TSHIRT-M', 'STO') };
      const { key, returnId, lineId } = await authorize(order);
      world.platform.received(returnId, [{ lineId, quantity: 1 }]);
      world.platform.inspected(returnId, [{ lineId, quantity: 1, condition: 'opened', disposition: 'quarantine' }]);
      await waitFor('the return to be closed', async () => (await look.state<OpenReturn>(key))?.status === 'closed');

      const documents = await desk.documents(webIdOfReturn(key));
      expect(documents.invoices).toMatchObject([{ state: 'posted', total: '-13.57' }]);
      const sale = await desk.rpc.one('sale.sale', [['web_id', '=', webIdOfReturn(key)]], ['invoices']);
      const credit = await desk.rpc.one('account.invoice', [['id', 'in', sale.invoices]], CREDIT_FIELDS);
      expect(CREDIT_FIELDS.map((field) => amountOf(credit[field]))).toEqual(['-12.34', '-1.23', '-13.57']);
      expect(documents.returns).toMatchObject([{ state: 'done' }]);
      expect(await desk.stock('TSHIRT-M', 'QUA')).toBe(before.quarantine + 1);
      expect(await desk.stock('TSHIRT-M', 'STO'), 'it can not be sold again').toBe(before.storage);
      expect(order.refunds).toHaveLength(1);
      expect(order.refunds[0]).toMatchObject({ lines: [{ lineId, quantity: 1 }], transactions: [{ amount: 1357 }] });
      await waitFor('the refund to be confirmed by the shop', async () => {
        const state = await look.state<{ status: string }>(`REFUND#shopify#main#${order.id}#generic.main.${returnId}`);
        return state?.status === 'confirmed';
      });
    });

    it('puts goods that may be sold again back to stock', async () => {
      const { shipped, authorize, look, desk, world } = helpers(town());
      const order = await shipped();
      const before = await desk.stock('TSHIRT-M', 'STO');
      const { key, returnId, lineId } = await authorize(order);
      world.platform.received(returnId, [{ lineId, quantity: 1 }]);
      world.platform.inspected(returnId, [{ lineId, quantity: 1, condition: 'new', disposition: 'restock' }]);
      await waitFor('the return to be closed', async () => (await look.state<OpenReturn>(key))?.status === 'closed');
      expect(await desk.stock('TSHIRT-M', 'STO')).toBe(before + 1);
    });

    it('asks finance for a refund above the limit, and goes on by its word', async () => {
      const { shipped, authorize, look, world, crossdock } = helpers(town());
      const order = await shipped({
        lines: [{ sku: 'LAMP-01', title: 'Desk lamp', quantity: 9, price: '49.90', taxRate: '0.10' }],
      });
      const { key, returnId, lineId } = await authorize(order, 9);
      world.platform.received(returnId, [{ lineId, quantity: 9 }]);
      world.platform.inspected(returnId, [{ lineId, quantity: 9, condition: 'new', disposition: 'restock' }]);
      await waitFor(
        'finance to be asked',
        async () => (await look.state<OpenReturn>(key))?.status === 'awaiting-approval',
      );
      expect(await look.openCases(key)).toMatchObject([{ code: 'REFUND_APPROVAL', owner: 'finance' }]);
      expect(order.refunds).toEqual([]);

      const dry = await crossdock('returns', 'approve', returnId);
      expect(dry).toMatchObject({ code: 0, json: { caveat: expect.stringContaining('--by is taken at its word') } });
      expect((await look.state<OpenReturn>(key))?.status).toBe('awaiting-approval');
      expect(await crossdock('returns', 'approve', returnId, '--by', 'fatima', '--apply')).toMatchObject({ code: 0 });
      await waitFor('the return to be closed', async () => (await look.state<OpenReturn>(key))?.status === 'closed');
      expect(order.refunds).toHaveLength(1);
      expect(await look.openCases(key)).toEqual([]);
    });

    it('answers the same authorization the same, and refuses another under its id', async () => {
      const { shipped, world } = helpers(town());
      const order = await shipped();
      const request = {
        returnId: `R-${order.id}`,
        channel: 'shopify',
        account: 'main',
        orderId: order.id,
        requestedAt: new Date().toISOString(),
        lines: [{ lineId: order.lines[0]?.id ?? '', quantity: 1, reasonCode: 'SIZE_TOO_SMALL', note: 'it itches' }],
      };
      const first = await world.platform.authorize(request);
      const again = await world.platform.authorize(request);
      expect(first).toMatchObject({
        status: 200,
        body: { decision: 'approved', refundEstimate: { minor: 1357, currency: 'USD' } },
      });
      expect(again).toEqual(first);
      const other = await world.platform.authorize({
        ...request,
        lines: [{ ...request.lines[0], quantity: 2 } as never],
      });
      expect(other).toMatchObject({ status: 409, body: { code: 'RETURN_CONFLICT' } });
    });

    it('sends an unknown reason to a person, and never calls it "other"', async () => {
      const { shipped, authorizeRaw, look } = helpers(town());
      const order = await shipped();
      const { answer, key } = await authorizeRaw(order, 1, 'ITCHY_FABRIC');
      expect(answer.body).toMatchObject({ decision: 'review' });
      expect(await look.openCases(key)).toMatchObject([{ code: 'RETURN_REVIEW' }]);
    });

    it('explains the order with everything that hangs on it', async () => {
      const { crossdock } = helpers(town());
      const explained = await crossdock('explain', '450789469');
      expect(explained.code, explained.text).toBe(0);
      expect(explained.text).toContain('order.captured');
      expect(explained.text).toContain('refund');
      expect(explained.text).not.toMatch(/norman|chestnut/i);
    });
  });
}

/** Steps that several stories share. */
export function helpers(town: Town) {
  const { world, newOrder, booked, desk, order, look } = town;

  const authorizeRaw = async (placed: ShopOrder, quantity = 1, reasonCode = 'DEFECTIVE') => {
    const lineId = placed.lines[0]?.id ?? '';
    const returnId = `R-${placed.id}`;
    const answer = await world.platform.authorize({
      returnId,
      channel: 'shopify',
      account: 'main',
      orderId: placed.id,
      requestedAt: new Date().toISOString(),
      lines: [{ lineId, quantity, reasonCode }],
    });
    return { answer, returnId, lineId, key: `RETURN#generic#main#${returnId}` };
  };

  return {
    ...town,
    authorizeRaw,
    /** An order that has left the house. */
    async shipped(changes: Parameters<Town['newOrder']>[0] = {}): Promise<ShopOrder> {
      const placed = world.shop.placeOrder(newOrder(changes));
      await booked(placed);
      await desk.ship(`shopify-main-${placed.id}`, `1Z${placed.id}`);
      await world.tick('tryton/poll-shipments');
      await waitFor('the shipment to be recorded', async () => (await order(placed))?.status === 'shipped');
      return placed;
    },
    async authorize(placed: ShopOrder, quantity = 1) {
      const asked = await authorizeRaw(placed, quantity);
      if (asked.answer.body.decision !== 'approved') throw new Error(JSON.stringify(asked.answer));
      return asked;
    },
    statusOf: async (key: string) => (await look.state<{ status: string }>(key))?.status,
  };
}
