import { describe, expect, it } from 'vitest';
import { planRefund } from '#application/refunds/plan-refund.ts';
import { settleExchange, settleStoreCredit } from '#application/refunds/settle-outcome.ts';
import { takeChannelRefund } from '#application/refunds/take-channel-refund.ts';
import { authorizationRequestSchema } from '#application/returns/authorization-request.ts';
import { decideReturn } from '#application/returns/decide-return.ts';
import { returnSubject } from '#application/returns/return-subject.ts';
import { onReturnEvent } from '#application/workflow/on-return-event.ts';
import { takeWaitStep } from '#application/workflow/take-wait-step.ts';
import { conservation } from '#core/ledger/conservation.ts';
import { ledgerOf } from '#core/ledger/of-order.ts';
import { refundIdOfExchange, refundIdOfReturn } from '#core/refunds/refund.ts';
import { authorizeLines } from '#core/returns/credit.ts';
import { isLeftOut } from '#core/returns/decide-step.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { returnableUnits } from '#core/returns/policy.ts';
import type { ReplacementLine, ReturnProgress } from '#core/returns/return.ts';
import type { Finance, OpenReturn } from '#core/returns/state.ts';
import { casesOf, decided, effectsOf, stateAfter } from './given-return.ts';
import { House } from './house.ts';
import {
  anAuthorization,
  at,
  authorize,
  authorizedBy,
  inFront,
  inspected,
  kept,
  REFUND_ID,
  RETURN_KEY,
  received,
  refunded,
  report,
  shippedOrder,
  step,
  stepApplied,
  unit,
  validate,
  validateKept,
  wayTo,
  wholeWay,
} from './samples.ts';

const close: ReturnCommand = { type: 'close', at: at(20) };
const pay: ReturnCommand = { type: 'plan-refund', refundId: REFUND_ID };

async function aHouse(...commands: readonly ReturnCommand[]): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  await house.return(...commands);
  return house;
}

async function balances(house: House): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { postings } of ledgerOf(await house.theOrder()).entries)
    for (const { account, amount } of postings) sums[account] = (sums[account] ?? 0) + amount;
  return sums;
}

describe('goods that the buyer keeps', () => {
  const credited = [authorize, kept, validateKept, step('credit-memo'), stepApplied('credit-memo', '21')];

  it('are credited and refunded without a receipt or a stock move', () => {
    expect(stateAfter(authorize, kept, validateKept)).toMatchObject({
      status: 'approved',
      finance: { withoutGoods: true, moves: [], refund: 3_650 },
    });
    for (const name of ['item-receipt', 'stock-move', 'exchange'] as const)
      expect(decided([authorize, kept, validateKept], step(name))).toMatchObject({ kind: 'ignored' });
    expect(effectsOf(...credited.slice(0, 4)).operations).toMatchObject([
      {
        key: 'erp/credit-memo/loop/main/R1',
        content: { total: 3_650, withoutGoods: { salesOrderRef: '7', lines: [{ lineId: 'L1' }, { lineId: 'L2' }] } },
      },
    ]);
    expect(stateAfter(...credited, pay, refunded('paid'), close).status).toBe('closed');
  });

  it('need a person above the limit for keeping, whatever the limit for returning is', () => {
    expect(stateAfter(authorize, kept, { ...validate, limits: { USD: 9_999 } }).status).toBe('awaiting-approval');
  });

  it('pass the steps of goods by in the workflow', async () => {
    const house = await aHouse(authorize, kept, validateKept);
    for (const name of ['receipt', 'inspection', 'item-receipt', 'stock-move', 'exchange']) {
      house.engine.wait(name);
      expect(
        await takeWaitStep(house.ports, { taskToken: name, returnKey: RETURN_KEY, step: name, patienceSeconds: 3_600 }),
      ).toBe('resumed');
    }
    house.engine.wait('memo');
    const memo = { taskToken: 'memo', returnKey: RETURN_KEY, step: 'credit-memo', patienceSeconds: 3_600 };
    expect(await takeWaitStep(house.ports, memo)).toBe('waiting');
    expect((await house.operation('erp/credit-memo/loop/main/R1')).status).toBe('planned');
  });

  it('are a late matter once the refund is fixed', () => {
    expect(stateAfter(...wholeWay.slice(0, 4), kept).status).toBe('approved');
    expect(stateAfter(...wholeWay.slice(0, 4), kept)).not.toHaveProperty('finance.withoutGoods');
  });
});

