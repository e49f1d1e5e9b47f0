import { settlementAggregate } from '#application/settlements/settlement-aggregate.ts';
import { stateStore } from '#platform/aws/stores.ts';
import { jsonEnv, once } from '#platform/env.ts';
import { routing } from './routing.ts';

/** Channel accounts (`shopify/main`) whose settlements are fetched without a person, as deployed. */
const collected = once(() =>
  jsonEnv('CROSSDOCK_ROUTING', (given) => (given as { collected: readonly string[] }).collected),
);

/** Settlements are posted where the orders of their channel are booked. */
export const settlements = once(() =>
  settlementAggregate((channel, account) => ({
    erp: routing().orderRouting(channel, account).erp,
    collectsItself: collected().includes(`${channel}/${account}`),
  })),
);

export const settlementPorts = once(() => ({ store: stateStore(), settlements: settlements() }));
