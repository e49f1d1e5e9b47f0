import { expect, it } from 'vitest';
import type { OpenOrder } from '#core/orders/state.ts';
import { IntakeHouse } from '../intake-house.ts';
import { isLeftOut, type OrderGiven, type Sample, type WebhookSubject } from '../under-test.ts';
import { leftOut } from './left-out.ts';

/** Messages that come twice, late, or in another order than they were sent. */
export function deliveries(subject: WebhookSubject): void {
  const { history, order } = subject.webhook;
  const messages = Object.entries(history);

  it('are all taken in the order in which they are sent', async () => {
    const house = await IntakeHouse.prepared(subject);
    for (const [name, sample] of messages) {
      await house.deliver(sample);
      expect(
        house.control.parked.map(({ attributes }) => attributes.reason),
        name,
      ).toEqual([]);
    }
    expect(house.store.journal.length).toBeGreaterThan(0);
  });

  it('have one effect when each comes twice, one after the other and in one batch', async () => {
    const house = await IntakeHouse.prepared(subject);
    const once = await IntakeHouse.prepared(subject);
    for (const [name, sample] of messages) {
      const body = await house.deliver(sample);
      const after = await house.snapshot();
      expect(await house.take(body, body), name).toBe(0);
      expect(await house.snapshot(), name).toEqual(after);
      await once.take(body, body);
    }
    expect(await once.snapshot()).toEqual(await house.snapshot());
    expect(house.control.parked).toEqual([]);
  });

  it('have one effect when the process breaks off right after the commit', async () => {
    const house = await IntakeHouse.prepared(subject);
    const smooth = await IntakeHouse.prepared(subject);
    for (const [name, sample] of messages) {
      house.breaksAt = 'intake:after-commit';
      const body = await house.deliver(sample);
      expect(await house.take(body), name).toBe(0);
      await smooth.take(body);
    }
    expect(await house.snapshot()).toEqual(await smooth.snapshot());
  });

  it('plan, refund and open nothing more when the same comes again as another delivery', async () => {
    const house = await IntakeHouse.prepared(subject);
    for (const [name, sample] of messages) {
      await house.deliver(sample);
      const { operations } = await house.snapshot();
      const [cases, money] = [await house.openCases(), await refunded(house)];
      await house.deliver(sample);
      expect((await house.snapshot()).operations, name).toEqual(operations);
      expect(await house.openCases(), name).toEqual(cases);
      expect(await refunded(house), name).toEqual(money);
    }
  });

  it('that come before what they are about wait with a case, and are taken when it has come', async () => {
    const house = await IntakeHouse.prepared(subject);
    const inOrder = await IntakeHouse.prepared(subject);
    for (const [, sample] of messages) await inOrder.deliver(sample);
    for (const [, sample] of [...messages].reverse()) {
      await house.deliver(sample);
      const parked = (await house.openCases()).filter(({ code }) => code.startsWith('MESSAGE_PARKED#'));
      expect(parked).toHaveLength(house.control.parked.length);
    }
    for (let round = 0; round < messages.length && house.control.parked.length > 0; round++) await house.redrive();
    expect(house.control.parked.map(({ attributes }) => attributes.reason)).toEqual([]);
    expect((await house.openCases()).filter(({ code }) => code.startsWith('MESSAGE_PARKED#'))).toEqual([]);
    expect(house.store.keys.sort()).toEqual(inOrder.store.keys.sort());
    expect(await refunded(house)).toEqual(await refunded(inOrder));
  });

  if (isLeftOut(order)) leftOut('an order in three versions, in every order', order);
  else versions(subject, order);
}

/** An order that is placed, changed and cancelled. */
function versions(subject: WebhookSubject, order: (given: OrderGiven) => Sample): void {
  const version = (changes: Partial<OrderGiven>): Sample =>
    order({
      currency: 'USD',
      unitPrice: '12.34',
      total: '12.34',
      quantity: 1,
      changedAt: '2026-07-01T08:00:00Z',
      cancelled: false,
      ...changes,
    });
  const changed = { unitPrice: '10.00', total: '10.00', changedAt: '2026-07-01T09:00:00Z' };
  const sent = [
    version({}),
    version(changed),
    version({ ...changed, changedAt: '2026-07-01T10:00:00Z', cancelled: true }),
  ] as const;

  it.each(orders([0, 1, 2]))(
    'an order in three versions ends as the newest, whatever comes first (%i %i %i)',
    async (...coming) => {
      const house = await IntakeHouse.prepared(subject);
      const planned = house.store.operations.all.length;
      for (const index of coming) await house.deliver(sent[index as 0 | 1 | 2]);
      expect(house.control.parked).toEqual([]);
      const { states, operations } = await house.snapshot();
      const [newest] = Object.values(states)
        .map((stored) => stored?.state as OpenOrder)
        .filter(({ status }) => status === 'cancelled');
      expect(newest).toMatchObject({ total: 1000, version: { updatedAt: Date.parse('2026-07-01T10:00:00Z') } });
      expect(operations.length - planned).toBeLessThanOrEqual(1);
    },
  );
}

/** What the books say went back to buyers. */
async function refunded({ store }: IntakeHouse): Promise<unknown[]> {
  const orders = store.keys.filter((key) => key.startsWith('ORDER#')).sort();
  const states = await Promise.all(orders.map((key) => store.load<OpenOrder>(key)));
  return states.map((stored) => stored?.state.refunds);
}

const orders = (items: readonly number[]): number[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((first) => orders(items.filter((one) => one !== first)).map((rest) => [first, ...rest]));
