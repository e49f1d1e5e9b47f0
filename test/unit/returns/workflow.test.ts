import { describe, expect, it } from 'vitest';
import { refundSubject } from '#application/refunds/record-refund-outcome.ts';
import { takeChannelRefund } from '#application/refunds/take-channel-refund.ts';
import { checkWait, isWaitTimer } from '#application/workflow/check-wait.ts';
import { nextLook } from '#application/workflow/next-look.ts';
import { onReturnEvent } from '#application/workflow/on-return-event.ts';
import { resumeWorkflow } from '#application/workflow/resume-workflow.ts';
import { runReturnStep } from '#application/workflow/run-return-step.ts';
import { startWorkflow, workflowName } from '#application/workflow/start-workflow.ts';
import { takeWaitStep } from '#application/workflow/take-wait-step.ts';
import { standingOf, WAIT_STEPS } from '#application/workflow/wait-steps.ts';
import { later } from '#core/operations/protocol.ts';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import { specify } from '../../support/given.ts';
import { anOrder } from '../../support/orders.ts';
import { House } from './house.ts';
import {
  AUTHORIZED,
  at,
  authorize,
  inFront,
  inspected,
  REFUND_KEY,
  RETURN_KEY,
  received,
  report,
  unit,
  wayTo,
  wholeWay,
} from './samples.ts';

const { after: stateAfter } = specify(returnDecider);
const cancelled = report({ type: 'cancelled', occurredAt: at(10) });
const needsApproval: readonly ReturnCommand[] = [
  ...inFront,
  { type: 'validate-refund', limits: { USD: 1 }, at: at(13) },
];
const refuse: ReturnCommand = { type: 'refuse', by: 'op-7', at: at(14) };

async function aHouse(...commands: readonly ReturnCommand[]): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  await house.return(...commands);
  return house;
}

/** The workflow enters a waiting state, and its message comes. */
function enter(house: House, step: string, taskToken = `token-${step}`) {
  house.engine.wait(taskToken);
  return takeWaitStep(house.ports, { taskToken, returnKey: RETURN_KEY, step, patienceSeconds: 3_600 });
}

describe('what a step waits for', () => {
  it.each([
    ['receipt', wayTo.authorized, wayTo.received],
    ['inspection', wayTo.received, wayTo.inspected],
    ['approval', needsApproval, [...needsApproval, { type: 'approve', by: 'op-7', at: at(14) } as const]],
    ['item-receipt', wayTo.approved, wayTo.receipted],
    ['credit-memo', wayTo.receipted, wayTo.credited],
    ['stock-move', wayTo.credited, wayTo.stocked],
    ['refund', wayTo.stocked, wayTo.refunded],
  ] as const)('%s is read off the return', (step, before, after) => {
    expect(standingOf(step, stateAfter(...before))).toEqual({ kind: 'waiting' });
    expect(standingOf(step, stateAfter(...after))).toEqual({ kind: 'done' });
  });

  it('ends with the return', () => {
    for (const step of WAIT_STEPS) {
      expect(standingOf(step, stateAfter(...wayTo.received, cancelled))).toMatchObject({ error: 'ReturnCancelled' });
      expect(standingOf(step, stateAfter(authorize, { type: 'expire', at: at(9) }))).toMatchObject({
        error: 'ReturnExpired',
      });
      expect(standingOf(step, stateAfter(...needsApproval, refuse))).toMatchObject({ error: 'RefundRefused' });
    }
  });

  it('is not undone by another parcel once the refund is fixed', () => {
    const parcel = report(received([{ lineId: 'L1', quantity: 1 }], 15, 'REC2'));
    expect(standingOf('inspection', stateAfter(...wayTo.inspected, parcel)).kind).toBe('waiting');
    const half = report(inspected([unit('L1', 2)]));
    const fixed = stateAfter(authorize, report(received()), half, wholeWay[3] as ReturnCommand);
    expect(standingOf('inspection', fixed).kind).toBe('done');
  });
});

