import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handle } from '#application/aggregate.ts';
import type { Store } from '#application/ports/store.ts';
import { onRefundTimer } from '#application/refunds/on-refund-timer.ts';
import { advanceRefund, planRefund } from '#application/refunds/plan-refund.ts';
import { refundOutcome, refundSubject } from '#application/refunds/record-refund-outcome.ts';
import { replanRefund } from '#application/refunds/replan-refund.ts';
import { takeChannelRefund } from '#application/refunds/take-channel-refund.ts';
import { type DecideReturn, decideReturn, type ReturnVerdict } from '#application/returns/decide-return.ts';
import { onReturnEvent } from '#application/workflow/on-return-event.ts';
import { tellReturnOfRefund } from '#application/workflow/tell-return.ts';
import { conservation } from '#core/ledger/conservation.ts';
import type { Outcome } from '#core/operations/operation.ts';
import { afterExecute, begin, replan } from '#core/operations/protocol.ts';
import { refundedOrPending } from '#core/orders/state.ts';
import type { RefundState, RefundStatus } from '#core/refunds/refund.ts';
import { type Contract, envelopeOf } from '#events/envelope.ts';
import * as contracts from '#events/refunds/refund.ts';
import { MemoryIds } from '#platform/memory/runtime.ts';
import { House } from '../returns/house.ts';
import {
  ALL_LINES,
  at,
  inspected,
  instantly,
  ORDER_KEY,
  REFUND_ID,
  REFUND_KEY,
  RETURN_KEY,
  received,
  report,
  unit,
  validate,
  wayTo,
} from '../returns/samples.ts';

const KEY = `channel/refund/shopify/main/5001/${REFUND_ID}`;
const ORDER_ID = { channel: 'shopify', account: 'main', orderId: '5001' };
const APPLIED: Outcome = { kind: 'applied', ref: 'gid://shopify/Refund/99', facts: { amount: 3_650 } };
const REFUSED: Outcome = { kind: 'rejected', reason: { code: 'NOT_REFUNDABLE', message: 'too old' } };

/** A return that waits for its refund. */
async function aHouse(): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  await house.return(...wayTo.stocked);
  return house;
}

async function planned(): Promise<House> {
  const house = await aHouse();
  await planRefund(house.ports, RETURN_KEY, house.cause);
  return house;
}

/** Carries the operation out with this end, as the executor does. */
async function execute(house: House, outcome: Outcome) {
  const row = await house.operation(KEY);
  const beginning = begin(row, house.clock.now(), 'executor-1');
  if (beginning.do !== 'execute') return undefined;
  await house.store.operations.save(beginning.operation, row.revision);
  const ended = afterExecute(beginning.operation, outcome, { read: 'authoritative' }, house.clock.now());
  return refundSubject(house.ports).settle(ended, beginning.operation.revision, house.cause);
}

/** The channel is asked whether it has the refund, and does not know it. */
async function deny(house: House): Promise<void> {
  const sweep = { ...house.ports, ids: new MemoryIds() };
  await onRefundTimer(sweep, { subject: REFUND_KEY, name: 'confirmation-deadline' }, house.clock.now());
  const asked = await house.operation(KEY.replace('channel/refund/', 'channel/refund-confirmation/'));
  const reason = { code: 'REFUND_NOT_FOUND', message: 'the shop shows no refund of ours that moved money' };
  const absent = { ...asked, status: 'rejected', reason, revision: asked.revision + 1 } as const;
  await refundSubject(house.ports).settle(absent, asked.revision, house.cause);
}

async function retry(house: House) {
  const row = await house.operation(KEY);
  const again = replan(row, house.clock.now());
  return again && replanRefund(house.ports, again, row.revision, house.cause);
}

const webhook = (changes: object = {}) =>
  ({
    kind: 'channel-refund',
    orderId: ORDER_ID,
    refund: {
      channelRefundId: '99',
      note: KEY,
      amount: { minor: 3_650, currency: 'USD' },
      lines: ALL_LINES,
      createdAt: '2026-11-27T10:00:00.000Z',
      ...changes,
    },
  }) as const;

