import { DeleteMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '#application/ports/runtime.ts';
import type { CaseStore } from '#application/ports/store.ts';
import type { CrossdockError, TransientError } from '#core/kernel/errors.ts';
import { requiredEnv } from '../env.ts';
import type { About, QueueControl } from '../handlers/queue-control.ts';
import { caseOf, nextTry, parking } from '../queue-policy.ts';
import { sqsClient } from './clients.ts';
import { aws } from './failures.ts';
import { sendMessage } from './queues.ts';

export type SqsQueueControlPorts = {
  /** Left out where a function may not write cases. */
  readonly cases?: CaseStore;
  readonly clock: Clock;
  readonly client?: SQSClient;
  readonly random?: () => number;
};

export class SqsQueueControl implements QueueControl {
  readonly #ports: SqsQueueControlPorts;
  readonly #client: SQSClient;

  constructor(ports: SqsQueueControlPorts) {
    this.#ports = ports;
    this.#client = ports.client ?? sqsClient();
  }

  async park(record: SQSRecord, error: CrossdockError, about: About): Promise<void> {
    const { cases, clock } = this.#ports;
    const { attributes, subject, found } = parking(record, error, about, clock.now());
    await sendMessage(requiredEnv('PARK_QUEUE_URL'), record.body, attributes, { client: this.#client });
    await cases?.open(subject, found, clock.now());
  }

  /** A copy goes out before the message is let go: twice is harmless, never is not. */
  async putOff(record: SQSRecord, error: TransientError, about: About): Promise<void> {
    const next = nextTry(record, error, this.#ports.random);
    if (next.do === 'park') return this.park(record, next.error, about);
    await sendMessage(queueUrl(record), record.body, next.attributes, {
      delaySeconds: next.seconds,
      client: this.#client,
    });
  }

  async done(record: SQSRecord): Promise<void> {
    const parked = caseOf(record);
    if (parked) await this.#ports.cases?.close(parked.subject, parked.code, this.#ports.clock.now());
  }

  async letGo(record: SQSRecord): Promise<void> {
    const { receiptHandle } = record;
    const remove = new DeleteMessageCommand({ QueueUrl: queueUrl(record), ReceiptHandle: receiptHandle });
    await aws('let a message go', this.#client.send(remove));
  }
}

/** `arn:aws:sqs:<region>:<account>:<name>` as the URL that SQS knows the queue by. */
function queueUrl({ eventSourceARN }: SQSRecord): string {
  const [, , , region, account, name] = eventSourceARN.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
