import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type Pair, pairOf } from '../statistics.ts';

/**
 * The worker's side of `beside.ts`: a process of its own, without a standard output (the log lines are written, and go
 * nowhere), started by `fork` and ended with who has started it.
 */

/** What every worker is told: the files of the two handlers, and how often to measure them. */
export type Job = {
  readonly subject: string;
  readonly baseline: string;
  readonly warmUps: number;
  readonly pairs: number;
};

export type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** Does the one job that this process is started for, and tells what comes of each pair. */
export function onJob<J extends Job>(pairsOf: (job: J) => AsyncIterable<object>): void {
  process.on('disconnect', () => process.exit());
  process.once('message', async (job: J) => {
    for await (const pair of pairsOf(job)) process.send?.(pair);
  });
}

/** Measures both handlers by turns, after a warm-up. */
export async function* inTurns<Round>(
  { subject, baseline, warmUps, pairs }: Job,
  round: (handler: Handler) => Promise<Round>,
): AsyncGenerator<Pair<Round>> {
  const own = await handlerOf(subject);
  const bare = await handlerOf(baseline);
  for (let index = 0; index < warmUps; index++) {
    await round(own);
    await round(bare);
  }
  for (let index = 0; index < pairs; index++) {
    yield await pairOf(
      index,
      () => round(own),
      () => round(bare),
    );
  }
}

async function handlerOf(file: string): Promise<Handler> {
  const { handler } = (await import(file)) as { handler: Handler };
  return handler;
}

/** As Lambda gives it to a function of that memory, with so many milliseconds left. */
export const contextOf = (memoryLimitInMB: string, remainingMs: number): Context =>
  ({
    functionName: 'measured',
    awsRequestId: '8f5e1c6a-5a51-4a0c-9e0c-0f1f0a1d2c3b',
    memoryLimitInMB,
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:measured',
    getRemainingTimeInMillis: () => remainingMs,
  }) as Context;
