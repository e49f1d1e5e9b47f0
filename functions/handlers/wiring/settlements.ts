import { settlementAggregate } from '#application/settlements/settlement-aggregate.ts';
import { stateStore } from '#platform/aws/stores.ts';
import { once } from '#platform/env.ts';
import { routing } from './routing.ts';

/** Channels whose settlements are fetched without a person. */
const COLLECT_THEMSELVES: readonly string[] = [];

/** Settlements are posted where the orders of their channel are booked. */
export const settlements = once(() =>
  settlementAggregate((channel, account) => ({
    erp: routing().orderRouting(channel, account).erp,
    collectsItself: COLLECT_THEMSELVES.includes(channel),
  })),
);

export const settlementPorts = once(() => ({ store: stateStore(), settlements: settlements() }));
