import { orderAggregate } from '#application/orders/order-aggregate.ts';
import { refundAggregate } from '#application/refunds/refund-aggregate.ts';
import { returnAggregate } from '#application/returns/return-aggregate.ts';
import { stateStore } from '#platform/aws/stores.ts';
import { once } from '#platform/env.ts';
import { routing } from './routing.ts';

/** Aggregates over the state table, by how far a function reaches. */

export const orders = once(() => orderAggregate(routing()));

export const orderPorts = once(() => ({ store: stateStore(), orders: orders() }));

export const returnPorts = once(() => ({ ...orderPorts(), returns: returnAggregate(routing()) }));

export const refundPorts = once(() => ({ ...orderPorts(), refunds: refundAggregate }));