const take = (house: House, changes: object = {}) =>
  takeChannelRefund(house.ports)(webhook(changes), house.cause, undefined);
const own = (channelRefundId: string, minor: number) => ({
  channelRefundId,
  note: 'goodwill',
  amount: { minor, currency: 'USD' },
  lines: [],
});

describe('planning a return’s refund', () => {
  it('reserves the money, plans the operation and notes it on the return, all at once', async () => {
    const house = await planned();
    expect((await house.theOrder()).refunds).toEqual([
      {
        refundId: REFUND_ID,
        amount: 3_650,
        parts: { 'line/L1/net': 2_468, 'line/L1/own-tax': 247, 'line/L2/net': 850, 'line/L2/own-tax': 85 },
        lines: ALL_LINES,
        status: 'pending',
        origin: 'crossdock',
      },
    ]);
    expect(await house.theRefund()).toMatchObject({ status: 'planned', amount: 3_650, returnKey: RETURN_KEY });
    expect((await house.theReturn()).refund).toEqual({ refundId: REFUND_ID, amount: 3_650, status: 'planned' });
    expect(await house.operation(KEY)).toMatchObject({
      status: 'planned',
      content: { amount: 3_650, currency: 'USD' },
    });
  });

  it('is done once, however often it is asked for', async () => {
    const house = await planned();
    expect((await planRefund(house.ports, RETURN_KEY, house.cause)).kind).toBe('ignored');
    const other = await aHouse();
    const all = await Promise.all([1, 2, 3].map(() => planRefund(other.ports, RETURN_KEY, other.cause)));
    expect(all.map(({ kind }) => kind).sort()).toEqual(['committed', 'ignored', 'ignored']);
    expect((await other.theOrder()).refunds).toHaveLength(1);
  });

  it('writes nothing when there is nothing to decide', async () => {
    const house = await planned();
    const store: Store = {
      load: (key) => house.store.load(key),
      seen: (mailbox, deliveryId) => house.store.seen(mailbox, deliveryId),
      commit: () => Promise.reject(new Error('nothing must be written')),
    };
    expect((await planRefund({ ...house.ports, store }, RETURN_KEY, house.cause)).kind).toBe('ignored');
  });

  it('is refused before its time', async () => {
    const house = new House();
    await house.shippedOrder();
    await house.return(...wayTo.credited);
    expect(await planRefund(house.ports, RETURN_KEY, house.cause)).toMatchObject({
      kind: 'rejected',
      reason: { code: 'STEP_OUT_OF_ORDER' },
    });
    expect((await house.theOrder()).refunds).toEqual([]);
  });

  it('is blocked when the channel has paid already, and goes on when there is room', async () => {
    const house = await aHouse();
    await take(house, own('7', 100));
    await planRefund(house.ports, RETURN_KEY, house.cause);
    expect((await house.theReturn()).refund).toMatchObject({
      status: 'blocked',
      reason: { code: 'REFUND_ABOVE_PAID' },
    });
    expect(await house.store.operations.get(KEY)).toBeUndefined();
    expect(await house.openCases()).toEqual(['REFUND_BLOCKED']);
    expect((await planRefund(house.ports, RETURN_KEY, house.cause)).kind).toBe('ignored');
    await house.order({
      type: 'take-channel-order',
      order: { ...(await paidMore(house)), version: { updatedAt: 9_000, triggeredAt: 9_000 } },
    });
    expect((await planRefund(house.ports, RETURN_KEY, house.cause)).kind).toBe('committed');
    expect(await house.openCases()).toEqual(['ORDER_AMENDED']);
  });
});

/** The order as its channel tells it after the buyer paid 1.00 for a gift wrap. */
async function paidMore(house: House) {
  const { id, number, placedAt, currency, lines, shipping, customer, total } = await house.theOrder();
  const ordered = lines.map(({ lineId, sku, quantity, net, discount, taxes }) => ({
    lineId,
    sku,
    quantity,
    net,
    discount,
    taxes,
  }));
  const fees = [{ kind: 'gift-wrap', net: 100 }];
  return { id, number, placedAt, currency, lines: ordered, shipping, fees, customer, total: total + 100 };
}