const replacement = (net: number, collected = 0): ReturnProgress => {
  const line: ReplacementLine = { lineId: 'X1', sku: 'TSHIRT-L', quantity: 1, net, taxes: [] };
  return {
    type: 'resolution-chosen',
    occurredAt: at(2),
    resolution: 'exchange',
    currency: 'USD',
    replacement: { lines: [line], collected },
  };
};
const exchanging = (net: number, collected = 0): readonly ReturnCommand[] => [
  authorize,
  report(replacement(net, collected)),
  ...wholeWay.slice(1, 10),
];

describe('an exchange', () => {
  it('sells the replacement once, under the key of its return', () => {
    const [operation] = effectsOf(...exchanging(3_650), step('exchange')).operations;
    expect(operation).toMatchObject({
      key: 'erp/sales-order/exchange/loop/main/R1',
      kind: 'erp/sales-order',
      subject: RETURN_KEY,
      content: {
        number: 'RMA-0000000001',
        total: 3_650,
        lines: [{ sku: 'TSHIRT-L', quantity: 1 }],
        replaces: { salesOrderRef: '7' },
      },
    });
    expect(decided([...exchanging(3_650), step('exchange')], step('exchange'))).toMatchObject({ kind: 'ignored' });
    expect(decided(exchanging(3_650), pay)).toMatchObject({ reason: { code: 'EXCHANGE_NOT_BOOKED' } });
  });

  it('pays what the replacement is not worth', () => {
    const way = [...exchanging(3_000), step('exchange'), stepApplied('exchange', '31')];
    expect(stateAfter(...way, pay)).toMatchObject({ refund: { amount: 650, status: 'planned' } });
    const even = [...exchanging(3_650), step('exchange'), stepApplied('exchange', '31'), pay];
    expect(stateAfter(...even)).toMatchObject({ status: 'refunded', refund: { amount: 0, status: 'paid' } });
  });

  it('of a higher price needs the difference to be collected, or a person', () => {
    const upTo = [authorize, report(replacement(4_000, 350)), ...wholeWay.slice(1, 4)];
    expect(stateAfter(...upTo)).toMatchObject({ finance: { outcome: 'approved' } });
    for (const collected of [0, 349, 351]) {
      const unpaid = [authorize, report(replacement(4_000, collected)), ...wholeWay.slice(1, 4)];
      expect(stateAfter(...unpaid)).toMatchObject({ finance: { doubts: [{ code: 'EXCHANGE_UNPAID' }] } });
    }
  });

  it('whose goods nobody has named is paid, once a person agrees', async () => {
    const unnamed = report({ type: 'resolution-chosen', occurredAt: at(2), resolution: 'exchange' });
    const asked = [authorize, unnamed, ...wholeWay.slice(1, 4)];
    expect(stateAfter(...asked)).toMatchObject({ finance: { doubts: [{ code: 'EXCHANGE_UNKNOWN' }] } });
    const house = await aHouse(...asked, { type: 'approve', by: 'ben', at: at(14) }, ...wholeWay.slice(4, 10));
    house.engine.wait('exchange');
    const wait = { taskToken: 'exchange', returnKey: RETURN_KEY, step: 'exchange', patienceSeconds: 3_600 };
    expect(await takeWaitStep(house.ports, wait)).toBe('resumed');
    await planRefund(house.ports, RETURN_KEY, house.cause);
    expect(await house.theReturn()).toMatchObject({ refund: { amount: 3_650, status: 'planned' } });
    // The platform names them too late.
    await house.return(report({ ...replacement(3_650), occurredAt: at(16) } as ReturnProgress));
    expect(await house.openCases()).toContain('RESOLUTION_CHANGED_LATE');
  });

  it('that was agreed to without its goods, when that could be, holds nothing up', () => {
    const { finance } = stateAfter(...wholeWay.slice(0, 4)) as OpenReturn;
    expect(isLeftOut('exchange', { finance: { ...(finance as Finance), resolution: 'exchange' } })).toBe(true);
  });

  describe('that the ERP refuses to sell', () => {
    const KEY = 'erp/sales-order/exchange/loop/main/R1';
    const instead: ReturnCommand = { type: 'pay-instead', by: 'ana', at: at(17) };
    const refusal = { kind: 'refused', reason: { code: 'SKU_NOT_SALABLE', message: 'discontinued' } } as const;
    const refused = { type: 'record-step-outcome', step: 'exchange', outcome: refusal } as const;
    const stuck = [...exchanging(3_000), step('exchange'), refused];

    it('is paid by a person’s word, in full', async () => {
      expect(effectsOf(...stuck).openCases[0]?.suggestedFix).toContain('crossdock returns pay-instead R1 --apply');
      const house = await aHouse(...stuck, instead);
      expect(await house.openCases()).not.toContain('EXCHANGE_REFUSED');
      await planRefund(house.ports, RETURN_KEY, house.cause);
      expect((await house.theOrder()).refunds).toMatchObject([{ amount: 3_650, status: 'pending' }]);
      expect(stateAfter(...stuck, instead)).toMatchObject({ finance: { paidInstead: { by: 'ana' } } });
    });

    it('is not sold as well', async () => {
      const house = await aHouse(...stuck);
      const row = await house.operation(KEY);
      const { unwanted } = returnSubject(house.ports);
      expect(await unwanted?.(row)).toBeUndefined();
      await house.return(instead);
      expect(await unwanted?.(row)).toMatchObject({ code: 'EXCHANGE_DROPPED' });
      expect(decided([...stuck, instead], refused)).toMatchObject({ kind: 'ignored' });
      // A try that was on its way.
      expect(decided([...stuck, instead], stepApplied('exchange', '31'))).toMatchObject({
        reason: { code: 'EXCHANGE_DROPPED' },
      });
    });

    it('is paid instead only while it may not have been sold, and was agreed to', () => {
      const others = [
        wayTo.stocked,
        [...exchanging(3_000), step('exchange')],
        [...exchanging(3_000), step('exchange'), stepApplied('exchange', '31')],
        [authorize, report(replacement(4_000)), ...wholeWay.slice(1, 4)],
      ];
      for (const other of others)
        expect(decided(other, instead)).toMatchObject({ reason: { code: 'EXCHANGE_NOT_OPEN' } });
      expect(decided([...stuck, instead], instead)).toMatchObject({ kind: 'ignored' });
    });
  });

  it('in another currency than the order’s is refused', () => {
    const other = { ...replacement(3_650), currency: 'EUR' } as ReturnProgress;
    expect(decided([authorize], report(other))).toMatchObject({ reason: { code: 'CURRENCY_MISMATCH' } });
  });

  it('counts against the order, together with what is paid, to the cent', async () => {
    const house = await aHouse(...exchanging(3_000), step('exchange'));
    const row = await house.operation('erp/sales-order/exchange/loop/main/R1');
    const sold = {
      ...row,
      status: 'applied',
      ref: '31',
      facts: { number: 'S0031' },
      revision: row.revision + 1,
    } as const;
    await returnSubject(house.ports).settle(sold, row.revision, house.cause);
    expect((await house.theReturn()).steps.exchange).toMatchObject({ status: 'applied', number: 'S0031' });
    await planRefund(house.ports, RETURN_KEY, house.cause);
    expect(await settleExchange(house.ports, RETURN_KEY, house.cause)).toMatchObject({ kind: 'ignored' });
    const order = await house.theOrder();
    expect(order.refunds).toMatchObject([
      { amount: 3_000, status: 'settled', means: 'exchange' },
      { amount: 650, status: 'pending', refundId: REFUND_ID },
    ]);
    expect(order.lines.map((line) => line.refunded)).toEqual([2, 1]);
    expect(conservation(order)).toMatchObject({ conserved: true, remaining: order.total - 3_650 });
    expect(await balances(house)).toMatchObject({ exchange: -3_000, buyer: -650 });
  });

  it('is kept under an id that no return’s refund can have', () => {
    const { id } = anAuthorization();
    expect(refundIdOfExchange(id)).not.toBe(refundIdOfReturn({ ...id, returnId: 'R1.exchange' }));
    const { returnId } = authorizationRequestSchema.shape;
    expect(returnId.safeParse('R1.exchange').success).toBe(true);
    expect(returnId.safeParse(refundIdOfExchange(id)).success).toBe(false);
  });

  it('takes its units once: the others can still come back', async () => {
    const one = [{ lineId: 'L1', quantity: 1 }];
    const house = await aHouse(
      { type: 'authorize', authorization: anAuthorization(), authorized: authorizeLines(shippedOrder(), one) },
      ...[report(replacement(1_357)), report(received(one)), report(inspected([unit('L1', 1)]))],
      ...[...wholeWay.slice(3, 10), step('exchange'), stepApplied('exchange', '31')],
    );
    await planRefund(house.ports, RETURN_KEY, house.cause);
    const order = await house.theOrder();
    expect(order.refunds).toMatchObject([{ means: 'exchange', origin: 'crossdock' }]);
    expect(returnableUnits(order, 'L1')).toBe(1);
  });

  it('is not taken for a refund of the channel’s own that has the number of its sales order', async () => {
    const house = await aHouse(...exchanging(3_000), step('exchange'), stepApplied('exchange', '31'));
    await planRefund(house.ports, RETURN_KEY, house.cause);
    const orderId = { channel: 'shopify', account: 'main', orderId: '5001' };
    const refund = { channelRefundId: '31', amount: { minor: 100, currency: 'USD' }, lines: [], createdAt: at(15) };
    await takeChannelRefund(house.ports)({ kind: 'channel-refund', orderId, refund }, house.cause, undefined);
    expect((await house.theOrder()).refunds).toMatchObject([{}, {}, { refundId: 'shopify-31', origin: 'channel' }]);
  });
});

