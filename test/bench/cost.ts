import { setTimeout as sleep } from 'node:timers/promises';
import { FUNCTIONS } from '../../functions/topology.ts';
import type { Town } from '../e2e/support/town.ts';
import { type Bench, type Measure, rounds } from './bench.ts';
import type { MeteredCall } from './meter.ts';
import { type MeteredFunctions, meterFunctions, type Ran } from './metered-functions.ts';
import { billOf, PRICED_AT, totalOf, type Usage } from './prices.ts';
import { signedWebhook } from './signed-webhook.ts';

const TARGET_USD = 0.025;
const ORDERS = 25;
const WARM_UPS = 2;
const PER = 1000;

/** Every function between a webhook and the ERP's acknowledgment, which is written down and published like all else. */
const PATH = ['shopify/receive', 'shopify/intake', 'core/relay-journal', 'tryton/execute'] as const;
const CONSUMERS_OF_QUEUES = ['shopify/intake', 'tryton/execute'];

/** Calls, capacity units and list price of orders, counted from a real run, from the webhook to the acknowledgment. */
export const cost: Bench = {
  name: 'cost',
  does: 'AWS calls, capacity units and list price per 1,000 orders, counted from a real run',
  async run(context) {
    const town = await context.town();
    const functions = await meterFunctions(town.world, PATH);
    try {
      for (let index = 0; index < WARM_UPS; index++) await bookOrder(town);
      await atRest(functions);
      const began = Date.now();
      const before = { calls: functions.calls.length, cpu: cpuOf(functions) };
      await rounds(context, 'orders counted', ORDERS, () => bookOrder(town));
      await atRest(functions);
      const calls = functions.calls.slice(before.calls);
      const worked = await Promise.all(
        PATH.map(async (id) => ({
          id,
          ...(await functions.ran(id, began)),
          cpuMs: functions.cpuMs(id) - (before.cpu.get(id) ?? 0),
        })),
      );
      return { bench: this.name, measures: measuresOf(calls, worked), notes: notesOf(calls, worked) };
    } finally {
      await functions.close();
    }
  },
};

async function bookOrder(town: Town): Promise<void> {
  const { webhookSecret: secret, shopDomain } = town.world.shop;
  const order = town.newOrder();
  const { body, headers } = signedWebhook(order, { secret, shopDomain });
  const { status } = await town.post('/webhooks/shopify/main', body, headers);
  if (status !== 200) throw new Error(`a webhook was answered ${status}: it must be 200`);
  await town.booked({ id: String(order.id) });
}

/** Until nobody has called AWS for a while, and every process has told its CPU. */
async function atRest({ calls }: MeteredFunctions): Promise<void> {
  for (let seen = -1; seen !== calls.length; ) {
    seen = calls.length;
    await sleep(2_500);
  }
}

const cpuOf = (functions: MeteredFunctions) => new Map(PATH.map((id) => [id as string, functions.cpuMs(id)]));

type Worked = Ran & { readonly id: string; readonly cpuMs: number };

function measuresOf(calls: readonly MeteredCall[], worked: readonly Worked[]): Measure[] {
  const lines = billOf(usageOf(calls, worked), { orders: ORDERS, scaledTo: PER });
  return [
    { name: `list price of ${PER} orders`, value: totalOf(lines), unit: 'USD', target: TARGET_USD },
    ...lines.map(({ what, usd }): Measure => ({ name: `  ${what}`, value: usd, unit: 'USD' })),
    ...perOrder(
      calls,
      'calls',
      () => 1,
      ({ functionId, operation }) => `${functionId} ${operation}`,
    ),
    ...perOrder(
      calls,
      'units',
      ({ writeUnits }) => writeUnits,
      ({ functionId, operation }) => `written by ${functionId} ${operation}`,
    ),
    ...perOrder(
      calls,
      'units',
      ({ readUnits }) => readUnits,
      ({ functionId, operation }) => `read by ${functionId} ${operation}`,
    ),
    ...worked.flatMap(({ id, invocations, cpuMs, wallMs }): Measure[] => [
      { name: `${id} invocations`, value: invocations / ORDERS, unit: 'calls' },
      { name: `  CPU of one`, value: cpuMs / invocations, unit: 'ms' },
      { name: `  time of one, here`, value: wallMs / invocations, unit: 'ms' },
    ]),
  ];
}

