import { planRefund } from '#application/refunds/plan-refund.ts';
import { refundSubject } from '#application/refunds/record-refund-outcome.ts';
import { afterExecute, begin } from '#core/operations/protocol.ts';
import type { FindPorts } from '../../../bin/commands/explain/find.ts';
import { gather, type Story } from '../../../bin/commands/explain/story.ts';
import { House } from '../returns/house.ts';
import { ORDER_KEY, REFUND_ID, RETURN_KEY, wayTo } from '../returns/samples.ts';

export const REFUND_OPERATION = `channel/refund/shopify/main/5001/${REFUND_ID}`;

/** A house in memory whose order was shipped, sent back and refunded; the shop has not confirmed the refund yet. */
export async function aToldHouse(): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  await house.return(...wayTo.stocked);
  await planRefund(house.ports, RETURN_KEY, house.cause);
  return house;
}

/** The shop has paid. */
export async function pay(house: House): Promise<void> {
  const row = await house.operation(REFUND_OPERATION);
  const begun = begin(row, house.clock.now(), 'executor-1');
  if (begun.do !== 'execute') throw new Error('a planned refund can be carried out');
  await house.store.operations.save(begun.operation, row.revision);
  const outcome = { kind: 'applied', ref: 'gid://shopify/Refund/99', facts: { amount: 3_650 } } as const;
  house.clock.advance(60);
  const ended = afterExecute(begun.operation, outcome, { read: 'authoritative' }, house.clock.now());
  await refundSubject(house.ports).settle(ended, begun.operation.revision, house.cause);
}

/** The tables of the house as the command line reads them. */
export function tablesOf(house: House, accounts: FindPorts['accounts'] = ACCOUNTS): FindPorts {
  const { store } = house;
  return {
    accounts,
    async chapter(key) {
      const stored = await store.load(key);
      if (!stored) return undefined;
      const cases = (await store.cases.listOpen({ limit: 100 })).filter(({ subject }) => subject === key);
      const told = store.journal.filter((row) => row.key === key);
      return { key, state: stored.state, version: stored.version, journal: told, cases, timers: [], waits: [] };
    },
    operation: (key) => store.operations.get(key),
    subjectsOf: async (id) => NUMBERS[id] ?? [],
    parked: async (id) => (id === 'orders/create:d2' ? ORDER_KEY : undefined),
    delivered: async (mailbox, id) => (mailbox === 'shopify#main' && id === 'orders/create:d1' ? ORDER_KEY : undefined),
  };
}

/** The ERP has given the order and its return the same number 1, each among its own kind. */
const NUMBERS: Readonly<Record<string, string[]>> = {
  '#1001': [ORDER_KEY],
  S0007: [ORDER_KEY],
  '1': [RETURN_KEY, ORDER_KEY],
};

const ACCOUNTS = [
  { connector: 'shopify', account: 'main' },
  { connector: 'loop', account: 'main' },
];

export async function storyOf(house: House, key = ORDER_KEY): Promise<Story> {
  const story = await gather(tablesOf(house), key);
  if (!story) throw new Error(`nothing is told of ${key}`);
  return story;
}
