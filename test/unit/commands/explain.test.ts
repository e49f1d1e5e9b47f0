import { describe, expect, it } from 'vitest';
import { handle } from '#application/aggregate.ts';
import { claimAggregate } from '#application/claims/aggregates.ts';
import { type ClaimLine, claimKey } from '#core/claims/claim.ts';
import type { ClaimCommand } from '#core/claims/decider.ts';
import { UNASSIGNED } from '#core/ledger/buckets.ts';
import { eventDetail } from '../../../bin/commands/explain/event-detail.ts';
import { find } from '../../../bin/commands/explain/find.ts';
import { orderMoney } from '../../../bin/commands/explain/money.ts';
import { shortName } from '../../../bin/commands/explain/names.ts';
import { timeline } from '../../../bin/commands/explain/timeline.ts';
import { told } from '../../../bin/commands/explain.ts';
import { House } from '../returns/house.ts';
import { ORDER_KEY, REFUND_ID, REFUND_KEY, RETURN_KEY } from '../returns/samples.ts';
import { aToldHouse, pay, REFUND_OPERATION, storyOf, tablesOf } from './story.ts';

describe('the story of an order', () => {
  it('holds its returns and refunds, and every operation of all of them', async () => {
    const { chapters, operations } = await storyOf(await aToldHouse());
    expect(chapters.map(({ key }) => key)).toEqual([ORDER_KEY, RETURN_KEY, REFUND_KEY]);
    expect(operations.map(({ kind }) => kind).sort()).toEqual([
      'channel/fulfillment',
      'channel/refund',
      'erp/credit-memo',
      'erp/item-receipt',
      'erp/sales-order',
      'erp/stock-move',
    ]);
  });

  it('of a return holds its refund, and names the order', async () => {
    const { chapters, partOf } = await storyOf(await aToldHouse(), RETURN_KEY);
    expect(chapters.map(({ key }) => key)).toEqual([RETURN_KEY, REFUND_KEY]);
    expect(partOf).toEqual([ORDER_KEY]);
  });
});

