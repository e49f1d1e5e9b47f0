import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type Pair, pairOf, quantile } from '../statistics.ts';

/**
 * Asks two handlers for authorizations by turns and tells the CPU of each, and the time of the slowest in a hundred. A
 * process of its own without a standard output. Started by `fork`; ends with who has started it.
 */
export type AuthorizationJob = {
  readonly subject: string;
  readonly baseline: string;
  /** `whsec_…` */
  readonly secret: string;
  readonly calls: number;
  readonly warmUps: number;
  readonly pairs: number;
};

export type AuthorizationPair = { readonly cpu: Pair; readonly p99: Pair };

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;
type Round = { readonly cpu: number; readonly p99: number };

process.on('disconnect', () => process.exit());
process.once('message', (job: AuthorizationJob) => void work(job));

let asked = 0;

async function work({ subject, baseline, secret, calls, warmUps, pairs }: AuthorizationJob): Promise<void> {
  const own = (await import(subject)) as { handler: Handler };
  const bare = (await import(baseline)) as { handler: Handler };
  const round = (handler: Handler): Promise<Round> => roundOf(handler, signedEvents(calls, secret));
  for (let index = 0; index < warmUps; index++) {
    await round(own.handler);
    await round(bare.handler);
  }
  for (let index = 0; index < pairs; index++) {
    const rounds: { subject?: Round; baseline?: Round } = {};
    await pairOf(
      index,
      async () => {
        rounds.subject = await round(own.handler);
        return 0;
      },
      async () => {
        rounds.baseline = await round(bare.handler);
        return 0;
      },
    );
    const { subject: ours, baseline: theirs } = rounds;
    if (!ours || !theirs) throw new Error('both handlers are measured in every pair');
    process.send?.({
      cpu: { subject: ours.cpu, baseline: theirs.cpu },
      p99: { subject: ours.p99, baseline: theirs.p99 },
    } satisfies AuthorizationPair);
  }
}

/** CPU milliseconds a call, of all threads, and the time that one call in a hundred exceeds. */
async function roundOf(handler: Handler, events: readonly APIGatewayProxyEvent[]): Promise<Round> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (const event of events) {
    const began = performance.now();
    const { statusCode, body } = await handler(event, CONTEXT);
    times.push(performance.now() - began);
    if (statusCode !== 200) throw new Error(`a request was answered ${statusCode}: ${body}`);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000 / events.length, p99: quantile(times, 0.99) };
}

/** Each asks for a return of its own, signed now. */
function signedEvents(count: number, secret: string): APIGatewayProxyEvent[] {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return Array.from({ length: count }, () => {
    const id = `R-${++asked}`;
    const second = String(Math.floor(Date.now() / 1000));
    const lines = [{ lineId: 'L1', quantity: 1, reasonCode: 'UNWANTED' }];
    const order = { channel: 'shopify', account: 'main', orderId: '5001' };
    const body = JSON.stringify({ returnId: id, ...order, requestedAt: new Date().toISOString(), lines });
    const signature = createHmac('sha256', key).update(`${id}.${second}.${body}`).digest('base64');
    return {
      httpMethod: 'POST',
      resource: '/v1/returns/authorizations',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': second,
        'webhook-signature': `v1,${signature}`,
      },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    } as unknown as APIGatewayProxyEvent;
  });
}

const CONTEXT = {
  functionName: 'measured',
  awsRequestId: '8f5e1c6a-5a51-4a0c-9e0c-0f1f0a1d2c3b',
  memoryLimitInMB: '1024',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:measured',
  getRemainingTimeInMillis: () => 15_000,
} as Context;
