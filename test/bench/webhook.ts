import type { APIGatewayProxyEvent } from 'aws-lambda';
import { buildShopifyOrder } from '../../bin/local/partners/shopify/builder.ts';
import type { Bench } from './bench.ts';
import { deployedEnvironment, measured } from './beside.ts';
import { signedWebhook } from './signed-webhook.ts';
import { type Pair, ratioOf, summarize } from './statistics.ts';
import type { WebhookJob } from './workers/webhook-cpu.ts';

const TARGET = 1.25;
const PAIRS = 80;
const EVENTS = 40;
const WARM_UPS = 12;
const SECRET = 'webhook-secret-of-the-bench';

/** CPU for each accepted webhook, warm, beside a handler that only checks the signature and sends. */
export const webhook: Bench = {
  name: 'webhook',
  does: 'CPU for each accepted webhook beside a bare handler that only verifies and sends',
  async run(context) {
    const pairs = await measured<Pair, WebhookJob>(context, {
      name: this.name,
      entries: {
        subject: 'functions/connectors/channels/shopify/handlers/receive.ts',
        baseline: 'test/bench/bare/receive.ts',
      },
      endpoint: { worker: 'aws-endpoint.ts', secret: { webhookSecrets: [SECRET] } },
      worker: 'webhook-cpu.ts',
      job: { events: signedEvents(EVENTS), warmUps: WARM_UPS, pairs: PAIRS },
      environment,
    });
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
  },
};

/** Of both handlers: as deployed, and what the bare one checks signatures with. */
const environment = (endpoint: string): Record<string, string> => ({
  ...deployedEnvironment('shopify/receive', endpoint),
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
