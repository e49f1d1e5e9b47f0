import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { GuardedQueue } from './guarded-queue.ts';

export interface DropSubscriptionProps {
  readonly drop: Bucket;
  /** Only of files under it. */
  readonly prefix: string;
  readonly queue: GuardedQueue;
}

/**
 * S3's news of new files to a queue. S3 tells the account's default bus, at least once a file; what the bus can't deliver
 * lands in the queue's DLQ in the same form.
 */
export class DropSubscription extends Construct {
  constructor(scope: Construct, id: string, { drop, prefix, queue }: DropSubscriptionProps) {
    super(scope, id);
    new Rule(this, 'Rule', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [drop.bucketName] }, object: { key: Match.prefix(prefix) } },
      },
      targets: [new SqsQueue(queue.queue, { deadLetterQueue: queue.dlq })],
    });
  }
}
