import { describe, expect, it } from 'vitest';
import type { OpenReturn } from '#core/returns/state.ts';
import { waitFor } from '../../../bin/local/demo/wait-for.ts';
import { deliveryId, type Town } from '../support/town.ts';
import { helpers } from './journey.ts';

const MINUTES = 240_000;

/** What breaks in the night: whatever it is, one sales order, one refund, and nothing lost. */
export function durability(town: () => Town): void {
  describe('durability', () => {
    it('books an order once however often and in whatever order its messages come', async () => {
      const { world, newOrder, booked, sales, order } = town();
      const placed = world.shop.shop.place(newOrder());
      world.shop.updateOrder(placed, { times: 3 });
      world.shop.emit('orders/create', JSON.stringify(placed.payload), { times: 5 });
      await world.shop.settled();
      await booked(placed);
      expect((await sales(placed)).sales).toHaveLength(1);
      expect((await order(placed))?.status).toBe('booked');
    });

    it('never books an order whose cancellation overtook it', async () => {
      const { world, newOrder, order, sales, look } = town();
      const placed = world.shop.shop.place(newOrder());
      const created = JSON.stringify(placed.payload);
      world.shop.cancelOrder(placed);
      await waitFor('the cancellation to be taken', async () => (await order(placed))?.status === 'cancelled');
      world.shop.emit('orders/create', created);
      await world.shop.settled();
      await waitFor('the late message to be taken', async () => (await look.rows('FAULT#none')) && true);
      expect((await sales(placed)).sales).toEqual([]);
      expect((await order(placed))?.status).toBe('cancelled');
    });

    // Each kills a function in the middle of its own order and waits until another has taken over, so they wait together.
    describe.concurrent('the death of', () => {
      it.each([
        ['the intake before its commit', 'intake:before-commit'],
        ['the intake after its commit', 'intake:after-commit'],
        ['the relay before it publishes', 'relay:before-publish'],
        ['the relay after it has published', 'relay:after-publish'],
        ['the executor with the lease in hand', 'execute:after-lease'],
        ['the executor after the call', 'execute:after-call'],
        ['the executor after the outcome is written', 'execute:after-outcome'],
      ] as const)(
        '%s loses nothing and does nothing twice',
        async (_who, point) => {
          const { world, newOrder, sales, arm, armed, order } = town();
          const placed = world.shop.shop.place(newOrder());
          const webhookId = deliveryId();
          await arm(point, point.startsWith('intake') ? webhookId : placed.id);
          world.shop.emit('orders/create', JSON.stringify(placed.payload), { webhookId });
          await waitFor(`order ${placed.id} to be booked`, async () => (await order(placed))?.erp !== undefined, 180);
          await waitFor(`the fault at ${point} to have happened`, async () => (await armed(point)) === 0);
          expect((await sales(placed)).sales).toHaveLength(1);
          expect((await sales(placed)).shipments).toHaveLength(1);
        },
        MINUTES,
      );
    });

    it("gives no 2xx for a message that it has not stored, and takes the sender's next try", async () => {
      const { world, newOrder, booked, sales, arm } = town();
      const placed = world.shop.shop.place(newOrder());
      await arm('receive:before-queue', 'orders/create');
      const before = world.shop.deliveries.length;
      world.shop.emit('orders/create', JSON.stringify(placed.payload));
      await world.shop.settled();
      const statuses = world.shop.deliveries
        .slice(before)
        .filter(({ what }) => what === 'orders/create')
        .map(({ status }) => status);
      expect(statuses.length).toBeGreaterThan(1);
      expect(statuses.slice(0, -1).every((status) => status >= 500)).toBe(true);
      await booked(placed);
      expect((await sales(placed)).sales).toHaveLength(1);
    });

    it("finds out what became of a sales order when the ERP's answer is lost", async () => {
      const { world, newOrder, booked, sales, wire, look } = town();
      let lost = 0;
      wire.fate = (method) => {
        if (method !== 'model.sale.sale.create' || lost > 0) return 'deliver';
        lost += 1;
        return 'lose-answer';
      };
      const placed = world.shop.placeOrder(newOrder());
      await booked(placed);
      wire.fate = () => 'deliver';
      expect(lost).toBe(1);
      expect((await sales(placed)).sales).toHaveLength(1);
      const operation = await look.operation(`erp/sales-order/shopify/main/${placed.id}`);
      expect(operation).toMatchObject({ status: 'applied' });
    });

    it(
      'waits for an ERP that is down, with a case in front of its owner, and goes on by itself',
      async () => {
        const { world, newOrder, sales, swept, look, order } = town();
        await world.erp.stop();
        const placed = world.shop.placeOrder(newOrder());
        const target = 'TARGET#tryton#main';
        await waitFor('somebody to be told', async () => (await look.openCases(target)).length > 0);
        expect(await look.openCases(target)).toMatchObject([{ code: 'PARTNER_UNAVAILABLE', owner: 'integration' }]);
        expect((await look.operation(`erp/sales-order/shopify/main/${placed.id}`))?.endedAt).toBeUndefined();
        await world.erp.start();
        await waitFor(
          'the order to be booked',
          swept(async () => (await order(placed))?.erp !== undefined),
          120,
        );
        expect((await sales(placed)).sales).toHaveLength(1);
        await waitFor('the case to close itself', async () => (await look.openCases(target)).length === 0);
      },
      MINUTES,
    );

    it(
      "pays a refund once when the shop's answer is lost, late, throttled or away",
      async () => {
        const { shipped, authorize, look, world, swept } = helpers(town());
        const order = await shipped();
        const { key, returnId, lineId } = await authorize(order);
        world.shop.fault({ operation: 'refundCreate', kind: 'unavailable', times: 1 });
        world.shop.fault({ operation: '*', kind: 'throttle', times: 1 });
        world.shop.fault({ operation: 'refundCreate', kind: 'delay', times: 1, delayMs: 3000 });
        world.shop.fault({ operation: 'refundCreate', kind: 'lose-answer', times: 1 });
        world.platform.received(returnId, [{ lineId, quantity: 1 }], { times: 3 });
        world.platform.inspected(returnId, [{ lineId, quantity: 1, condition: 'new', disposition: 'restock' }], {
          times: 3,
        });
        await waitFor(
          'the return to be closed',
          swept(async () => (await look.state<OpenReturn>(key))?.status === 'closed'),
          200,
        );
        world.shop.clearFaults();
        expect(order.refunds).toHaveLength(1);
        expect(order.refunds[0]?.transactions).toMatchObject([{ amount: 1357 }]);
      },
      MINUTES,
    );

    it(
      'carries a return on when the function that registers a wait dies',
      async () => {
        const { shipped, authorize, look, world, arm, swept } = helpers(town());
        const order = await shipped();
        const { key, returnId, lineId } = await authorize(order);
        await arm('workflow:after-wait', returnId);
        world.platform.inspected(returnId, [{ lineId, quantity: 1, condition: 'new', disposition: 'restock' }]);
        world.platform.received(returnId, [{ lineId, quantity: 1 }]);
        await waitFor(
          'the return to be closed',
          swept(async () => (await look.state<OpenReturn>(key))?.status === 'closed'),
          220,
        );
        expect(order.refunds).toHaveLength(1);
      },
      MINUTES,
    );

    it("counts a refund by the shop's own staff once and never pays on top of it", async () => {
      const { shipped, authorize, look, world, order } = helpers(town());
      const placed = await shipped();
      const lineId = placed.lines[0]?.id ?? '';
      world.shop.refundInAdmin(placed, [{ lineId, quantity: 2 }], 2715);
      await waitFor('the refund to be taken in', async () => (await order(placed))?.refunds.length === 1);
      const { answer } = await helpers(town()).authorizeRaw(placed);
      expect(answer.body.decision).not.toBe('approved');
      expect(placed.refunds).toHaveLength(1);
      void authorize;
      void look;
    });

    it("parks a message that can't be taken, tells somebody, and takes it when it is redriven", async () => {
      const { world, newOrder, crossdock, order, look } = town();
      const placed = world.shop.shop.place(newOrder());
      const refund = JSON.stringify({
        id: Number(`9${placed.id.slice(-9)}`),
        order_id: Number(placed.id),
        created_at: '2026-11-20T10:00:00Z',
        note: 'by staff',
        refund_line_items: [],
        transactions: [{ kind: 'refund', status: 'success', amount: '1.00', currency: 'USD' }],
      });
      world.shop.emit('refunds/create', refund);
      const parked = await waitFor('the message to be parked', async () => {
        const { json } = await crossdock('dlq', 'show', 'shopify-intake');
        const messages = (json as { messages?: { code?: string; reason?: string; case?: string }[] })?.messages ?? [];
        return messages.find(({ code }) => code === 'ORDER_UNKNOWN');
      });
      expect(parked).toMatchObject({
        reason: expect.stringContaining('order'),
        case: expect.stringContaining('MESSAGE_PARKED#'),
      });
      world.shop.emit('orders/create', JSON.stringify(placed.payload));
      await waitFor('the order to arrive', async () => order(placed));

      const dry = await crossdock('dlq', 'redrive', 'shopify-intake');
      expect(dry.code, dry.text).toBe(0);
      expect((await order(placed))?.refunds).toEqual([]);
      const redriven = await crossdock('dlq', 'redrive', 'shopify-intake', '--apply');
      expect(redriven.code, redriven.text).toBe(0);
      await waitFor('the refund to be taken in', async () => (await order(placed))?.refunds.length === 1);
      const [subject = '', code = ''] = parked.case?.split(' ') ?? [];
      await waitFor('its case to close', async () => {
        const open = await look.openCases(subject);
        return !open.some((one) => one.code === code);
      });
    });

    it("tells the ERP's owner of an unknown SKU, and books the order when the product exists", async () => {
      const { world, newOrder, look, orderKey, desk, crossdock, booked, sales } = town();
      const sku = `NEW-${Date.now()}`;
      const placed = world.shop.placeOrder(
        newOrder({ lines: [{ sku, title: 'New thing', quantity: 1, price: '12.34', taxRate: '0.10' }] }),
      );
      await waitFor('a case', async () => (await look.openCases(orderKey(placed))).length > 0);
      expect(await look.openCases(orderKey(placed))).toMatchObject([{ code: 'BOOKING_REFUSED', owner: 'erp' }]);
      await desk.rpc.copyProduct('TSHIRT-M', sku);
      const key = `erp/sales-order/shopify/main/${placed.id}`;
      expect((await crossdock('operations', 'retry', key)).code).toBe(0);
      const retried = await crossdock('operations', 'retry', key, '--apply');
      expect(retried.code, retried.text).toBe(0);
      await booked(placed);
      expect((await sales(placed)).sales).toHaveLength(1);
      await waitFor('the case to close itself', async () => (await look.openCases(orderKey(placed))).length === 0);
    });
  });
}
