import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { runFolder } from '../../bin/local/cache.ts';
import { buildShopifyOrder } from '../../bin/local/partners/shopify/builder.ts';
import { bundleEntry } from '../support/handler-bundles.ts';
import { type Bench, type BenchContext, rounds } from './bench.ts';
import { signedWebhook } from './signed-webhook.ts';
import { type Pair, ratioOf, summarize } from './statistics.ts';
import type { WebhookJob, WebhookPair } from './workers/webhook-cpu.ts';

const TARGET = 1.25;
const PAIRS = 80;
const SECRET = 'webhook-secret-of-the-bench';

/** CPU for each accepted webhook, warm, beside a handler that only checks the signature and sends. */
export const webhook: Bench = {
  name: 'webhook',
  does: 'CPU for each accepted webhook beside a bare handler that only verifies and sends',
  async run(context) {
    const endpoint = start('aws-endpoint.ts', [JSON.stringify({ webhookSecrets: [SECRET] })], {});
    try {
      const [url] = (await once(endpoint, 'message')) as [string];
      const pairs = await measured(context, url);
      const { median, spread } = ratioOf(pairs);
      const own = summarize(pairs.map(({ subject }) => subject));
      const bare = summarize(pairs.map(({ baseline }) => baseline));
      return {
        bench: this.name,
        measures: [
          { name: 'webhook beside bare', value: median, unit: '×', target: TARGET, spread },
          { name: 'webhook', value: own.median, unit: 'ms', spread: own.spread },
          { name: 'bare', value: bare.median, unit: 'ms', spread: bare.spread },
        ],
        notes: [
          `${PAIRS} pairs of ${EVENTS} webhooks each in one process, by turns, after a warm-up; logs and metrics are written`,
          'SQS is a process on the loopback address; its CPU is not counted',
        ],
      };
    } finally {
      endpoint.disconnect();
    }
  },
};

const EVENTS = 40;
const WARM_UPS = 12;

async function measured(context: BenchContext, endpoint: string): Promise<Pair[]> {
  const job: WebhookJob = { ...(await handlers()), events: signedEvents(EVENTS), warmUps: WARM_UPS, pairs: PAIRS };
  const worker = start('webhook-cpu.ts', [], environment(endpoint));
  // Keeps what comes while nobody waits, and ends with the process.
  const told = on(worker, 'message', { close: ['exit'] });
  const pairs: Pair[] = [];
  try {
    worker.send(job);
    await rounds(context, 'webhook', PAIRS, async () => {
      const { value, done } = await told.next();
      if (done) throw new Error('the process that measures ended before its time; what it said stands above');
      const [pair] = value as [WebhookPair];
      pairs.push(pair);
    });
  } finally {
    if (worker.connected) worker.disconnect();
  }
  return pairs;
}

function start(worker: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return fork(path.join(import.meta.dirname, 'workers', worker), args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function handlers(): Promise<{ subject: string; baseline: string }> {
  const folder = path.join(runFolder(), 'webhook');
  await mkdir(folder, { recursive: true });
  const write = async (name: string, entry: string): Promise<string> => {
    const file = path.join(folder, `${name}.mjs`);
    await writeFile(file, (await bundleEntry(entry)).text);
    return file;
  };
  return {
    subject: await write('subject', 'functions/connectors/channels/shopify/handlers/receive.ts'),
    baseline: await write('baseline', 'test/bench/bare/receive.ts'),
  };
}

/** Of both handlers, as deployed. */
const environment = (endpoint: string): Record<string, string> => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL: endpoint,
  INTAKE_QUEUE_URL: `${endpoint}/000000000000/intake`,
  ARCHIVE_BUCKET_NAME: 'archive',
  CROSSDOCK_ACCOUNTS: JSON.stringify([{ connector: 'shopify', account: 'main', secretName: 'shopify', settings: {} }]),
  POWERTOOLS_SERVICE_NAME: 'shopify',
  POWERTOOLS_METRICS_NAMESPACE: 'Crossdock',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  WEBHOOK_SECRET: SECRET,
});

/** Webhooks of different orders as API Gateway hands them over. */
function signedEvents(count: number): APIGatewayProxyEvent[] {
  return Array.from({ length: count }, (_one, index) => {
    const id = String(7_200_000_000_000 + index);
    const lines = [
      { sku: 'TSHIRT-M', title: 'T-shirt M', quantity: 2, price: '12.34', taxRate: '0.10' },
      { sku: 'MUG-BLUE', title: 'Blue mug', quantity: 1, price: '8.50', taxRate: '0.10' },
    ];
    const order = buildShopifyOrder({ id, name: `#${id.slice(-6)}`, at: '2026-11-20T10:00:00Z', lines });
    const { body, headers } = signedWebhook(order, { secret: SECRET, shopDomain: 'bench.myshopify.com' });
    return {
      pathParameters: { account: 'main' },
      headers,
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    } as unknown as APIGatewayProxyEvent;
  });
}