describe('the channel’s answer', () => {
  it('settles the order’s money with the refund', async () => {
    const house = await planned();
    await execute(house, APPLIED);
    expect(await house.theRefund()).toMatchObject({ status: 'issued', ref: 'gid://shopify/Refund/99' });
    expect((await house.theOrder()).refunds).toMatchObject([{ status: 'settled' }]);
    expect((await house.operation(KEY)).status).toBe('applied');
    await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
    expect(await house.theReturn()).toMatchObject({ status: 'stocked', refund: { status: 'issued' } });
  });

  it('closes nothing before the channel’s own report, or its answer when it is asked', async () => {
    const house = await planned();
    await execute(house, APPLIED);
    const [timer] = await house.store.timers.due('2099-01-01T00:00:00.000Z', 10);
    expect(timer).toMatchObject({ subject: REFUND_KEY, name: 'confirmation-deadline' });
    const sweep = { ...house.ports, ids: new MemoryIds() };
    await onRefundTimer(sweep, { subject: REFUND_KEY, name: 'confirmation-deadline' }, house.clock.now());
    await onRefundTimer(sweep, { subject: REFUND_KEY, name: 'confirmation-deadline' }, house.clock.now());
    const asked = await house.operation(KEY.replace('channel/refund/', 'channel/refund-confirmation/'));
    expect(asked).toMatchObject({ kind: 'channel/refund-confirmation', status: 'planned' });

    const subject = refundSubject(house.ports);
    expect(await subject.unwanted?.(asked)).toBeUndefined();
    const absent = { ...asked, status: 'rejected', reason: { code: 'REFUND_NOT_FOUND', message: 'x' } } as const;
    await subject.settle({ ...absent, revision: asked.revision + 1 }, asked.revision, house.cause);
    expect(await house.openCases()).toEqual(['REFUND_UNCONFIRMED']);

    const found = { ...asked, status: 'applied', ref: '99', facts: { amount: 3_650 }, revision: asked.revision + 2 };
    await subject.settle(found as typeof asked, asked.revision + 1, house.cause);
    await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
    expect((await house.theRefund()).status).toBe('confirmed');
    expect((await house.theReturn()).status).toBe('refunded');
    expect(await house.openCases()).toEqual([]);
  });

  describe('that it took and then did not pay', () => {
    const say = (verdict: ReturnVerdict): Omit<DecideReturn, 'apply'> => ({
      returnKey: RETURN_KEY,
      verdict,
      by: 'ana',
    });

    async function unpaid(): Promise<House> {
      const house = await planned();
      await execute(house, APPLIED);
      await deny(house);
      await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
      expect(await house.theReturn()).toMatchObject({ status: 'stocked', refund: { unconfirmed: true } });
      return house;
    }

    /** Says it, and brings the events of it to where they are heard. */
    async function decide(house: House, verdict: ReturnVerdict) {
      const heard = house.published.length;
      const decided = await decideReturn(house.ports, { ...say(verdict), apply: true }, house.cause);
      for (const event of house.published.slice(heard)) await onReturnEvent(house.ports, event);
      return decided;
    }

    it('is confirmed when a person pays it in the channel under our key', async () => {
      const house = await unpaid();
      await take(house, { channelRefundId: '101' });
      await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
      expect(await house.theReturn()).toMatchObject({ status: 'refunded' });
      expect((await house.theOrder()).refunds).toMatchObject([{ amount: 3_650, status: 'settled' }]);
      expect(await house.openCases()).toEqual([]);
    });

    it('gives its money back to the order when the buyer has it otherwise', async () => {
      const house = await unpaid();
      await take(house, own('101', 3_650));
      expect(await house.openCases()).toEqual([expect.stringContaining('OVER_REFUNDED'), 'REFUND_UNCONFIRMED']);
      expect(await decide(house, 'resolve-refund')).toMatchObject({ done: true, status: 'refunded' });
      expect((await house.theOrder()).refunds).toMatchObject([{ origin: 'channel', amount: 3_650 }]);
      expect(await house.openCases()).toEqual([]);
    });

    it('is in front of a person when the channel pays it after the buyer had the money otherwise', async () => {
      const house = await unpaid();
      expect(await decide(house, 'resolve-refund')).toMatchObject({ done: true, status: 'refunded' });
      expect(await house.theRefund()).toMatchObject({ status: 'dropped', otherwise: true });
      // The gateway was slow.
      await take(house);
      expect((await house.theRefund()).status).toBe('confirmed');
      expect(await house.openCases()).toEqual(['REFUND_PAID_AFTER_ALL']);
    });

    it('gives its money back to the order when it is given up', async () => {
      const house = await unpaid();
      expect(await decide(house, 'give-up-refund')).toMatchObject({ done: true });
      expect((await house.theOrder()).refunds).toHaveLength(1);
      const heard = house.published.length;
      await house.return({ type: 'record-compensation', outcome: { kind: 'applied', ref: '44' } });
      for (const event of house.published.slice(heard)) await onReturnEvent(house.ports, event);
      expect(await house.theReturn()).toMatchObject({ status: 'reversed' });
      expect((await house.theOrder()).refunds).toEqual([]);
      expect(conservation(await house.theOrder())).toMatchObject({ conserved: true, remaining: 3_650 });
      expect(await house.openCases()).toEqual(['GOODS_WITHOUT_RETURN']);
    });

    it('that it refused is dropped with its case when the return closes with nothing owed', async () => {
      const house = new House();
      await house.shippedOrder();
      await house.return(instantly);
      await advanceRefund(house.ports, RETURN_KEY, house.cause);
      await execute(house, REFUSED);
      await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
      const worthless = [unit('L1', 2, 'wrong-item'), unit('L2', 1, 'wrong-item')];
      await house.return(report(received()), report(inspected(worthless)), validate);
      expect(await house.openCases()).toContain('REFUND_REFUSED');
      const heard = house.published.length;
      await house.return({ type: 'close', at: at(20) });
      for (const event of house.published.slice(heard)) await onReturnEvent(house.ports, event);
      expect((await house.theRefund()).status).toBe('dropped');
      expect(await house.openCases()).not.toContain('REFUND_REFUSED');
    });

    it('is in nobody’s hands before the channel was asked', async () => {
      const house = await planned();
      await execute(house, APPLIED);
      await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
      for (const verdict of ['resolve-refund', 'give-up-refund'] as const)
        expect(await decide(house, verdict)).toMatchObject({ message: expect.stringContaining('REFUND_NOT_STUCK') });
    });
  });

  it('frees the money when the channel refuses', async () => {
    const house = await planned();
    await execute(house, REFUSED);
    expect((await house.theOrder()).refunds).toEqual([]);
    expect((await house.theOrder()).lines).toMatchObject([{ refunded: 0 }, { refunded: 0 }]);
    expect(await house.openCases()).toEqual(['REFUND_REFUSED']);
    await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
    expect((await house.theReturn()).refund).toMatchObject({ status: 'refused', reason: { code: 'NOT_REFUNDABLE' } });
  });

  it('says what was paid: the order holds that, and no more', async () => {
    const house = await planned();
    await execute(house, { kind: 'applied', ref: '99', facts: { amount: 1_825 } });
    const parts = { 'line/L1/net': 1_234, 'line/L1/own-tax': 124, 'line/L2/net': 425, 'line/L2/own-tax': 42 };
    expect((await house.theOrder()).refunds).toMatchObject([{ amount: 1_825, parts, status: 'settled' }]);
    expect(await house.openCases()).toEqual(['REFUND_DIFFERS']);
    await take(house);
    expect((await house.theOrder()).refunds).toMatchObject([{ amount: 3_650, status: 'settled' }]);
    expect(await house.openCases()).toEqual([]);
    expect(conservation(await house.theOrder()).conserved).toBe(true);
  });

  it('must be one to a refund, with the channel’s id', async () => {
    const row = await (await planned()).operation(KEY);
    expect(() => refundOutcome({ ...row, kind: 'channel/fulfillment' })).toThrow('no refund');
    expect(() => refundOutcome({ ...row, status: 'applied' })).toThrow('without the channel');
  });

  it('is not asked for when no money is held', async () => {
    const house = await planned();
    const subject = refundSubject(house.ports);
    expect(await subject.unwanted?.(await house.operation(KEY))).toBeUndefined();
    await execute(house, REFUSED);
    expect(await subject.unwanted?.(await house.operation(KEY))).toMatchObject({ code: 'REFUND_NOT_RESERVED' });
  });

  it('is not for a return that never planned the refund', async () => {
    const house = await aHouse();
    const id = { ...ORDER_ID, refundId: REFUND_ID };
    const terms = {
      id,
      orderKey: ORDER_KEY,
      returnKey: RETURN_KEY,
      currency: 'USD',
      amount: 1,
      parts: { unassigned: 1 },
      lines: [],
    };
    await handle(house.store, house.ports.refunds, REFUND_KEY, { type: 'plan', terms }, house.cause);
    await expect(tellReturnOfRefund(house.ports, REFUND_KEY, house.cause)).rejects.toMatchObject({
      kind: 'business',
      code: 'REFUND_NOT_PLANNED',
    });
  });

  it('that comes after a refusal is a fact all the same', async () => {
    const house = await planned();
    await execute(house, REFUSED);
    await take(house, own('7', 3_000));
    await take(house);
    expect(await house.theRefund()).toMatchObject({ status: 'confirmed', ref: '99' });
    expect(refundedOrPending(await house.theOrder())).toBe(6_650);
    expect(await house.openCases()).toEqual([`OVER_REFUNDED#${REFUND_ID}`]);
  });
});

