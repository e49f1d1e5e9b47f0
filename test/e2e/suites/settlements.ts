import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenOrder } from '#core/orders/state.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';
import { runFolder } from '../../../bin/local/cache.ts';
import { waitFor } from '../../../bin/local/demo/wait-for.ts';
import { amountOf } from '../../../bin/local/erp/rpc.ts';
import type { ShopOrder } from '../../../bin/local/partners/shopify/order.ts';
import { FEE, layDown, payout, request, today } from '../support/payout.ts';
import type { Town } from '../support/town.ts';

/** From a file in the drop to a posted move in the real ERP. */
export function settlements(town: () => Town): void {
  describe('a settlement file', () => {
    let folder = '';
    let order: ShopOrder;
    const id = String(Date.now());
    const key = `SETTLEMENT#shopify#main#${id}`;
    const journal = `erp/journal/shopify/main/${id}/${today.slice(0, 7)}`;
    const moves = (of = journal) =>
      town().desk.rpc.find('account.move', [['description', 'like', `${of}%`]], ['state', 'lines', 'description']);
    const state = () => town().look.state<OpenSettlement>(key);
    const importing = (name: string, content: string) => {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      return town().crossdock(
        ...['settlements', 'import', '--format', 'shopify-payouts', '--file', file, '--apply', '--wait'],
      );
    };
    beforeAll(async () => {
      folder = path.join(runFolder(), 'settlements');
      mkdirSync(folder, { recursive: true });
      order = town().world.shop.placeOrder(town().newOrder());
      await town().booked(order);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('becomes one balanced, posted move in the ERP, and the order knows what was paid out', async () => {
      const { code, json, text } = await importing('payout.json', payout(id, order));
      expect(code, text).toBe(0);
      expect(json).toMatchObject({ done: true, settlements: [{ settlementId: id, status: 'posted', revision: 1 }] });
      const [move, ...more] = await moves();
      expect(more).toEqual([]);
      expect(move?.state).toBe('posted');
      const lines = await town().desk.rpc.find('account.move.line', [['move', '=', move?.id]], ['debit', 'credit']);
      const sum = (side: string): number => lines.reduce((all, line) => all + Number(amountOf(line[side])) * 100, 0);
      expect([Math.round(sum('debit')), Math.round(sum('credit'))]).toEqual([3650, 3650]);
      const settled = await town().look.state<OpenOrder>(town().orderKey(order));
      expect(settled?.settlements).toMatchObject([{ settlementId: id, revision: 1 }]);
      expect(await town().look.openCases(key)).toEqual([]);
    });

    it('is fetched where the shop shows a payout, and again when it is due, as a difference to the first move', async () => {
      const other = `${id}7`;
      const show = (fee: number) =>
        town().world.shop.shop.payouts.set(other, {
          ...{ payoutId: other, currency: 'USD', issuedAt: `${today}T00:00:00Z`, status: 'PAID' },
          transactions: [
            { id: '1', type: 'charge', amount: 3650, fee, orderId: String(order.id), at: `${today}T00:00:00Z` },
          ],
        });
      const fetched = () => town().look.state<OpenSettlement>(`SETTLEMENT#shopify#main#${other}`);
      const posted = (revision: number) =>
        waitFor(`revision ${revision} to be posted`, async () => {
          const now = await fetched();
          return now?.revision === revision && now.status === 'posted';
        });
      show(FEE);
      await town().world.tick('shopify/poll-payouts');
      await posted(1);
      expect((await fetched())?.collection.file).toBe(
        `settlements/shopify/main/shopify-payouts/collected-${other}.json`,
      );
      expect(await moves(`erp/journal/shopify/main/${other}/`)).toMatchObject([{ state: 'posted' }]);
      show(FEE + 10);
      await request(town().world, { account: 'main', settlementId: other });
      await posted(2);
      expect(await moves(`erp/journal/shopify/main/${other}/`)).toHaveLength(2);
    });

    it('is found from the deposit down to the order and its document, and back', async () => {
      const shown = await town().crossdock('settlements', 'show', key);
      expect(shown.json).toMatchObject({
        status: 'posted',
        journal: [{ operation: journal, operationStatus: 'applied' }],
      });
      const lines = await town().crossdock('settlements', 'lines', key, '--order', String(order.id));
      const erp = (await town().look.state<OpenOrder>(town().orderKey(order)))?.erp;
      expect(lines.json).toMatchObject({ order: town().orderKey(order), erp, lines: [{}, {}] });
      const explained = await town().crossdock('explain', town().orderKey(order));
      expect(JSON.stringify(explained.json)).toContain(`"settlementId":"${id}"`);
      const listed = await town().crossdock('settlements', 'list', '--status', 'posted', '--limit', '500');
      expect(JSON.stringify(listed.json)).toContain(id);
    });

    it('is nothing new the second time', async () => {
      expect((await importing('payout.json', payout(id, order))).code).toBe(0);
      expect(await state()).toMatchObject({ revision: 1, status: 'posted' });
      expect(await moves()).toHaveLength(1);
    });

    it('that has changed is posted as a difference that names the first move', async () => {
      const { code, text } = await importing('payout-again.json', payout(id, order, { fee: FEE + 10 }));
      expect(code, text).toBe(0);
      expect(await state()).toMatchObject({ revision: 2, adjustments: 1, status: 'posted' });
      expect(await moves()).toHaveLength(1);
      const adjusting = `erp/journal/shopify/main/${id}/adjustment/1/${today.slice(0, 7)}`;
      expect(await moves(adjusting)).toMatchObject([{ state: 'posted' }]);
      expect((await town().look.operation(adjusting))?.content).toMatchObject({ adjusts: journal });
    });

    it('that is off by a cent is refused whole, by the stage too, with a case for finance', async () => {
      const off = payout(`${id}9`, order, { off: 1 });
      expect((await importing('off.json', off)).code).toBe(1);
      await layDown(town().world, 'settlements/shopify/main/shopify-payouts/off.json', off);
      const drop = 'DROP#shopify#main';
      await waitFor('the case', async () => (await town().look.openCases(drop)).length > 0);
      expect(await town().look.openCases(drop)).toMatchObject([
        { code: expect.stringMatching(/^SETTLEMENT_REFUSED#off\.json-/), owner: 'finance' },
      ]);
      expect(await town().look.state(`${key}9`)).toBeUndefined();
      expect((await importing('off.json', payout(`${id}9`, order))).code).toBe(0);
      expect(await town().look.openCases(drop)).toEqual([]);
    });

    it('with words that no rule knows is blocked: a case for finance, and nothing in the books', async () => {
      const strange = payout(`${id}8`, order).replace('"charge"', '"mystery"');
      const { code, json, text } = await importing('strange.json', strange);
      expect(code, text).toBe(1);
      expect(json).toMatchObject({ settlements: [{ settlementId: `${id}8`, status: 'blocked', documents: [] }] });
      expect(await town().look.openCases(`${key}8`)).toContainEqual(
        expect.objectContaining({ code: 'SETTLEMENT_BLOCKED', owner: 'finance' }),
      );
      expect(await moves(`erp/journal/shopify/main/${id}8/`)).toEqual([]);
    });
  });
}
