import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { GuardedQueue } from './guarded-queue.ts';

export interface EventSubscriptionProps {
  readonly bus: IEventBus;
  readonly sources: readonly string[];
  readonly queue: GuardedQueue;
}

/**
 * Events of some sources to a queue, each one whole. What the bus can't deliver lands in the queue's DLQ in the same form,
 * so it is redriven like everything else there.
 */
export class EventSubscription extends Construct {
  constructor(scope: Construct, id: string, { bus, sources, queue }: EventSubscriptionProps) {
    super(scope, id);
    new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: { source: [...sources] },
      targets: [new SqsQueue(queue.queue, { deadLetterQueue: queue.dlq })],
    });
  }
}
