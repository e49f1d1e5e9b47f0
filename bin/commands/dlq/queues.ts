import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { sqsClient } from '#platform/aws/clients.ts';
import { outputName, QUEUES, STREAM_FAILURES } from '../../../functions/topology.ts';
import { CliError } from '../report.ts';
import type { DeployedStage } from '../stage.ts';

/** A queue of the topology as it is deployed, with the queue that its parked and failed messages lie in. */
export type DeadLetters = {
  /** `shopify-intake` */
  readonly id: string;
  readonly carries: string;
  readonly dlqUrl: string;
  /** Where a redriven message goes; none for the journal stream, which no queue feeds. */
  readonly sourceUrl?: string;
};

export function deadLetters(stage: Pick<DeployedStage, 'output'>): DeadLetters[] {
  const queues = QUEUES.map(({ id, carries }) => ({
    id,
    carries,
    dlqUrl: stage.output(outputName('Dlq', id)),
    sourceUrl: stage.output(outputName('Queue', id)),
  }));
  const dlqUrl = stage.output(outputName('Dlq', STREAM_FAILURES));
  return [...queues, { id: STREAM_FAILURES, carries: 'places in the journal stream that were not relayed', dlqUrl }];
}

/** A queue by its id, or by the deployed name of it or its DLQ, as alarms and cases give it. */
export function deadLettersOf(stage: Pick<DeployedStage, 'output'>, name: string): DeadLetters {
  const all = deadLetters(stage);
  const found = all.find(({ id, dlqUrl, sourceUrl }) =>
    [id, dlqUrl, sourceUrl, queueName(dlqUrl), sourceUrl && queueName(sourceUrl)].includes(name),
  );
  if (found) return found;
  throw new CliError(1, `there is no queue "${name}": name one of ${all.map(({ id }) => id).join(', ')}`);
}

export const queueName = (url: string): string => url.split('/').at(-1) ?? url;

export type Depth = { readonly waiting: number; readonly inFlight: number };

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
] as const satisfies readonly QueueAttributeName[];

/** How much is in a queue; SQS counts roughly. */
export async function depthOf(QueueUrl: string): Promise<Depth> {
  const { Attributes = {} } = await sqsClient().send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
  );
  const [visible = 0, delayed = 0, inFlight = 0] = COUNTS.map((name) => Number(Attributes[name] ?? 0));
  return { waiting: visible + delayed, inFlight };
}

export async function queueArn(QueueUrl: string): Promise<string> {
  const { Attributes } = await sqsClient().send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return Attributes?.QueueArn ?? '';
}