/** Sums up by a name, for one order; what comes to nothing is left out. */
function perOrder(
  calls: readonly MeteredCall[],
  unit: 'calls' | 'units',
  amount: (call: MeteredCall) => number,
  name: (call: MeteredCall) => string,
): Measure[] {
  const sums = Map.groupBy(calls, name);
  return [...sums]
    .map(([key, group]) => ({ name: key, unit, value: group.reduce((sum, one) => sum + amount(one), 0) / ORDERS }))
    .filter(({ value }) => value > 0);
}

function usageOf(calls: readonly MeteredCall[], worked: readonly Worked[]): Usage {
  const sum = <T>(items: readonly T[], amount: (item: T) => number) =>
    items.reduce((total, one) => total + amount(one), 0);
  const chunks = (service: string) =>
    sum(
      calls.filter(({ operation }) => operation.startsWith(service)),
      (call) => call.chunks,
    );
  const polled = sum(
    worked.filter(({ id }) => CONSUMERS_OF_QUEUES.includes(id)),
    ({ invocations }) => invocations,
  );
  return {
    apiRequests: ORDERS,
    invocations: sum(worked, ({ invocations }) => invocations),
    gbSeconds: sum(worked, gbSecondsOf),
    // Lambda itself receives a batch and deletes it; on AWS that is on the bill.
    sqsRequests: chunks('AmazonSQS.') + 2 * polled,
    events: chunks('AWSEvents.'),
    writeUnits: sum(calls, (call) => call.writeUnits),
    readUnits: sum(calls, (call) => call.readUnits),
    archivePuts: calls.filter(({ operation }) => operation === 'S3.PUT').length,
    secretReads: calls.filter(({ operation }) => operation.startsWith('secretsmanager.')).length,
    logBytes: sum(worked, ({ logBytes }) => logBytes),
  };
}

/** Memory at which Lambda gives a function one whole vCPU. */
const MB_PER_VCPU = 1769;

/**
 * A function's time is what it waits and what it computes. Here it computes on a whole core; with less than 1,769 MB Lambda
 * gives it that share of one. Waits are taken as they were here: for the engine in place of AWS, for the ERP as it is.
 */
function gbSecondsOf({ id, invocations, wallMs, cpuMs }: Worked): number {
  const memoryMb = FUNCTIONS.find((one) => one.id === id)?.memoryMb ?? MB_PER_VCPU;
  const waits = Math.max(0, wallMs - cpuMs);
  const billed = waits + cpuMs * Math.max(1, MB_PER_VCPU / memoryMb);
  return (Math.max(billed, invocations) / 1000) * (memoryMb / 1024);
}

function notesOf(calls: readonly MeteredCall[], worked: readonly Worked[]): string[] {
  const units = calls.reduce((sum, { writeUnits }) => sum + writeUnits, 0) / ORDERS;
  const rows = calls.reduce((sum, { rowUnits }) => sum + rowUnits, 0) / ORDERS;
  const relayed = worked.find(({ id }) => id === 'core/relay-journal')?.invocations ?? 0;
  return [
    `${ORDERS} orders of two lines, one at a time, so nothing is batched (${(relayed / ORDERS).toFixed(1)} relays an order): the dearest way`,
    `write units as the engine counts them: ${units.toFixed(2)} an order with indexes; the rows alone, by our own reckoning, ${rows.toFixed(2)}`,
    'GB-seconds: waits as measured here, CPU as measured here times 1,769 MB over the memory; cold starts are not in it',
    'SQS: our own calls and, for each invocation by a queue, one receive and one delete, which Lambda makes',
    `prices of us-east-1 as of ${PRICED_AT} (test/bench/prices.ts), without free allowances`,
    'not in it: what stands whatever the orders (polls of empty queues, alarms, keys, secrets, storage), X-Ray, data out',
  ];
}
