import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { GuardedQueue } from './guarded-queue.ts';
import type { NodeFunction } from './node-function.ts';

export interface QueueConsumerProps {
  readonly source: GuardedQueue;
  readonly consumer: NodeFunction;
  readonly batchSize: number;
  /** @default no cap */
  readonly maxConcurrency?: number;
}

/** A queue's messages to a function. The function reports which messages of a batch failed; only those come again. */
export class QueueConsumer extends Construct {
  constructor(scope: Construct, id: string, { source, consumer, batchSize, maxConcurrency }: QueueConsumerProps) {
    super(scope, id);
    new EventSourceMapping(this, 'Mapping', {
      target: consumer.fn,
      eventSourceArn: source.queue.queueArn,
      batchSize,
      maxBatchingWindow: Duration.seconds(0),
      reportBatchItemFailures: true,
      ...(maxConcurrency !== undefined && { maxConcurrency }),
    });
    consumer.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [source.queue.queueArn]);
    // The handler puts a message off as a copy with a fresh count, and parks one with its reason.
    consumer.allow(['sqs:SendMessage'], [source.queue.queueArn, source.dlq.queueArn]);
  }
}