describe('the story of a supplier claim', () => {
  it('tells what is claimed and what became of its credit note', async () => {
    const house = new House();
    const id = { supplier: 'acme', period: '2026-11' };
    const line: ClaimLine = {
      ...{ key: `${RETURN_KEY}/INS1/L2/0`, returnKey: RETURN_KEY, orderNumber: '#1001', lineId: 'L2', sku: 'MUG-BLUE' },
      ...{ quantity: 2, condition: 'damaged', disposition: 'dispose', basis: 'defective', inspectionId: 'INS1' },
      ...{ inspectedAt: '2026-11-26T12:00:00.000Z', unitCost: { minor: 300, currency: 'USD' } },
    };
    const erp = { connector: 'tryton', account: 'main' };
    const reason = { code: 'SUPPLIER_UNKNOWN', message: 'no such party' };
    const commands: ClaimCommand[] = [
      { type: 'change-lines', id, put: [line], remove: [] },
      { type: 'close', currentPeriod: '2026-12', erp, by: 'op-7', at: '2026-12-01T08:00:00.000Z' },
      { type: 'record-document-refusal', nth: 1, reason },
    ];
    for (const command of commands) await handle(house.store, claimAggregate, claimKey(id), command, house.cause);
    const [key] = await find(tablesOf(house), 'erp/supplier-claim/acme/2026-11/1');
    const { text } = told(await storyOf(house, key));
    for (const part of [
      'SC-acme-2026-11; 2 units in 1 line; 6.00 USD',
      'refused: SUPPLIER_UNKNOWN',
      'CLAIM_DOCUMENT_REFUSED#1',
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe('the timeline', () => {
  it('has events and operations of all subjects, oldest first, each with its cause', async () => {
    const house = await aToldHouse();
    await pay(house);
    const entries = timeline(await storyOf(house));
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort());
    const first = entries[0];
    expect(first).toMatchObject({
      what: 'order.captured.v1',
      subject: ORDER_KEY,
      cause: 'cause-1',
      correlationId: 'corr-1',
    });
    expect(
      entries.filter(({ detail }) => detail.startsWith(REFUND_OPERATION)).map(({ what, at }) => [what, at]),
    ).toEqual([
      ['operation planned', '2026-11-25T10:00:00.000Z'],
      ['operation applied', '2026-11-25T10:01:00.000Z'],
    ]);
  });

  it('says of an operation which event had it planned', async () => {
    const entries = timeline(await storyOf(await aToldHouse()));
    const planned = entries.find(({ detail }) => detail.startsWith(REFUND_OPERATION));
    const event = entries.find(({ what }) => what === 'refund.planned.v1');
    expect(planned?.cause).toBe(`${REFUND_KEY}/1`);
    expect(entries.indexOf(event as never)).toBeLessThan(entries.indexOf(planned as never));
  });

  it('tells any event by its form: money, lines, reasons', () => {
    expect(
      eventDetail({
        orderId: '5001',
        erpNumber: 'S0007',
        refund: { minor: 3650, currency: 'USD' },
        lines: [{ lineId: 'L1', quantity: 2 }],
        reason: { code: 'SKU_UNKNOWN', message: 'no such SKU' },
        complete: true,
        note: undefined,
      }),
    ).toBe('erp number S0007, refund 36.50 USD, lines 2 × L1, reason SKU_UNKNOWN: no such SKU, complete yes');
  });
});

describe('the money of an order', () => {
  it('counts a refund as pending until the channel has paid it', async () => {
    const house = await aToldHouse();
    expect(orderMoney(await storyOf(house))).toMatchObject({
      paid: { minor: 3650, currency: 'USD' },
      pending: { minor: 3650 },
      settled: { minor: 0 },
      left: { minor: 0 },
      onNoLine: { minor: 0 },
    });
    await pay(house);
    expect(orderMoney(await storyOf(house))).toMatchObject({ pending: { minor: 0 }, settled: { minor: 3650 } });
  });

  it('tells each line apart, in units and in money', async () => {
    const money = orderMoney(await storyOf(await aToldHouse()));
    expect(money?.lines).toMatchObject([
      { lineId: 'L1', ordered: 2, shipped: 2, refundedUnits: 2, paid: { minor: 2715 }, refunded: { minor: 2715 } },
      { lineId: 'L2', ordered: 1, shipped: 1, refundedUnits: 1, paid: { minor: 935 }, refunded: { minor: 935 } },
    ]);
  });

  it('puts what a channel refunded on the lines it was for, and on none where nobody says', async () => {
    const house = new House();
    await house.shippedOrder();
    const parts = { 'line/L2/net': 300, [UNASSIGNED]: 200 };
    const share = { refundId: 'shopify-77', amount: 500, parts, lines: [{ lineId: 'L2', quantity: 1 }] };
    await house.order({ type: 'record-refund', origin: 'channel', share });
    expect(orderMoney(await storyOf(house))).toMatchObject({
      settled: { minor: 500 },
      onNoLine: { minor: 200 },
      lines: [{ refunded: { minor: 0 } }, { refunded: { minor: 300 } }],
    });
  });

  it('is proved by its ledger', async () => {
    const house = await aToldHouse();
    const { json, text } = told(await storyOf(house));
    expect(json).toMatchObject({ ledger: { conservation: { conserved: true, refundedPending: 3_650, remaining: 0 } } });
    expect(text).toContain('money conserved: yes');
    const share = { refundId: 'shopify-77', amount: 1, parts: { [UNASSIGNED]: 1 }, lines: [] };
    await house.order({ type: 'record-refund', origin: 'channel', share });
    expect(told(await storyOf(house)).text).toContain('money conserved: no\n  0.01 USD too much on the order');
    expect(told(await storyOf(house, RETURN_KEY)).text).not.toContain('money conserved');
  });
});

describe('an explanation', () => {
  it('holds nothing personal, and says what it waits for', async () => {
    const house = await aToldHouse();
    const { json, text } = told(await storyOf(house));
    expect(JSON.stringify(json) + text).not.toMatch(/norman|chestnut|mail\.example|207119551/i);
    expect(json).toMatchObject({
      subject: ORDER_KEY,
      waiting: expect.arrayContaining([expect.objectContaining({ what: `${REFUND_OPERATION} (planned)` })]),
    });
    expect(text).toContain('not called yet');
  });
});

describe('finding what an id means', () => {
  const found = async (id: string, accounts?: Parameters<typeof tablesOf>[1]) =>
    find(tablesOf(await aToldHouse(), accounts), id);

  it.each([
    ['an aggregate key', ORDER_KEY, ORDER_KEY],
    ['an event id', `${ORDER_KEY}/3`, ORDER_KEY],
    ['an operation key', 'erp/sales-order/shopify/main/5001', ORDER_KEY],
    ["a step's operation key", 'erp/item-receipt/loop/main/R1', RETURN_KEY],
    ["the channel's id", '5001', ORDER_KEY],
    ['the number people use, without its sign', '1001', ORDER_KEY],
    ['the ERP’s number', 'S0007', ORDER_KEY],
    ['a number that the order shares with its own return', '1', ORDER_KEY],
    ["the platform's id", 'R1', RETURN_KEY],
    ['a refund id of ours', REFUND_ID, REFUND_KEY],
    ['a delivery', 'orders/create:d1', ORDER_KEY],
    ['a delivery that is parked', 'orders/create:d2', ORDER_KEY],
  ])('takes %s', async (_what, id, key) => expect(await found(id)).toEqual([key]));

  it('answers nothing for what nobody knows', async () => {
    for (const id of ['nope', 'ORDER#shopify#main#nope', 'erp/sales-order/shopify/main/nope']) {
      expect(await found(id)).toEqual([]);
    }
  });

  it('answers every place where the same id is known', async () => {
    const house = await aToldHouse();
    await house.shippedOrder({ id: { channel: 'shopify', account: 'second', orderId: '5001' } });
    const accounts = ['main', 'second'].map((account) => ({ connector: 'shopify', account }));
    expect(await find(tablesOf(house, accounts), '5001')).toEqual([ORDER_KEY, 'ORDER#shopify#second#5001']);
  });

  it('calls things by their short names', () => {
    expect([ORDER_KEY, REFUND_KEY, 'TARGET#tryton#main'].map(shortName)).toEqual([
      'order 5001',
      `refund ${REFUND_ID}`,
      'tryton/main',
    ]);
  });
});
