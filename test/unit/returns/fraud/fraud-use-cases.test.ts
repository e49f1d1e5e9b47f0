import { describe, expect, it } from 'vitest';
import { takeChannelRefund } from '#application/refunds/take-channel-refund.ts';
import { authorizeReturn } from '#application/returns/authorize-return.ts';
import { changeReturn } from '#application/returns/change-return.ts';
import { decideReturn } from '#application/returns/decide-return.ts';
import { forgetBuyer } from '#application/returns/fraud/forget-buyer.ts';
import { type AskedReturn, judgeRefund, judgeRequest } from '#application/returns/fraud/judge-return.ts';
import { keepSignals } from '#application/returns/keep-signals.ts';
import { type ReturnStepPorts, runReturnStep } from '#application/workflow/run-return-step.ts';
import { takeWaitStep } from '#application/workflow/take-wait-step.ts';
import { monthIn } from '#core/kernel/calendar.ts';
import { TransientError } from '#core/kernel/errors.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import type { HashKeys } from '#core/returns/fraud/identity.ts';
import type { RuleSet } from '#core/returns/fraud/judge.ts';
import type { Profile } from '#core/returns/fraud/profile.ts';
import { fraudReport, judgedReturn } from '#core/returns/fraud/report.ts';
import type { FraudRule } from '#core/returns/fraud/rules.ts';
import type { ReturnPolicy } from '#core/returns/policy.ts';
import { anOrder } from '../../../support/orders.ts';
import { House } from '../house.ts';
import {
  ALL_LINES,
  advance,
  at,
  inspected,
  instantly,
  NOW,
  POLICY,
  RETURN_KEY,
  received,
  refunded,
  report,
  unit,
} from '../samples.ts';

const KEYS: HashKeys = { current: 'k1', keys: { k1: 'a key of thirty-two characters, k1' } };
const VELOCITY: FraudRule = { id: 'velocity', version: 1, weight: 80, windowDays: 90, maxReturns: 1, maxRefunded: {} };
const SERIAL: FraudRule = { id: 'serial-mismatch', version: 3, weight: 60 };
const rules = (mode: RuleSet['mode'], some: readonly FraudRule[] = [VELOCITY, SERIAL]): RuleSet => ({
  ...{ name: 'standard', version: '7', effectiveFrom: '2026-01-01T00:00:00Z', mode, holdFrom: 50, reviewFrom: 80 },
  rules: some,
});

/** The house with fraud rules; orders 5001 and 5002 are of one buyer, and have been shipped. */
class Guarded extends House {
  keys: () => Promise<HashKeys> = async () => KEYS;
  readonly ruleSets: readonly RuleSet[];

  constructor(ruleSets: readonly RuleSet[]) {
    super();
    this.ruleSets = ruleSets;
  }

  async ready(): Promise<this> {
    await this.shippedOrder();
    await this.shippedOrder({ id: { ...anOrder().id, orderId: '5002' }, number: '#1002' });
    return this;
  }

  get fraud() {
    return { store: this.store, ruleSets: this.ruleSets, hashKeys: () => this.keys(), log: this.log };
  }

  ask(returnId: string, orderId: string, lines = ALL_LINES, settlement: ReturnPolicy['settlement'] = {}) {
    const ports = {
      ...this.ports,
      policy: { ...POLICY, settlement },
      fraud: (order: OpenOrder, asked: AskedReturn) => judgeRequest(this.fraud, order, asked),
    };
    const request = {
      ...{ returnId, channel: 'shopify', account: 'main', orderId, requestedAt: NOW },
      lines: lines.map((line) => ({ ...line, reasonCode: 'UNWANTED' })),
    };
    return authorizeReturn(ports, { platform: 'loop', account: 'main' }, request, this.cause);
  }

  validate(returnKey = 'RETURN#loop#main#R1') {
    const ports: ReturnStepPorts = {
      ...this.ports,
      fraudAtRefund: (order, asked, state) => judgeRefund(this.fraud, order, asked, state),
    };
    return runReturnStep(ports, { returnKey, step: 'validate-refund' });
  }

  async deliver(events = this.published): Promise<void> {
    const ports = {
      store: this.store,
      monthOf: monthIn('UTC'),
      clock: this.clock,
      hashKeys: () => this.keys(),
      remembers: true,
    };
    for (const event of events) await keepSignals(ports, event);
  }