const refuse: ReturnCommand = { type: 'refuse', by: 'ben', at: at(14) };
const issued: ReturnProgress = {
  type: 'credit-issued',
  creditId: 'SC-1',
  occurredAt: at(4),
  kind: 'store-credit',
  currency: 'USD',
  amount: 3_650,
};
const wanted = report({ type: 'resolution-chosen', occurredAt: at(2), resolution: 'store-credit' });
const stocked = [authorize, wanted, ...wholeWay.slice(1, 10)];

describe('store credit', () => {
  it('is waited for and pays nothing through the channel', async () => {
    const house = await aHouse(...stocked);
    await planRefund(house.ports, RETURN_KEY, house.cause);
    expect(await house.openCases()).toEqual(['STORE_CREDIT_DUE']);
    await expect(house.operation(`channel/refund/shopify/main/5001/${REFUND_ID}`)).rejects.toThrow('no operation');
    expect((await house.theOrder()).refunds).toMatchObject([
      { amount: 3_650, status: 'pending', means: 'store-credit' },
    ]);
  });

  it.each(['before', 'after'])('closes the return when it is issued, %s it is waited for', async (when) => {
    const house = await aHouse(...stocked, ...(when === 'before' ? [report(issued)] : []));
    const enter = async () => {
      house.engine.wait('refund');
      await takeWaitStep(house.ports, {
        taskToken: 'refund',
        returnKey: RETURN_KEY,
        step: 'refund',
        patienceSeconds: 3_600,
      });
    };
    await enter();
    if (when === 'after') {
      await house.return(report(issued));
      const event = house.published.find(({ type }) => type === 'return.store-credit-issued.v1');
      if (!event) throw new Error('it is published');
      await onReturnEvent(house.ports, event);
      await onReturnEvent(house.ports, event);
    }
    expect(await house.theReturn()).toMatchObject({ status: 'refunded', refund: { status: 'paid' } });
    expect(await house.theRefund()).toMatchObject({ status: 'confirmed', ref: 'SC-1' });
    expect(await house.openCases()).toEqual([]);
    expect(await balances(house)).toMatchObject({ 'store-credit': -3_650, buyer: 0 });
    expect(await settleStoreCredit(house.ports, RETURN_KEY, house.cause)).toMatchObject({ kind: 'ignored' });
  });

  it('lets the step go on that was cut off between planning the refund and counting the credit', async () => {
    const house = await aHouse(...stocked);
    await planRefund(house.ports, RETURN_KEY, house.cause);
    await house.return(report(issued));
    house.engine.wait('refund');
    const refund = { taskToken: 'refund', returnKey: RETURN_KEY, step: 'refund', patienceSeconds: 3_600 };
    expect(await takeWaitStep(house.ports, refund)).toBe('resumed');
  });

  it('of another amount is in front of a person', async () => {
    const house = await aHouse(...stocked, report({ ...issued, amount: 3_000 } as ReturnProgress));
    await planRefund(house.ports, RETURN_KEY, house.cause);
    await settleStoreCredit(house.ports, RETURN_KEY, house.cause);
    expect((await house.theOrder()).refunds).toMatchObject([{ amount: 3_000, status: 'settled' }]);
    expect(await house.openCases()).toEqual(['REFUND_DIFFERS']);
  });
});