describe('a step that begins to wait', () => {
  it('is kept and goes on when its fact comes', async () => {
    const house = await aHouse(authorize);
    expect(await enter(house, 'receipt')).toBe('waiting');
    expect(await house.store.waits.get(RETURN_KEY, 'receipt')).toMatchObject({ token: 'token-receipt' });
    await house.return(report(received()));
    expect(await resumeWorkflow(house.ports, RETURN_KEY, 'return.received.v1')).toBe('resumed');
    expect(house.engine.answers.get('token-receipt')).toEqual({ output: { step: 'receipt' } });
    expect(await house.store.waits.get(RETURN_KEY, 'receipt')).toBeUndefined();
  });

  it('goes on at once when its fact is there already', async () => {
    const house = await aHouse(...wayTo.received);
    expect(await enter(house, 'receipt')).toBe('resumed');
    expect(house.engine.answers.get('token-receipt')).toEqual({ output: { step: 'receipt' } });
  });

  it('asks for its step once, however often its message comes', async () => {
    const house = await aHouse(...wayTo.approved);
    for (const _time of [1, 2, 3]) expect(await enter(house, 'item-receipt')).toBe('waiting');
    expect(house.store.operations.all.filter(({ kind }) => kind === 'erp/item-receipt')).toMatchObject([
      { key: 'erp/item-receipt/loop/main/R1', status: 'planned', content: { salesOrderRef: '7', total: 3_650 } },
    ]);
  });

  it('plans the refund', async () => {
    const house = await aHouse(...wayTo.stocked);
    expect(await enter(house, 'refund')).toBe('waiting');
    expect(await house.theRefund()).toMatchObject({ status: 'planned', amount: 3_650 });
  });

  it('goes on at once when the refund is over nothing', async () => {
    const free = AUTHORIZED.map((one) => ({ ...one, line: { ...one.line, net: 0, taxes: [] } }));
    const history = wayTo.stocked.map((command) =>
      'authorized' in command ? { ...command, authorized: free } : command,
    );
    const house = await aHouse(...history);
    expect(await enter(house, 'refund')).toBe('resumed');
    expect(house.store.operations.all.some(({ kind }) => kind === 'channel/refund')).toBe(false);
  });

  it('is ended with its return, which is no refusal', async () => {
    const house = await aHouse(...wayTo.received, cancelled);
    expect(await enter(house, 'item-receipt')).toBe('ended');
    expect(house.engine.answers.get('token-item-receipt')).toMatchObject({ error: 'ReturnCancelled' });
    expect(await house.openCases()).not.toContain('WORKFLOW_STALLED');
  });

  it('fails by name when the return does not allow it, and a person is told', async () => {
    const house = await aHouse(...wayTo.inspected);
    expect(await enter(house, 'credit-memo')).toBe('refused');
    expect(house.engine.answers.get('token-credit-memo')).toMatchObject({
      error: 'StepRefused',
      cause: expect.stringContaining('STEP_OUT_OF_ORDER'),
    });
    expect(await house.store.waits.get(RETURN_KEY, 'credit-memo')).toBeUndefined();
    expect(await house.openCases()).toContain('WORKFLOW_STALLED');
  });

  it('waits for an order that is not booked yet, and asks again', async () => {
    const house = new House();
    const order = anOrder();
    const lines = order.lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
    await house.order({ type: 'take-channel-order', order });
    await house.order({ type: 'record-shipment', shipmentId: 'OUT1', shippedAt: at(1), lines });
    await house.return(...wayTo.approved);
    expect(await enter(house, 'item-receipt')).toBe('waiting');
    expect(await house.openCases()).toEqual(['WORKFLOW_STALLED']);
    await house.order({ type: 'record-booking', erpAccount: 'tryton/main', ref: '7', number: 'S0007' });
    const timer = { subject: RETURN_KEY, name: 'WAIT#item-receipt' };
    expect(await checkWait(house.ports, timer, house.clock.now())).toMatchObject({ again: expect.any(String) });
    expect((await house.theReturn()).steps['item-receipt']).toEqual({ status: 'planned' });
  });

  it('keeps its newer token when an old message comes again', async () => {
    const house = await aHouse(authorize);
    await enter(house, 'receipt', 'token-old');
    await house.engine.fail('token-old', 'States.Timeout', '');
    await enter(house, 'receipt', 'token-new');
    const old = { taskToken: 'token-old', returnKey: RETURN_KEY, step: 'receipt', patienceSeconds: 3_600 };
    expect(await takeWaitStep(house.ports, old)).toBe('stale');
    expect(await house.store.waits.get(RETURN_KEY, 'receipt')).toMatchObject({ token: 'token-new' });
  });

  it('takes the newer token when the workflow waits again', async () => {
    const house = await aHouse(authorize);
    await enter(house, 'receipt', 'token-1');
    await enter(house, 'receipt', 'token-2');
    expect(await house.store.waits.get(RETURN_KEY, 'receipt')).toMatchObject({ token: 'token-2' });
  });

  it('is parked when nobody knows the step', async () => {
    const house = await aHouse(authorize);
    await expect(enter(house, 'lunch')).rejects.toMatchObject({ kind: 'poison', code: 'STEP_UNKNOWN' });
  });

  it.each(['receipt', 'item-receipt'])('survives a crash right after it was kept: %s', async (step) => {
    const house = await aHouse(...(step === 'receipt' ? wayTo.authorized : wayTo.approved));
    const crashing = { ...house.ports, faults: { at: async () => Promise.reject(new Error('crash')) } };
    house.engine.wait('token-1');
    const message = { taskToken: 'token-1', returnKey: RETURN_KEY, step, patienceSeconds: 3_600 };
    await expect(takeWaitStep(crashing, message)).rejects.toThrow('crash');
    expect(await takeWaitStep(house.ports, message)).toBe('waiting');
    expect(await house.store.waits.get(RETURN_KEY, step)).toMatchObject({ token: 'token-1' });
  });
});

