import type { Context, SQSRecord } from 'aws-lambda';
import { vi } from 'vitest';

/** What every function's environment has; read when the logger and the metrics are made. */
Object.assign(process.env, {
  POWERTOOLS_SERVICE_NAME: 'platform',
  POWERTOOLS_METRICS_NAMESPACE: 'Crossdock',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

export const context = {
  functionName: 'tested',
  awsRequestId: 'request-1',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
  getRemainingTimeInMillis: () => 30_000,
} as Context;

type Line = Record<string, unknown> & { readonly message?: string; readonly correlationId?: string };

/** Everything that was written out while `work` ran: log lines, and metrics in their embedded format. */
export async function writtenDuring<T>(work: () => Promise<T>): Promise<{ result: T; text: string; lines: Line[] }> {
  const written: string[] = [];
  const keep = (chunk: unknown): boolean => written.push(String(chunk)) > 0;
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep as never),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep as never),
  ];
  try {
    const result = await work();
    const text = written.join('');
    return { result, text, lines: text.split('\n').flatMap(parsed) };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

function parsed(line: string): Line[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

export function sqsRecord(messageId: string, body: string, changes: Partial<SQSRecord> = {}): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-of-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:shopify-intake',
    awsRegion: 'us-east-1',
    ...changes,
  };
}

export const receivedTimes = (count: number): Pick<SQSRecord, 'attributes'> => ({
  attributes: { ...sqsRecord('', '').attributes, ApproximateReceiveCount: String(count) },
});

export const withAttributes = (texts: Readonly<Record<string, string>>): Pick<SQSRecord, 'messageAttributes'> => ({
  messageAttributes: Object.fromEntries(
    Object.entries(texts).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' as const }]),
  ),
});
