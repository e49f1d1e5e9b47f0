import { DeleteMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '#application/ports/runtime.ts';
import type { CaseStore } from '#application/ports/store.ts';
import type { CrossdockError, TransientError } from '#core/kernel/errors.ts';
import { requiredEnv } from '../env.ts';
import type { About, QueueControl } from '../handlers/queue-control.ts';
import { caseOf, nextTry, parking } from '../queue-policy.ts';
import { sqsClient } from './clients.ts';
import { complain } from './complain.ts';
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

  /** The case it had closes last: somebody is told at every moment, and one who dies between parks it again. */
  async park(record: SQSRecord, error: CrossdockError, about: About): Promise<void> {
    const { cases, clock } = this.#ports;
    const { attributes, subject, found, replaces } = parking(record, error, about, clock.now());
    await sendMessage(requiredEnv('PARK_QUEUE_URL'), record.body, attributes, { client: this.#client });
    await cases?.open(subject, found, clock.now());
    if (replaces) await this.done(record);
  }

  /**
   * A copy goes out before the message is let go: twice is harmless, never is not. The case comes after the copy, which knows
   * its name and is taken minutes later: whoever opens a case has sent what will close it. Opened first, it would stay for ever
   * if we died before the copy went out and another delivery of the same message was done with meanwhile. If we die between the
   * two, the message itself comes again as well as its copy, each of which opens the case when it is put off.
   */
  async putOff(record: SQSRecord, error: TransientError, about: About): Promise<void> {
    const { cases, clock, random } = this.#ports;
    const next = nextTry(record, error, about, clock.now(), random);
    if (next.do === 'park') return this.park(record, next.error, about);
    await sendMessage(queueUrl(record), record.body, next.attributes, {
      delaySeconds: next.seconds,
      client: this.#client,
    });
    try {
      if (next.trouble) await cases?.open(next.trouble.subject, next.trouble.found, clock.now());
    } catch (refusal) {
      // The tables may be the trouble. Keeping the message for its case would send one more copy at every receive.
      complain('a case', refusal);
    }
  }

  async done(record: SQSRecord): Promise<void> {
    const known = caseOf(record);
    if (known) await this.#ports.cases?.close(known.subject, known.code, this.#ports.clock.now());
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