describe('looking after a wait', () => {
  const timer = { subject: RETURN_KEY, name: 'WAIT#receipt' };

  it('tells the engine that it is alive', async () => {
    const house = await aHouse(authorize);
    await enter(house, 'receipt');
    expect(await checkWait(house.ports, timer, house.clock.now())).toMatchObject({ again: expect.any(String) });
    expect(house.engine.heartbeats).toEqual(['token-receipt']);
  });

  it.each([
    ['at once', 0, 300],
    ['soon', 299, 300],
    ['after as long again', 700, 700],
    ['often enough to be heard twice', 4_000, 1_500],
    ['and so on for days', 900_000, 1_500],
  ])('looks again, %s', async (_when, lasted, again) => {
    const since = '2026-11-25T10:00:00.000Z';
    const now = later(since, lasted);
    expect(nextLook({ since, patienceSeconds: 3_600 }, now)).toBe(later(now, again));
    expect(nextLook({ since, patienceSeconds: 36_000 }, later(since, 10 * lasted))).toBe(
      later(since, 10 * (lasted + again)),
    );
  });

  it('is patient as the workflow is', async () => {
    const house = await aHouse(authorize);
    await enter(house, 'receipt');
    const timers = await house.store.timers.due('2027-01-01T00:00:00.000Z', 9);
    expect(timers.find(({ name }) => isWaitTimer(name))?.dueAt).toBe(later(house.clock.now(), 300));
  });

  it('looks ever more rarely at one that has waited for long', async () => {
    const house = await aHouse(authorize);
    await enter(house, 'receipt');
    const tomorrow = later(house.clock.now(), 86_400);
    expect(await checkWait(house.ports, timer, tomorrow)).toEqual({ again: later(tomorrow, 1_500) });
  });

  it('lets it go on when its event was lost', async () => {
    const house = await aHouse(authorize);
    await enter(house, 'receipt');
    await house.return(report(received()));
    expect(await checkWait(house.ports, timer, at(9))).toBe('done');
    expect(house.engine.answers.get('token-receipt')).toEqual({ output: { step: 'receipt' } });
  });

  it('forgets a wait that the workflow has left', async () => {
    const house = await aHouse(authorize);
    await enter(house, 'receipt');
    await house.engine.fail('token-receipt', 'States.Timeout', '');
    expect(await checkWait(house.ports, timer, at(9))).toBe('done');
    expect(await house.store.waits.get(RETURN_KEY, 'receipt')).toBeUndefined();
    expect(await checkWait(house.ports, timer, at(9))).toBe('done');
  });

  it('knows waits among timers', async () => {
    const house = await aHouse(authorize);
    expect(isWaitTimer('WAIT#receipt')).toBe(true);
    expect(isWaitTimer('receipt-deadline')).toBe(false);
    await expect(checkWait(house.ports, { subject: RETURN_KEY, name: 'WAIT#lunch' }, at(9))).rejects.toThrow('lunch');
  });
});

