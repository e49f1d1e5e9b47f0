import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type Pair, pairOf } from '../statistics.ts';

/**
 * Takes webhooks with two handlers by turns and tells the CPU of each. A process of its own, without a standard output: the
 * log lines are written, and go nowhere. Started by `fork`; ends with who has started it.
 */
export type WebhookJob = {
  readonly subject: string;
  readonly baseline: string;
  readonly events: readonly APIGatewayProxyEvent[];
  readonly warmUps: number;
  readonly pairs: number;
};

/** Told after each pair, so that the one who waits sees it go on. */
export type WebhookPair = Pair & { readonly index: number };

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

process.on('disconnect', () => process.exit());
process.once('message', (job: WebhookJob) => void work(job));

async function work({ subject, baseline, events, warmUps, pairs }: WebhookJob): Promise<void> {
  const handlers = { subject: await handlerOf(subject), baseline: await handlerOf(baseline) };
  for (let index = 0; index < warmUps; index++) {
    await cpuOf(handlers.subject, events);
    await cpuOf(handlers.baseline, events);
  }
  for (let index = 0; index < pairs; index++) {
    const pair = await pairOf(
      index,
      () => cpuOf(handlers.subject, events),
      () => cpuOf(handlers.baseline, events),
    );
    process.send?.({ ...pair, index } satisfies WebhookPair);
  }
}

async function handlerOf(file: string): Promise<Handler> {
  const { handler } = (await import(file)) as { handler: Handler };
  return handler;
}

/** CPU milliseconds, user and system of all threads, for one webhook. Throws unless each is accepted. */
async function cpuOf(handler: Handler, events: readonly APIGatewayProxyEvent[]): Promise<number> {
  const before = process.cpuUsage();
  for (const event of events) {
    const { statusCode } = await handler(event, CONTEXT);
    if (statusCode !== 200) throw new Error(`a webhook was answered ${statusCode}: the figures would be of refusals`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / events.length;
}

const CONTEXT = {
  functionName: 'measured',
  awsRequestId: '8f5e1c6a-5a51-4a0c-9e0c-0f1f0a1d2c3b',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:measured',
  getRemainingTimeInMillis: () => 10_000,
} as Context;