describe('trying a refused refund again', () => {
  it('reserves the money anew', async () => {
    const house = await planned();
    await execute(house, REFUSED);
    await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
    expect((await retry(house))?.kind).toBe('committed');
    expect((await house.theOrder()).refunds).toMatchObject([{ status: 'pending', amount: 3_650 }]);
    expect((await house.theReturn()).refund?.status).toBe('planned');
    expect((await house.operation(KEY)).status).toBe('planned');
    await execute(house, APPLIED);
    expect(await house.openCases()).toEqual([]);
    expect((await house.theOrder()).refunds).toMatchObject([{ status: 'settled' }]);
  });

  it('is refused when the money is gone', async () => {
    const house = await planned();
    await execute(house, REFUSED);
    await take(house, own('7', 100));
    expect(await retry(house)).toMatchObject({ kind: 'rejected', reason: { code: 'REFUND_ABOVE_PAID' } });
    expect((await house.operation(KEY)).status).toBe('rejected');
    expect((await house.theRefund()).status).toBe('refused');
  });

  it('is refused when the return was settled by hand', async () => {
    const house = await planned();
    await execute(house, REFUSED);
    await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
    await house.return({ type: 'resolve-refund', by: 'op-7' });
    expect(await retry(house)).toMatchObject({ kind: 'rejected', reason: { code: 'REFUND_PAID' } });
    expect((await house.theOrder()).refunds).toEqual([]);
  });
});