describe('events', () => {
  it('start the workflow once', async () => {
    const house = await aHouse(authorize);
    const event = house.published.find(({ type }) => type === 'return.authorized.v1');
    if (!event) throw new Error('an authorized return is published');
    await onReturnEvent(house.ports, event);
    await onReturnEvent(house.ports, event);
    expect([...house.engine.runs]).toEqual([[workflowName(RETURN_KEY), { returnKey: RETURN_KEY }]]);
  });

  it('take a return the whole way, each of them delivered twice and late', async () => {
    const house = await aHouse();
    let told = 0;
    // Steps are entered as the workflow would: when the one before has gone on.
    for (const [index, command] of wholeWay.entries()) {
      if (isOurs(command)) continue;
      await house.return(command);
      told = await tell(house, told);
      const entered = STEPS_AFTER[index];
      if (entered === 'validate-refund') {
        expect(await runReturnStep(house.ports, { returnKey: RETURN_KEY, step: entered })).toEqual({
          outcome: 'approved',
        });
        await enter(house, 'item-receipt');
      } else if (entered) await enter(house, entered);
    }
    const subject = refundSubject(house.ports);
    const row = await house.operation('channel/refund/shopify/main/5001/loop.main.R1');
    const ended = { ...row, status: 'applied', ref: '99', revision: row.revision + 1 } as const;
    await subject.settle(ended, row.revision, house.cause);
    told = await tell(house, told);
    // The channel has taken it; what closes the return is its own report.
    expect(house.engine.answers.size).toBe(5);
    await takeChannelRefund(house.ports)(
      {
        kind: 'channel-refund',
        orderId: anOrder().id,
        refund: {
          channelRefundId: '99',
          note: row.key,
          amount: { minor: 3_650, currency: 'USD' },
          lines: [],
          createdAt: at(19),
        },
      },
      house.cause,
      undefined,
    );
    await tell(house, told);
    expect([...house.engine.answers.values()]).toEqual(
      ['receipt', 'inspection', 'item-receipt', 'credit-memo', 'stock-move', 'refund'].map((step) => ({
        output: { step },
      })),
    );
    expect(await runReturnStep(house.ports, { returnKey: RETURN_KEY, step: 'close-return' })).toEqual({
      outcome: 'closed',
    });
    expect((await house.theReturn()).status).toBe('closed');
    expect(await house.openCases()).toEqual([]);
  });

  it('of a refund tell its return how it stands', async () => {
    const house = await aHouse(...wayTo.stocked);
    await enter(house, 'refund');
    const event = house.published.find(({ type }) => type === 'refund.planned.v1');
    if (!event) throw new Error('a planned refund is published');
    await onReturnEvent(house.ports, event);
    expect((await house.theReturn()).refund?.status).toBe('planned');
    expect(event.envelope.metadata.subject).toBe(REFUND_KEY);
  });

  it('end the waits of a return that has ended', async () => {
    const house = await aHouse(...needsApproval);
    await enter(house, 'approval');
    await house.return(refuse);
    expect(await resumeWorkflow(house.ports, RETURN_KEY, 'return.refused.v1')).toBe('ended');
    expect(house.engine.answers.get('token-approval')).toMatchObject({ error: 'RefundRefused' });
  });

  it('that nothing waits for do nothing', async () => {
    const house = await aHouse(...wayTo.received);
    expect(await resumeWorkflow(house.ports, RETURN_KEY, 'return.received.v1')).toBe('waiting');
    expect(await resumeWorkflow(house.ports, RETURN_KEY, 'return.assessed.v1')).toBe('waiting');
  });
});

/** Which step the workflow enters after a command of the whole way. */
const STEPS_AFTER: Readonly<Record<number, string>> = {
  0: 'receipt',
  1: 'inspection',
  2: 'validate-refund',
  5: 'credit-memo',
  7: 'stock-move',
  9: 'refund',
};

/** Commands of the whole way that the workflow itself brings about. */
const isOurs = ({ type }: ReturnCommand): boolean =>
  ['validate-refund', 'request-step', 'plan-refund', 'record-refund', 'close'].includes(type);

/** Delivers what was published since, twice and the last first. */
async function tell(house: House, from: number): Promise<number> {
  const events = house.published.filter(({ type }) => /^(return|refund)\./.test(type));
  for (const event of events.slice(from).reverse()) {
    await onReturnEvent(house.ports, event);
    await onReturnEvent(house.ports, event);
  }
  const now = house.published.filter(({ type }) => /^(return|refund)\./.test(type)).length;
  return now === events.length ? now : tell(house, events.length);
}

