import { describe, expect, it } from 'vitest';
import { resolveOperation, retryOperation } from '#application/operations/retry-operation.ts';
import { takeOrder } from '#application/orders/take-order.ts';
import { PartnerConfigurationError } from '#core/kernel/errors.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { aHouse } from '../../support/house.ts';
import { anOrder } from '../../support/orders.ts';

const LOST = { kind: 'unknown', cause: 'connection reset' } as const;

describe('executing an operation', () => {
  it('calls once, records the outcome and tells the order in the same commit', async () => {
    const { store, partner, execute, key } = await aHouse();
    expect(await execute()).toEqual({ status: 'applied' });
    expect(partner.calls).toEqual([`execute ${key}`]);
    expect(await store.operations.get(key)).toMatchObject({ status: 'applied', ref: '7', attempts: 1 });
    expect((await store.load<OpenOrder>('ORDER#shopify#main#5001'))?.state).toMatchObject({
      status: 'booked',
      erp: { number: 'S0007' },
    });
  });

  it('puts what the partner’s adapter does not carry out before a person, without a call', async () => {
    const { partner, execute, store, key } = await aHouse();
    Object.assign(partner, { kinds: ['erp/credit-memo'] });
    expect(await execute()).toMatchObject({ status: 'rejected' });
    expect(partner.calls).toEqual([]);
    expect(await store.operations.get(key)).toMatchObject({
      status: 'rejected',
      reason: { code: 'OPERATION_NOT_SUPPORTED' },
    });
    expect((await store.cases.listOpen({ limit: 9 })).map(({ code }) => code)).toEqual(['BOOKING_REFUSED']);
  });

  it('does nothing for a message that comes again', async () => {
    const { partner, execute } = await aHouse();
    await execute();
    expect(await execute()).toMatchObject({ status: 'skipped', why: 'already applied' });
    expect(partner.calls).toHaveLength(1);
  });

  it('lets one of several executors through', async () => {
    const { partner, execute } = await aHouse();
    const ends = await Promise.all([execute(), execute(), execute(), execute(), execute()]);
    expect(partner.calls).toHaveLength(1);
    expect(ends.filter(({ status }) => status === 'applied')).toHaveLength(1);
  });

  it('probes after a lost answer and never calls blindly', async () => {
    const { partner, execute, clock, key, store } = await aHouse();
    partner.answers = [LOST];
    expect(await execute()).toEqual({ status: 'unknown', why: 'OUTCOME_UNKNOWN' });
    clock.advance(60);
    partner.probes = [{ kind: 'found', ref: '7', facts: { number: 'S0007' } }];
    expect(await execute()).toEqual({ status: 'applied' });
    expect(partner.calls).toEqual([`execute ${key}`, `probe ${key}`]);
    expect((await store.load<OpenOrder>('ORDER#shopify#main#5001'))?.state.erp?.number).toBe('S0007');
  });

  it('calls again under the same key when the probe finds nothing', async () => {
    const { partner, execute, clock, key, store } = await aHouse();
    partner.answers = [LOST];
    await execute();
    clock.advance(60);
    partner.probes = [{ kind: 'absent' }];
    expect(await execute()).toEqual({ status: 'applied' });
    expect(partner.calls).toEqual([`execute ${key}`, `probe ${key}`, `execute ${key}`]);
    expect(await store.operations.get(key)).toMatchObject({ attempts: 2, status: 'applied' });
  });

  it('treats a crash in the middle of a call as a lost answer', async () => {
    const { partner, execute, clock, key, queue } = await aHouse();
    partner.answers = [new Error('the process died')];
    await expect(execute()).rejects.toThrow('the process died');
    expect(await execute()).toMatchObject({ status: 'skipped', why: 'another executor holds the lease' });
    // The message must come back when the lease has ended: nobody else knows that its holder is dead.
    expect(queue.sent).toMatchObject([{ key, delaySeconds: 90 }]);
    clock.advance(91);
    partner.probes = [{ kind: 'found', ref: '7' }];
    expect(await execute()).toEqual({ status: 'applied' });
    expect(partner.calls).toEqual([`execute ${key}`, `probe ${key}`]);
  });

  it('asks a person when nobody can tell what happened, and goes on by that word', async () => {
    const house = await aHouse();
    const { partner, execute, clock, key, openCases, ports } = house;
    partner.policy = { read: 'impossible' };
    partner.answers = [LOST];
    await execute();
    clock.advance(60);
    expect(await execute()).toMatchObject({ status: 'unknown' });
    expect(await openCases()).toMatchObject([{ code: 'OUTCOME_UNKNOWN#erp/sales-order', owner: 'erp' }]);
    expect(partner.calls).toEqual([`execute ${key}`]);

    expect(await resolveOperation(ports, key, { kind: 'not-applied' }, false)).toMatchObject({ done: false });
    expect(await resolveOperation(ports, key, { kind: 'not-applied' }, true)).toMatchObject({ done: true });
    expect(await execute()).toEqual({ status: 'applied' });
    expect(partner.calls).toHaveLength(2);
    expect(await openCases()).toEqual([]);
  });

  it('puts all operations of a throttled partner off, without a call', async () => {
    const { partner, execute, clock, store, key, queue } = await aHouse();
    partner.answers = [{ kind: 'throttled', retryAfterSeconds: 30 }];
    expect(await execute()).toEqual({ status: 'deferred', why: 'THROTTLED' });
    expect(queue.sent).toEqual([{ target: { connector: 'tryton', account: 'main' }, key, delaySeconds: 30 }]);
    expect(await store.pauses.pausedUntil({ connector: 'tryton', account: 'main' })).toBe('2026-11-20T10:00:30.000Z');
    clock.advance(31);
    expect(await execute()).toEqual({ status: 'applied' });
    expect(partner.calls).toHaveLength(2);
  });

  it('leaves a partner alone in its maintenance window', async () => {
    const { partner, execute, clock, store, key, queue } = await aHouse();
    partner.maintenance = [{ from: '09:30', to: '10:30', timeZone: 'UTC' }];
    expect(await execute()).toEqual({ status: 'deferred', why: 'MAINTENANCE' });
    expect(partner.calls).toEqual([]);
    expect(await store.operations.get(key)).toMatchObject({ dueAt: '2026-11-20T10:30:00.000Z', attempts: 0 });
    expect(queue.sent).toEqual([]);
    clock.advance(1801);
    expect(await execute()).toEqual({ status: 'applied' });
  });

  it('keeps an unknown outcome unknown through a maintenance window', async () => {
    const { partner, execute, clock, store, key } = await aHouse();
    partner.answers = [LOST];
    await execute();
    partner.maintenance = [{ from: '09:30', to: '10:30', timeZone: 'UTC' }];
    clock.advance(60);
    await execute();
    expect(await store.operations.get(key)).toMatchObject({
      status: 'unknown',
      unknownSince: '2026-11-20T10:00:00.000Z',
    });
    clock.advance(1800);
    partner.probes = [{ kind: 'found', ref: '7' }];
    expect(await execute()).toEqual({ status: 'applied' });
    expect(partner.calls).toEqual([`execute ${key}`, `probe ${key}`]);
  });

  it('opens one case for an outage and closes it when the partner answers again', async () => {
    const { partner, execute, clock, openCases } = await aHouse();
    partner.answers = [
      { kind: 'unavailable', cause: 'connection refused' },
      { kind: 'unavailable', cause: 'connection refused' },
    ];
    await execute();
    clock.advance(120);
    await execute();
    expect(await openCases()).toMatchObject([{ code: 'PARTNER_UNAVAILABLE', subject: 'TARGET#tryton#main', count: 2 }]);
    clock.advance(120);
    await execute();
    expect(await openCases()).toEqual([]);
  });

  it('waits with a case for a partner that refuses us as we are set up', async () => {
    const { partner, execute, clock, openCases, key, store } = await aHouse();
    partner.answers = [
      new PartnerConfigurationError('ERP_LOGIN_REFUSED', 'the ERP refuses the login: check the secret'),
    ];
    expect(await execute()).toEqual({ status: 'deferred', why: 'PARTNER_UNAVAILABLE' });
    expect(await openCases()).toMatchObject([{ message: expect.stringContaining('ERP_LOGIN_REFUSED') }]);
    expect(await store.operations.get(key)).toMatchObject({ status: 'deferred', attempts: 1 });
    clock.advance(60);
    expect(await execute()).toEqual({ status: 'applied' });
    expect(await openCases()).toEqual([]);
  });

  it('opens a case with the money at risk when the ERP refuses, and books after a person has mended it', async () => {
    const { partner, execute, openCases, ports, key, queue } = await aHouse();
    partner.answers = [{ kind: 'rejected', reason: { code: 'SKU_UNKNOWN', message: 'no product MUG-BLUE' } }];
    expect(await execute()).toEqual({ status: 'rejected', why: 'SKU_UNKNOWN' });
    expect(await openCases()).toMatchObject([
      { code: 'BOOKING_REFUSED', moneyAtRisk: { minor: 3650, currency: 'USD' } },
    ]);
    expect(await execute()).toMatchObject({ status: 'skipped' });

    expect(await resolveOperation(ports, key, { kind: 'applied', ref: '7' }, true)).toMatchObject({ done: false });
    expect(await retryOperation(ports, key, false)).toMatchObject({ done: false });
    expect(queue.sent).toEqual([]);
    expect(await retryOperation(ports, key, true)).toMatchObject({ done: true });
    expect(queue.sent).toMatchObject([{ key }]);
    expect(await execute()).toEqual({ status: 'applied' });
    expect(await openCases()).toEqual([]);
  });

  it('does not book an order that was cancelled meanwhile', async () => {
    const { store, orders, partner, execute, cause, openCases, key } = await aHouse();
    const cancelled = anOrder({
      version: { updatedAt: 2_000, triggeredAt: 2_000 },
      cancelledAt: '2026-11-20T10:00:00.000Z',
    });
    await takeOrder({ store, orders })({ kind: 'order', order: cancelled }, cause, undefined);
    expect(await execute()).toEqual({ status: 'rejected', why: 'ORDER_CANCELLED' });
    expect(partner.calls).toEqual([]);
    expect(await store.operations.get(key)).toMatchObject({ status: 'rejected' });
    expect(await openCases()).toEqual([]);
  });

  it('tells a person when the ERP booked an order that was cancelled during the call', async () => {
    const { store, orders, partner, execute, cause, openCases, clock } = await aHouse();
    partner.answers = [LOST];
    await execute();
    const cancelled = anOrder({
      version: { updatedAt: 2_000, triggeredAt: 2_000 },
      cancelledAt: '2026-11-20T10:00:00.000Z',
    });
    await takeOrder({ store, orders })({ kind: 'order', order: cancelled }, cause, undefined);
    clock.advance(60);
    partner.probes = [{ kind: 'found', ref: '7', facts: { number: 'S0007' } }];
    await execute();
    expect(await openCases()).toMatchObject([{ code: 'CANCELLED_BUT_BOOKED' }]);
  });

  it('keeps what the partner did when the order can not take it, and tells a person', async () => {
    const { store, orders, execute, cause, openCases, key, partner } = await aHouse();
    partner.answers = [LOST];
    await execute();
    const { handle } = await import('#application/aggregate.ts');
    await handle(
      store,
      orders,
      'ORDER#shopify#main#5001',
      { type: 'record-booking', erpAccount: 'tryton/main', ref: '8', number: 'S0008' },
      cause,
    );
    const row = await store.operations.get(key);
    if (!row) throw new Error('the operation exists');
    await store.operations.save(
      { ...row, notBefore: '2026-01-01T00:00:00.000Z', revision: row.revision + 1 },
      row.revision,
    );
    partner.probes = [{ kind: 'found', ref: '7', facts: { number: 'S0007' } }];
    await execute();
    expect(await openCases()).toMatchObject([{ code: 'OUTCOME_UNEXPECTED#erp/sales-order' }]);
    expect(await store.operations.get(key)).toMatchObject({ status: 'applied', ref: '7' });
  });
});