  async profiles(): Promise<Record<string, Profile>> {
    const keys = this.store.keys.filter((key) => /^(BUYER|ADDRESS)#/.test(key)).sort();
    const found = await Promise.all(
      keys.map(async (key) => [key, (await this.store.load<Profile>(key))?.state] as const),
    );
    return Object.fromEntries(found) as Record<string, Profile>;
  }
}

const wrongUnit = inspected([{ ...unit('L1', 2), serial: { expected: 'SN-1', found: 'SN-9' } }, unit('L2', 1)]);

describe('at the authorization', () => {
  it('a buyer of too many returns is left to a person, who sees why; the platform does not', async () => {
    const house = await new Guarded([rules('live')]).ready();
    expect(await house.ask('R1', '5001')).toMatchObject({ decision: 'approved' });
    await house.deliver();
    const answer = await house.ask('R2', '5002');
    expect(answer).toMatchObject({ decision: 'review', reasons: [{ code: 'FRAUD_REVIEW' }] });
    expect(JSON.stringify(answer)).not.toContain('VELOCITY');
    const [review] = (await house.store.cases.listOpen({ limit: 9 })).filter(({ code }) => code === 'RETURN_REVIEW');
    expect(review).toMatchObject({
      owner: 'customer-service',
      message: expect.stringContaining('return number 2 of this buyer'),
    });
  });

  it('stands in the event, with version and fired rules', async () => {
    const house = await new Guarded([rules('live')]).ready();
    await house.ask('R1', '5001');
    await house.deliver();
    await house.ask('R2', '5002');
    const referred = house.published.find(({ type }) => type === 'return.referred.v1');
    expect(referred?.envelope.data).toMatchObject({
      fraud: [
        {
          ...{ ruleSet: 'standard', version: '7', mode: 'live', score: 80, action: 'review' },
          fired: [{ rule: 'velocity', version: 1, weight: 80, code: 'RETURNS_VELOCITY' }],
        },
      ],
    });
  });

  it('a shadow set is recorded and changes nothing', async () => {
    const house = await new Guarded([rules('shadow')]).ready();
    await house.ask('R1', '5001');
    await house.deliver();
    expect(await house.ask('R2', '5002')).toMatchObject({ decision: 'approved', reasons: [] });
    const { authorization } = await house.theReturn('RETURN#loop#main#R2');
    expect(authorization.fraud?.verdicts).toMatchObject([{ mode: 'shadow', action: 'review', score: 80 }]);
    expect((await house.openCases()).filter((code) => code === 'RETURN_REVIEW')).toEqual([]);
  });

  it('a buyer is not kept from returning while keys can not be read, and the refund waits for them', async () => {
    const house = await new Guarded([rules('live')]).ready();
    house.keys = async () => {
      throw new TransientError('AWS_UNAVAILABLE', 'read secret: throttled');
    };
    expect(await house.ask('R1', '5001')).toMatchObject({ decision: 'approved' });
    expect((await house.theReturn()).authorization.fraud).toBeUndefined();
    await house.return(report(received()), report(inspected()));
    await expect(house.validate()).rejects.toThrow(TransientError);
    expect((await house.theReturn()).finance).toBeUndefined();
  });

  it.each([
    ['live rules were asked and pass', 'live', true, 'planned'],
    ['live rules could not be asked', 'live', false, undefined],
    ['shadow rules could not be asked', 'shadow', false, 'planned'],
  ] as const)('a refund before receipt, where %s', async (_name, mode, readable, status) => {
    const house = await new Guarded([rules(mode)]).ready();
    if (!readable) {
      house.keys = async () => {
        throw new TransientError('AWS_UNAVAILABLE', 'read secret: throttled');
      };
    }
    await house.ask('R1', '5001', ALL_LINES, { instantRefund: { when: 'authorized', upTo: { USD: 10_000 } } });
    house.engine.wait('receipt');
    await takeWaitStep(house.ports, {
      taskToken: 'receipt',
      returnKey: RETURN_KEY,
      step: 'receipt',
      patienceSeconds: 3_600,
    });
    expect((await house.theReturn()).refund?.status).toBe(status);
    expect((await house.theOrder()).refunds).toHaveLength(status ? 1 : 0);
  });
});

describe('before the refund', () => {
  it('another unit than was sold waits for finance, who sees why', async () => {
    const house = await new Guarded([rules('live')]).ready();
    await house.ask('R1', '5001');
    await house.return(report(received()), report(wrongUnit));
    expect(await house.validate()).toEqual({ outcome: 'needs-approval' });
    const { finance } = await house.theReturn();
    expect(finance).toMatchObject({
      doubts: [{ code: 'FRAUD_HOLD' }],
      fraud: { verdicts: [{ score: 60, action: 'hold' }] },
    });
    const [approval] = (await house.store.cases.listOpen({ limit: 9 })).filter(
      ({ code }) => code === 'REFUND_APPROVAL',
    );
    expect(approval?.message).toContain('another unit than was sold came back for line L1');
    const assessed = house.published.find(({ type }) => type === 'return.assessed.v1');
    expect(assessed?.envelope.data).toMatchObject({ fraud: [{ fired: [{ code: 'SERIAL_MISMATCH', version: 3 }] }] });
  });

  it('a shadow set lets it be paid, and says what it would have done', async () => {
    const house = await new Guarded([rules('shadow')]).ready();
    await house.ask('R1', '5001');
    await house.return(report(received()), report(wrongUnit));
    expect(await house.validate()).toEqual({ outcome: 'approved' });
    const judged = judgedReturn(await house.theReturn());
    expect(judged).toMatchObject({ outcome: 'open', amount: 3_650, verdicts: [{ action: 'hold' }] });
  });

  it('what a person has approved at the review does not stop it again', async () => {
    const house = await new Guarded([rules('live')]).ready();
    await house.ask('R1', '5001');
    await house.deliver();
    await house.ask('R2', '5002');
    const key = 'RETURN#loop#main#R2';
    await decideReturn(house.ports, { returnKey: key, verdict: 'approve', by: 'op-7', apply: true }, house.cause);
    for (const one of [report(received()), report(inspected())])
      await changeReturn(house.ports, key, () => one, house.cause);
    expect(await house.validate(key)).toEqual({ outcome: 'approved' });
  });
});

describe('what is remembered', () => {
  it('is noted once a return, however often and in whatever order events come', async () => {
    const house = await new Guarded([rules('shadow')]).ready();
    await house.ask('R1', '5001');
    await house.return(report(received([{ lineId: 'L1', quantity: 1 }])));
    await house.deliver([...house.published].reverse());
    const once = await house.profiles();
    await house.deliver();
    expect(await house.profiles()).toEqual(once);
    const [address, buyer] = Object.values(once);
    expect(buyer?.entries).toEqual({
      'RETURN#loop#main#R1': { at: NOW, version: 2, counts: true, refunded: 0, currency: 'USD', kept: false },
    });
    expect(address?.entries['RETURN#loop#main#R1']).toMatchObject({ buyer: expect.stringMatching(/^k1\./) });
  });

  it('forgets a return that was cancelled, and counts it no more', async () => {
    const house = await new Guarded([rules('live')]).ready();
    await house.ask('R1', '5001');
    await house.return(report({ type: 'cancelled', occurredAt: at(3) }));
    await house.deliver();
    expect(await house.ask('R2', '5002')).toMatchObject({ decision: 'approved' });
  });

  it('holds what the channel paid back by itself for goods that were kept', async () => {
    const house = await new Guarded([rules('shadow')]).ready();
    await takeChannelRefund(house.ports)(
      {
        kind: 'channel-refund',
        orderId: anOrder().id,
        refund: {
          ...{ channelRefundId: '77', amount: { minor: 850, currency: 'USD' }, lines: [{ lineId: 'L2', quantity: 1 }] },
        },
      } as never,
      house.cause,
      undefined,
    );
    await house.deliver();
    const kept = Object.values(await house.profiles()).flatMap(({ entries }) => Object.values(entries));
    expect(kept).toHaveLength(2);
    for (const one of kept) expect(one).toMatchObject({ refunded: 850, kept: true, counts: true });
  });

  it('holds a refund for goods that the buyer keeps, whatever else came in', async () => {
    const house = await new Guarded([rules('shadow')]).ready();
    const entryOf = async () => {
      await house.deliver();
      return Object.values(await house.profiles())[0]?.entries[RETURN_KEY];
    };
    await house.return(...[instantly, advance, refunded('paid')], report(received([{ lineId: 'L1', quantity: 1 }])));
    expect(await entryOf()).toMatchObject({ refunded: 3_650, kept: false });
    await house.return(report({ type: 'kept', occurredAt: at(4) }), report(received([{ lineId: 'L1', quantity: 2 }])));
    expect(await entryOf()).toMatchObject({ refunded: 3_650, kept: true });
  });

  it('stays under the key that the return was first known by, when keys are replaced', async () => {
    const house = await new Guarded([rules('live')]).ready();
    await house.ask('R1', '5001');
    house.keys = async () => ({ current: 'k2', keys: { ...KEYS.keys, k2: 'a key of thirty-two characters, k2' } });
    await house.deliver();
    expect(Object.keys(await house.profiles()).every((key) => /#k1\./.test(key))).toBe(true);
    // The next one is noted under the new key, and the old one still counts.
    expect(await house.ask('R2', '5002')).toMatchObject({ decision: 'review' });
    expect((await house.theReturn('RETURN#loop#main#R2')).authorization.fraud?.buyer).toMatch(/^k2\./);
  });

  it('holds no personal data, and neither does any event or log line hold a hash', async () => {
    const house = await new Guarded([rules('live')]).ready();
    await house.ask('R1', '5001');
    await house.deliver();
    await house.ask('R2', '5002');
    const rows = JSON.stringify([
      await house.profiles(),
      await house.theReturn(),
      await house.theReturn('RETURN#loop#main#R2'),
    ]);
    for (const personal of ['bob', 'Bob', 'Norman', 'Chestnut', 'example.com']) expect(rows).not.toContain(personal);
    const told = JSON.stringify([house.published, await house.store.cases.listOpen({ limit: 99 })]);
    expect(told).not.toMatch(/k1\.[\w-]{22}/);
  });

  it('is emptied when the buyer is to be forgotten, and shown before', async () => {
    const house = await new Guarded([rules('live')]).ready();
    await house.ask('R1', '5001');
    await house.deliver();
    const ports = { store: house.store, hashKeys: () => house.keys() };
    const forget = async (apply: boolean) => forgetBuyer(ports, await house.theOrder(), apply, house.cause);
    expect(await forget(false)).toEqual({ profiles: 2, entries: 2, written: false });
    expect(await forget(true)).toEqual({ profiles: 2, entries: 2, written: true });
    expect(await forget(true)).toEqual({ profiles: 0, entries: 0, written: false });
    expect(await house.ask('R2', '5002')).toMatchObject({ decision: 'approved' });
  });
});

describe('the report', () => {
  const judged = (outcome: 'fair' | 'foul' | 'open', action: 'approve' | 'hold' | 'review') => ({
    ...{ returnId: 'R', currency: 'USD', amount: 100, outcome },
    verdicts: [
      {
        ...{ ruleSet: 'standard', version: '7', mode: 'shadow' as const, score: 1, action },
        fired:
          action === 'approve'
            ? []
            : [{ rule: 'velocity' as const, version: 1, weight: 1, reason: { code: 'X', message: '' } }],
      },
    ],
  });

  it('counts what was stopped by what became of it, and the money of both', () => {
    const returns = [judged('fair', 'hold'), judged('fair', 'review'), judged('foul', 'hold'), judged('open', 'hold')];
    expect(fraudReport([...returns, judged('foul', 'approve'), judged('fair', 'approve')])).toEqual([
      {
        ...{ ruleSet: 'standard', version: '7', mode: 'shadow', judged: 6, missed: 1 },
        hold: { returns: 3, fair: 1, foul: 1, open: 1 },
        review: { returns: 1, fair: 1, foul: 0, open: 0 },
        falseHeld: { USD: 200 },
        foulHeld: { USD: 100 },
        rules: [{ rule: 'velocity', version: 1, returns: 4, fair: 2, foul: 1, open: 1 }],
      },
    ]);
  });

  it('reads the outcome off what people and the warehouse found', async () => {
    const house = await new Guarded([rules('shadow')]).ready();
    await house.ask('R1', '5001');
    await house.return(report(received()), report(inspected([unit('L1', 2, 'empty'), unit('L2', 1)])));
    expect(judgedReturn(await house.theReturn())?.outcome).toBe('foul');
  });
});
