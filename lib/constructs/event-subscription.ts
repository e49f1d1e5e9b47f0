import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { GuardedQueue } from './guarded-queue.ts';

export interface EventSubscriptionProps {
  readonly bus: EventBus;
  /** `return.received.v1` */
  readonly types: readonly string[];
  readonly queue: GuardedQueue;
}

/**
 * Events of some types to a queue, each one whole. What the bus can't deliver lands in the queue's DLQ in the same form,
 * so it is redriven like everything else there.
 */
export class EventSubscription extends Construct {
  constructor(scope: Construct, id: string, { bus, types, queue }: EventSubscriptionProps) {
    super(scope, id);
    new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: { source: [...new Set(types.map(sourceOf))], detailType: [...types] },
      targets: [new SqsQueue(queue.queue, { deadLetterQueue: queue.dlq })],
    });
  }
}

/** As `events/envelope.ts` names it: by the first segment of the type. */
const sourceOf = (type: string): string => `crossdock.${type.slice(0, type.indexOf('.'))}`;