describe('store credit that the platform does not report', () => {
  const say = async (house: House, verdict: 'resolve-refund' | 'give-up-refund') => {
    await planRefund(house.ports, RETURN_KEY, house.cause);
    const heard = house.published.length;
    await decideReturn(house.ports, { returnKey: RETURN_KEY, verdict, by: 'ana', apply: true }, house.cause);
    for (const event of house.published.slice(heard)) await onReturnEvent(house.ports, event);
  };

  it('counts as issued when a person says so, and once only', async () => {
    const house = await aHouse(...stocked);
    await say(house, 'resolve-refund');
    expect((await house.theReturn()).status).toBe('refunded');
    expect(await balances(house)).toMatchObject({ 'store-credit': -3_650, buyer: 0 });
    await house.return(report(issued));
    await settleStoreCredit(house.ports, RETURN_KEY, house.cause);
    expect((await house.theOrder()).refunds).toMatchObject([{ amount: 3_650, status: 'settled' }]);
    expect(await house.openCases()).toEqual([]);
  });

  it('holds nothing of the order when it is given up', async () => {
    const house = await aHouse(...stocked);
    await say(house, 'give-up-refund');
    await house.return({ type: 'record-compensation', outcome: { kind: 'applied', ref: '44' } });
    const reversed = house.published.find(({ type }) => type === 'return.reversed.v1');
    if (reversed) await onReturnEvent(house.ports, reversed);
    expect((await house.theOrder()).refunds).toEqual([]);
    expect(await house.openCases()).toEqual(['GOODS_WITHOUT_RETURN']);
  });
});

