import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type Pair, quantile } from '../statistics.ts';
import { contextOf, type Handler, inTurns, type Job, onJob } from './in-turns.ts';

/** Asks two handlers for authorizations by turns and tells the CPU of each, and the time of the slowest in a hundred. */
export type AuthorizationJob = Job & {
  /** `whsec_…` */
  readonly secret: string;
  /** Of each round. */
  readonly calls: number;
};

export type AuthorizationPair = { readonly cpu: Pair; readonly p99: Pair };

type Round = { readonly cpu: number; readonly p99: number };

const CONTEXT = contextOf('1024', 15_000);

let asked = 0;

onJob(async function* ({ secret, calls, ...job }: AuthorizationJob): AsyncGenerator<AuthorizationPair> {
  const round = (handler: Handler): Promise<Round> => roundOf(handler, signedEvents(calls, secret));
  for await (const { subject, baseline } of inTurns(job, round)) {
    yield {
      cpu: { subject: subject.cpu, baseline: baseline.cpu },
      p99: { subject: subject.p99, baseline: baseline.p99 },
    };
  }
});

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