describe('a refund that the channel reports', () => {
  it('confirms our own before its answer is there, and the answer changes nothing', async () => {
    const house = await planned();
    expect(await take(house)).toEqual({ kind: 'committed', subject: REFUND_KEY });
    expect(await house.theRefund()).toMatchObject({ status: 'confirmed', ref: '99' });
    expect((await house.theOrder()).refunds).toMatchObject([{ status: 'settled', origin: 'crossdock' }]);
    expect((await execute(house, APPLIED))?.kind).toBe('ignored');
    expect((await house.operation(KEY)).status).toBe('applied');
    expect((await house.theOrder()).refunds).toHaveLength(1);
  });

  it('confirms our own after its answer, once', async () => {
    const house = await planned();
    await execute(house, APPLIED);
    expect((await take(house)).kind).toBe('committed');
    expect((await take(house)).kind).toBe('ignored');
    expect((await house.theOrder()).refunds).toHaveLength(1);
  });

  it('is known by the channel’s id where the note was lost', async () => {
    const house = await planned();
    await execute(house, APPLIED);
    await take(house, { note: undefined });
    expect((await house.theRefund()).status).toBe('confirmed');
    expect((await house.theOrder()).refunds).toHaveLength(1);
  });

  it('under our key a second time is money paid twice', async () => {
    const house = await planned();
    await take(house);
    await take(house, { channelRefundId: '100' });
    expect(await house.openCases()).toEqual(['OVER_REFUNDED#shopify-100', 'REFUNDED_TWICE']);
    expect(refundedOrPending(await house.theOrder())).toBe(7_300);
    expect((await take(house, { channelRefundId: '100' })).kind).toBe('ignored');
  });

  it('of its own counts against the ceiling, once', async () => {
    const house = await aHouse();
    expect((await take(house, own('7', 1_000))).kind).toBe('committed');
    expect((await take(house, own('7', 1_000))).kind).toBe('ignored');
    expect((await house.theOrder()).refunds).toMatchObject([
      { refundId: 'shopify-7', amount: 1_000, status: 'settled' },
    ]);
    expect(await house.theRefund('REFUND#shopify#main#5001#shopify-7')).toMatchObject({ status: 'recorded', ref: '7' });
    expect(house.types('refund.')).toEqual(['refund.recorded.v1']);
  });

  it('of what ours is for as well is too much at once, until ours is refused', async () => {
    const house = await planned();
    const stated = { lines: [{ lineId: 'L2', subtotal: 800, tax: 85 }] };
    await take(house, { ...own('7', 885), lines: [{ lineId: 'L2', quantity: 1 }], stated });
    expect((await house.theOrder()).refunds).toMatchObject([
      { refundId: REFUND_ID, status: 'pending' },
      { refundId: 'shopify-7', parts: { 'line/L2/net': 800, 'line/L2/own-tax': 85 } },
    ]);
    expect(
      (await house.store.cases.listOpen({ limit: 9 })).map(({ code, moneyAtRisk }) => [code, moneyAtRisk]),
    ).toEqual([['OVER_REFUNDED#shopify-7', { minor: 885, currency: 'USD' }]]);
    await execute(house, REFUSED);
    expect(await house.openCases()).toEqual(['REFUND_REFUSED']);
    expect(conservation(await house.theOrder())).toMatchObject({ conserved: true, remaining: 3_650 - 885 });
  });

  it('takes its units once, though it was refused before', async () => {
    const house = await planned();
    await execute(house, REFUSED);
    await take(house);
    expect((await house.theOrder()).refunds).toMatchObject([{ refundId: REFUND_ID, origin: 'crossdock' }]);
    expect((await house.theRefund()).status).toBe('confirmed');
  });

  it('with the note of a refund that we never planned is the channel’s own', async () => {
    const house = await aHouse();
    await take(house);
    expect((await house.theOrder()).refunds).toMatchObject([{ refundId: 'shopify-99', origin: 'channel' }]);
  });

  it('of nothing is no refund', async () => {
    const house = await aHouse();
    expect(await take(house, own('7', 0))).toMatchObject({ kind: 'ignored', why: 'no money moved' });
  });

  it.each([
    ['CURRENCY_MISMATCH', { amount: { minor: 3_650, currency: 'EUR' } }],
    ['AMOUNT_NEGATIVE', { amount: { minor: -1, currency: 'USD' } }],
  ])('is parked: %s', async (code, changes) => {
    const house = await planned();
    await expect(take(house, changes)).rejects.toMatchObject({ kind: 'poison', code });
    expect((await house.theRefund()).status).toBe('planned');
  });

  it('is parked when its order never arrived', async () => {
    const house = new House();
    await expect(take(house)).rejects.toMatchObject({ kind: 'poison', code: 'ORDER_UNKNOWN' });
  });

  it('is marked in the inbox', async () => {
    const house = await planned();
    const mark = { mailbox: 'shopify#main', deliveryId: 'd1', outcome: 'applied' as const, receivedAt: 'x' };
    const taken = () => takeChannelRefund(house.ports)(webhook(), house.cause, mark);
    expect((await taken()).kind).toBe('committed');
    expect((await taken()).kind).toBe('seen');
    expect(await house.store.seen('shopify#main', 'd1')).toMatchObject({ subject: REFUND_KEY });
  });
});

