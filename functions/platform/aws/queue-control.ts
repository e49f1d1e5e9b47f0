import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '#application/ports/runtime.ts';
import type { CaseStore } from '#application/ports/store.ts';
import { type CrossdockError, PoisonError, type TransientError } from '#core/kernel/errors.ts';
import { requiredEnv } from '../env.ts';
import type { About, QueueControl } from '../handlers/queue-control.ts';
import { sqsClient } from './clients.ts';
import { aws } from './failures.ts';
import { type MessageAttributes, sendMessage } from './queues.ts';

/** Receives after which a put-off message is sent anew. Below every queue's limit: putting off must not fill a DLQ. */
export const SEND_ANEW_AT = 4;
/** How often a message is sent anew before a person has to look: a day, with the longest delay that SQS knows. */
const MOST_DEFERRALS = 96;
const LONGEST_DELAY = 900;
const FIRST_DELAY = 15;

/**
 * Seconds until the next try: 15 s, 1 min, 4 min, then 15 min each, all with a fifth of jitter so that a crowd which failed
 * together does not come back together. A partner's or AWS's own word on when to come back counts if it is longer.
 */
export function delayAfter(receives: number, told = 0, random: () => number = Math.random): number {
  const grown = Math.min(LONGEST_DELAY, FIRST_DELAY * 4 ** Math.max(0, receives - 1));
  return Math.ceil(Math.min(LONGEST_DELAY, Math.max(told, grown * (0.8 + 0.2 * random()))));
}

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
    const queue = queueName(record);
    const subject = String(error.context.subject ?? `QUEUE#${queue}`);
    const caseCode = `MESSAGE_PARKED#${about.id}`;
    const reason: MessageAttributes = {
      correlationId: about.correlationId,
      code: error.code,
      reason: error.message.slice(0, 1024) || error.code,
      contract: about.contract,
      parkedFrom: queue,
      parkedAt: clock.now(),
      caseSubject: subject,
      caseCode,
    };
    await sendMessage(requiredEnv('PARK_QUEUE_URL'), record.body, reason, { client: this.#client });
    await cases?.open(
      subject,
      {
        code: caseCode,
        owner: 'integration',
        message: `a message on ${queue} can't be taken: ${error.code}: ${error.message}`,
        suggestedFix: `mend the cause, then: crossdock dlq redrive ${queue} --apply`,
      },
      clock.now(),
    );
  }

  async putOff(record: SQSRecord, error: TransientError, about: About): Promise<void> {
    const receives = Number(record.attributes.ApproximateReceiveCount) || 1;
    const deferrals = Number(attributesOf(record).deferrals ?? 0);
    const delay = delayAfter(
      receives + (deferrals > 0 ? SEND_ANEW_AT : 0),
      error.retryAfterSeconds,
      this.#ports.random,
    );
    if (receives < SEND_ANEW_AT && deferrals === 0) {
      await this.#hide(record, delay);
      throw error;
    }
    if (deferrals >= MOST_DEFERRALS) {
      const why = `tried for a day, at last: ${error.code}: ${error.message}`;
      return this.park(record, new PoisonError('RETRIES_EXHAUSTED', why, { context: error.context }), about);
    }
    await this.#sendAnew(record, delay, deferrals + 1);
  }

  async done(record: SQSRecord): Promise<void> {
    const { caseSubject, caseCode } = attributesOf(record);
    if (caseSubject && caseCode) await this.#ports.cases?.close(caseSubject, caseCode, this.#ports.clock.now());
  }

  /** SQS shows the message again after the delay; without it, after the queue's own time-out. */
  async #hide(record: SQSRecord, seconds: number): Promise<void> {
    const change = new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl(record),
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: seconds,
    });
    await aws('put a message off', this.#client.send(change));
  }

  /** A copy has a fresh count of receives. It goes out before the message is let go: twice is harmless, never is not. */
  async #sendAnew(record: SQSRecord, delaySeconds: number, deferrals: number): Promise<void> {
    const attributes = { ...attributesOf(record), deferrals: String(deferrals) };
    await sendMessage(queueUrl(record), record.body, attributes, { delaySeconds, client: this.#client });
  }
}

function attributesOf({ messageAttributes }: SQSRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(messageAttributes ?? {}).flatMap(([name, { stringValue }]) =>
      stringValue === undefined ? [] : [[name, stringValue]],
    ),
  );
}

const queueName = ({ eventSourceARN }: SQSRecord): string => eventSourceARN.split(':').at(-1) ?? eventSourceARN;

/** `arn:aws:sqs:<region>:<account>:<name>` as the URL that SQS knows the queue by. */
function queueUrl({ eventSourceARN }: SQSRecord): string {
  const [, , , region, account, name] = eventSourceARN.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
