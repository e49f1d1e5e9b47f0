import type { APIGatewayProxyEvent } from 'aws-lambda';
import { contextOf, type Handler, inTurns, type Job, onJob } from './in-turns.ts';

/** Takes webhooks with two handlers by turns and tells the CPU of each. */
export type WebhookJob = Job & { readonly events: readonly APIGatewayProxyEvent[] };

const CONTEXT = contextOf('512', 10_000);

onJob((job: WebhookJob) => inTurns(job, (handler) => cpuOf(handler, job.events)));

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