describe('store credit that comes again', () => {
  const piece = (creditId: string, amount: number) => report({ ...issued, creditId, amount } as ReturnProgress);
  const tell = async (house: House, ...credits: readonly ReturnCommand[]) => {
    for (const credit of credits) {
      await house.return(credit);
      const event = house.published.findLast(({ type }) => type === 'return.store-credit-issued.v1');
      if (event) await onReturnEvent(house.ports, event);
    }
  };
  const waiting = async () => {
    const house = await aHouse(...stocked);
    await planRefund(house.ports, RETURN_KEY, house.cause);
    return house;
  };

  it('in pieces, comes to what is owed', async () => {
    const house = await waiting();
    await tell(house, piece('SC-1', 1_650));
    expect(await house.openCases()).toEqual(['REFUND_DIFFERS']);
    await tell(house, piece('SC-2', 2_000));
    expect((await house.theOrder()).refunds).toMatchObject([{ amount: 3_650, status: 'settled' }]);
    expect(await house.theRefund()).toMatchObject({ status: 'confirmed', ref: 'SC-1' });
    expect(await house.openCases()).toEqual([]);
    expect(await balances(house)).toMatchObject({ 'store-credit': -3_650 });
  });

  it('a second time is counted, and in front of finance', async () => {
    const house = await waiting();
    await tell(house, piece('SC-0', 3_650), piece('SC-1', 3_650));
    expect((await house.theOrder()).refunds).toMatchObject([{ amount: 7_300 }]);
    expect(await house.openCases()).toContain('REFUND_DIFFERS');
  });

  it.each([
    ['a return that is paid in money', wayTo.refunded],
    ['one that was cancelled', [authorize, report({ type: 'cancelled', occurredAt: at(3) })]],
    ['one whose refund a person refused', [...inFront, { ...validate, limits: {} }, refuse]],
  ] as const)('for %s is in front of finance', async (_name, way) => {
    const { openCases } = effectsOf(...(way as readonly ReturnCommand[]), piece('SC-1', 3_650));
    expect(openCases).toContainEqual(
      expect.objectContaining({
        ...{ code: 'CREDIT_ISSUED_BESIDE', owner: 'finance', moneyAtRisk: { minor: 3_650, currency: 'USD' } },
      }),
    );
  });

  it('before anything is decided, is judged by what is decided then', () => {
    expect(casesOf(authorize, piece('SC-1', 3_650))).toEqual([]);
    expect(casesOf(authorize, piece('SC-1', 3_650), ...wholeWay.slice(1, 4))).toEqual(['CREDIT_ISSUED_BESIDE']);
    expect(casesOf(authorize, wanted, piece('SC-1', 3_650), ...wholeWay.slice(1, 4))).toEqual([]);
  });
});

describe('another outcome than was decided', () => {
  it('comes too late, and a person is told', () => {
    expect(casesOf(...wholeWay.slice(0, 4), wanted)).toContain('RESOLUTION_CHANGED_LATE');
    const instant = authorizedBy({ instant: { when: 'authorized', upTo: 9_999 } });
    const advanced: ReturnCommand = { type: 'advance-refund', refundId: REFUND_ID, at: at(1) };
    expect(casesOf(instant, advanced, wanted)).toContain('RESOLUTION_CHANGED_LATE');
    const goods = [report(received()), report(inspected())];
    expect(stateAfter(instant, advanced, wanted, ...goods, validate)).not.toHaveProperty('finance.resolution');
  });

  it('is the latest that was told before', () => {
    const back = report({ type: 'resolution-chosen', occurredAt: at(3), resolution: 'refund' });
    expect(stateAfter(authorize, wanted, back, ...wholeWay.slice(1, 4))).not.toHaveProperty('finance.resolution');
    expect(decided([authorize, back], wanted)).toMatchObject({ kind: 'ignored' });
  });
});