describe('steps that answer at once', () => {
  const run = (house: House, step: string, more: object = {}) =>
    runReturnStep(house.ports, { returnKey: RETURN_KEY, step, ...more });

  it('validate the refund, the same at each asking', async () => {
    const house = await aHouse(...wayTo.inspected);
    expect(await run(house, 'validate-refund')).toEqual({ outcome: 'approved' });
    expect(await run(house, 'validate-refund')).toEqual({ outcome: 'approved' });
    const poor = await aHouse(...wayTo.inspected);
    const ports = { ...poor.ports, policy: { ...poor.ports.policy, autoApproveUpTo: {} } };
    expect(await runReturnStep(ports, { returnKey: RETURN_KEY, step: 'validate-refund' })).toEqual({
      outcome: 'needs-approval',
    });
    const empty = await aHouse(
      authorize,
      report(received()),
      report(inspected([unit('L1', 2, 'empty'), unit('L2', 1, 'empty')])),
    );
    expect(await run(empty, 'validate-refund')).toEqual({ outcome: 'nothing-to-refund' });
    expect(await run(empty, 'close-return')).toEqual({ outcome: 'closed' });
    expect((await empty.theReturn()).status).toBe('closed');
  });

  it('lead a return that ended meanwhile to the end', async () => {
    const house = await aHouse(...wayTo.inspected, cancelled);
    expect(await run(house, 'validate-refund')).toEqual({ outcome: 'nothing-to-refund' });
    expect(await run(house, 'close-return')).toEqual({ outcome: 'closed' });
    expect((await house.theReturn()).status).toBe('cancelled');
  });

  it('throw when the return does not allow them', async () => {
    const house = await aHouse(authorize);
    await expect(run(house, 'validate-refund')).rejects.toMatchObject({ kind: 'business', code: 'NOT_INSPECTED' });
    await expect(run(house, 'close-return')).rejects.toMatchObject({ kind: 'business', code: 'RETURN_NOT_SETTLED' });
    await expect(run(house, 'lunch')).rejects.toMatchObject({ kind: 'poison', code: 'STEP_UNKNOWN' });
  });

  it('close once', async () => {
    const house = await aHouse(...wayTo.refunded);
    expect(await run(house, 'close-return')).toEqual({ outcome: 'closed' });
    expect(await run(house, 'close-return')).toEqual({ outcome: 'closed' });
    expect(house.types('return.closed')).toHaveLength(1);
  });

  it('escalate to a person and wait again, unless waiting changes nothing', async () => {
    const house = await aHouse(...wayTo.approved);
    const timeout = { at: 'PostItemReceipt', error: 'States.Timeout' };
    expect(await run(house, 'escalate', timeout)).toEqual({ outcome: 'wait-again', pauseSeconds: 300 });
    expect(await house.openCases()).toEqual(['WORKFLOW_STALLED']);
    expect(await run(house, 'escalate', { ...timeout, error: 'StepRefused' })).toMatchObject({ outcome: 'give-up' });
    const ended = await aHouse(...wayTo.received, cancelled);
    expect(await run(ended, 'escalate', timeout)).toMatchObject({ outcome: 'ended' });
  });
});

describe('the name of a run', () => {
  it('is one that the engine takes, and tells returns apart', () => {
    const keys = [
      RETURN_KEY,
      `RETURN#loop#main#${'x'.repeat(200)}1`,
      `RETURN#loop#main#${'x'.repeat(200)}2`,
      'RETURN#loop#main#R/1',
      'RETURN#loop#main#R.1',
    ];
    const names = keys.map((key) => workflowName(key));
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
    expect(new Set(names).size).toBe(keys.length);
    expect(workflowName(RETURN_KEY)).toBe(workflowName(RETURN_KEY));
    expect(workflowName(RETURN_KEY, 2)).toMatch(/-2$/);
  });

  it('can be a second run, begun by a person', async () => {
    const house = await aHouse(authorize);
    await startWorkflow(house.ports, RETURN_KEY);
    await startWorkflow(house.ports, RETURN_KEY, 2);
    expect(house.engine.runs.size).toBe(2);
  });
});