/** What the order must hold for a refund, by how it stands. */
const MONEY_OF: Readonly<Record<RefundStatus, 'pending' | 'settled' | undefined>> = {
  none: undefined,
  planned: 'pending',
  issued: 'settled',
  confirmed: 'settled',
  refused: undefined,
  recorded: 'settled',
  dropped: undefined,
};

describe('refund ceilings', () => {
  it('hold under any sequence: what we reserve never takes an order beyond what was paid', async () => {
    const step = fc.constantFrom('plan', 'apply', 'refuse', 'retry', 'confirm', 'own-small', 'own-large', 'tell');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
        const house = await aHouse();
        let owned = 0;
        for (const one of steps) {
          const before = await house.theOrder();
          await perform(house, one, owned);
          if (one.startsWith('own')) owned += 1;
          const after = await house.theOrder();
          const grew = refundedOrPending(after) > refundedOrPending(before);
          // Only what the channel did by itself may go beyond; our own plans may not.
          const ours = after.refunds.filter(({ status }) => status === 'pending');
          if (grew && ours.length > 0 && !one.startsWith('own')) {
            expect(refundedOrPending(after)).toBeLessThanOrEqual(after.total);
          }
          const status = (await house.store.load<RefundState>(REFUND_KEY))?.state.status ?? 'none';
          const share = after.refunds.find(({ refundId }) => refundId === REFUND_ID);
          expect(share?.status, `${one}: ${status}`).toBe(MONEY_OF[status]);
          expect(after.refunds.filter(({ refundId }) => refundId === REFUND_ID).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

async function perform(house: House, step: string, owned: number): Promise<void> {
  const operation = await house.store.operations.get(KEY);
  if (step === 'plan') await planRefund(house.ports, RETURN_KEY, house.cause);
  if (step === 'apply' && operation) await execute(house, APPLIED);
  if (step === 'refuse' && operation) await execute(house, REFUSED);
  if (step === 'retry' && operation) await retry(house);
  if (step === 'confirm' && operation) await take(house);
  if (step === 'own-small') await take(house, own(`small-${owned}`, 100));
  if (step === 'own-large') await take(house, own(`large-${owned}`, 3_000));
  if (step === 'tell') await tellReturnOfRefund(house.ports, REFUND_KEY, house.cause);
}

describe('published events', () => {
  it('keep their contracts', async () => {
    const house = await planned();
    await execute(house, REFUSED);
    await retry(house);
    await execute(house, APPLIED);
    await deny(house);
    await take(house);
    await take(house, own('7', 1));
    const all: readonly Contract[] = Object.values(contracts);
    const published = house.published.filter(({ type }) => type.startsWith('refund.'));
    for (const { type, envelope } of published) {
      const contract = all.find((one) => one.type === type);
      if (!contract) throw new Error(`no contract ${type}`);
      expect(envelopeOf(contract).safeParse(envelope).error?.issues, type).toBeUndefined();
    }
    expect(new Set(published.map(({ type }) => type))).toEqual(new Set(all.map(({ type }) => type)));
    expect((await house.theOrder(ORDER_KEY)).refunds).toHaveLength(2);
  });
});
