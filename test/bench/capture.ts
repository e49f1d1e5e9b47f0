import { setTimeout as sleep } from 'node:timers/promises';
import { deploy } from '../../bin/local/deploy.ts';
import { listen, reply } from '../../bin/local/partners/http-server.ts';
import { output } from '../../bin/local/world.ts';
import type { Town } from '../e2e/support/town.ts';
import { type Bench, type BenchContext, rounds } from './bench.ts';
import { signedWebhook } from './signed-webhook.ts';
import { type Pair, pairOf, ratioOf, summarize } from './statistics.ts';

const TARGET = 1.25;
const PAIRS = 80;
/** Of each, so that every function has its process and the ERP's session is open. */
const WARM_UPS = 3;

/** Time from a webhook to the first call of the ERP, beside a chain of the same hops that does nothing else. */
export const capture: Bench = {
  name: 'capture',
  does: 'time from a webhook to the call of the ERP beside a bare chain of the same hops, on a local engine',
  async run(context) {
    const town = await context.town();
    const bare = await bareChain(context, town);
    try {
      for (let index = 0; index < WARM_UPS; index++) await Promise.all([ordersTime(town), bare.time(town)]);
      const pairs: Pair[] = [];
      await rounds(context, 'capture to ERP call', PAIRS, async (index) => {
        pairs.push(
          await pairOf(
            index,
            () => ordersTime(town),
            () => bare.time(town),
          ),
        );
      });
      return { bench: this.name, ...figures(pairs, town) };
    } finally {
      await bare.close();
    }
  },
};

function figures(pairs: readonly Pair[], { world: { engine } }: Town) {
  const { median, spread } = ratioOf(pairs);
  const own = summarize(pairs.map(({ subject }) => subject));
  const bare = summarize(pairs.map(({ baseline }) => baseline));
  return {
    measures: [
      { name: 'capture to ERP call beside bare', value: median, unit: '×', target: TARGET, spread },
      { name: 'capture to ERP call', value: own.median, unit: 'ms', spread: own.spread },
      { name: 'bare', value: bare.median, unit: 'ms', spread: bare.spread },
    ] as const,
    notes: [
      `${PAIRS} pairs, one order at a time, by turns, functions warm; ${engine.name} ${engine.version}, all on this machine`,
      'API Gateway, function, queue, function, table, stream, function, queue, function, HTTP call in both',
    ],
  };
}

/** The first thing that the executor asks the ERP for an order; the minute's poll for shipments asks others. */
const FIRST_CALL = /^model\.sale\.sale\./;

/** Milliseconds until the ERP hears of a new order. Returns when the order is booked, so that nothing of it is in the next. */
async function ordersTime(town: Town): Promise<number> {
  const { world, wire } = town;
  const { webhookSecret: secret, shopDomain } = world.shop;
  const order = town.newOrder();
  const { body, headers } = signedWebhook(order, { secret, shopDomain });
  const called = Promise.withResolvers<number>();
  wire.fate = (method) => {
    if (FIRST_CALL.test(method)) called.resolve(performance.now());
    return 'deliver';
  };
  const began = performance.now();
  await accepted(fetch(`${world.apiUrl}/webhooks/shopify/main`, { method: 'POST', body, headers }));
  const took = (await within(called.promise, `order ${order.id} at the ERP`)) - began;
  await town.booked({ id: String(order.id) });
  return took;
}

async function bareChain(context: BenchContext, { world }: Town) {
  const secret = world.shop.webhookSecret;
  const waiting = new Map<string, (at: number) => void>();
  const erp = await listen(async (_request, body, response) => {
    waiting.get(body)?.(performance.now());
    reply(response, 200, {});
  });
  const outputs = await deploy({
    engine: world.engine,
    config: { secret, erpUrl: await world.engine.reachable(erp.url) },
    app: 'test/bench/bare/app.ts',
    onProgress: context.progress,
  });
  const url = world.engine.apiUrl(output(outputs, 'RestApiId'), output(outputs, 'ApiStageName'), '/webhooks');
  return {
    async time(town: Town): Promise<number> {
      const order = town.newOrder();
      const { body, headers } = signedWebhook(order, { secret, shopDomain: world.shop.shopDomain });
      const called = Promise.withResolvers<number>();
      waiting.set(`ORDER#${order.id}`, called.resolve);
      const began = performance.now();
      await accepted(fetch(url, { method: 'POST', body, headers }));
      return (await within(called.promise, `order ${order.id} at the end of the bare chain`)) - began;
    },
    close: erp.close,
  };
}

async function accepted(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`a webhook was answered ${response.status}: it must be 200`);
}

async function within<T>(wanted: Promise<T>, what: string): Promise<T> {
  const late = new AbortController();
  const timeout = sleep(60_000, undefined, { signal: late.signal }).then(
    () => {
      throw new Error(`waited 60 s for ${what}`);
    },
    () => wanted,
  );
  return Promise.race([wanted, timeout]).finally(() => late.abort());
}
