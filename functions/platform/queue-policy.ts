import type { SQSRecord } from 'aws-lambda';
import type { CaseToOpen } from '#core/cases/case.ts';
import { type CrossdockError, PoisonError, type TransientError } from '#core/kernel/errors.ts';
import type { About } from './handlers/queue-control.ts';

/**
 * What is to become of a message that could not be taken: the part of queue control that no queue has a say in, so that it
 * is the same on SQS and in memory.
 */

/** Receives after which a put-off message is sent anew. Below every queue's limit: putting off must not fill a DLQ. */
export const SEND_ANEW_AT = 4;
/** How often a message is sent anew before a person has to look: a day, with the longest delay that SQS knows. */
const MOST_DEFERRALS = 96;
const LONGEST_DELAY = 900;
const FIRST_DELAY = 15;

export type MessageAttributes = Readonly<Record<string, string>>;

/**
 * Seconds until the next try: 15 s, 1 min, 4 min, then 15 min each, all with a fifth of jitter so that a crowd which failed
 * together does not come back together. A partner's or AWS's own word on when to come back counts if it is longer.
 */
export function delayAfter(receives: number, told = 0, random: () => number = Math.random): number {
  const grown = Math.min(LONGEST_DELAY, FIRST_DELAY * 4 ** Math.max(0, receives - 1));
  return Math.ceil(Math.min(LONGEST_DELAY, Math.max(told, grown * (0.8 + 0.2 * random()))));
}

export type NextTry =
  /** The queue keeps it, and shows it again after so long. */
  | { readonly do: 'hide'; readonly seconds: number }
  /** A copy with a fresh count of receives takes its place. */
  | { readonly do: 'send-anew'; readonly seconds: number; readonly attributes: MessageAttributes }
  | { readonly do: 'park'; readonly error: CrossdockError };

export function nextTry(record: SQSRecord, error: TransientError, random?: () => number): NextTry {
  const receives = Number(record.attributes.ApproximateReceiveCount) || 1;
  const attributes = attributesOf(record);
  const deferrals = Number(attributes.deferrals ?? 0);
  const seconds = delayAfter(receives + (deferrals > 0 ? SEND_ANEW_AT : 0), error.retryAfterSeconds, random);
  if (receives < SEND_ANEW_AT && deferrals === 0) return { do: 'hide', seconds };
  if (deferrals >= MOST_DEFERRALS) {
    const why = `tried for a day, at last: ${error.code}: ${error.message}`;
    return { do: 'park', error: new PoisonError('RETRIES_EXHAUSTED', why, { context: error.context }) };
  }
  return { do: 'send-anew', seconds, attributes: { ...attributes, deferrals: String(deferrals + 1) } };
}

export type Parking = {
  /** Travel with the copy on the DLQ: why it lies there, and which case its redrive closes. */
  readonly attributes: MessageAttributes;
  readonly subject: string;
  readonly found: CaseToOpen;
};

export function parking(record: SQSRecord, error: CrossdockError, about: About, now: string): Parking {
  const queue = queueName(record);
  const subject = String(error.context.subject ?? `QUEUE#${queue}`);
  const code = `MESSAGE_PARKED#${about.id}`;
  return {
    subject,
    attributes: {
      correlationId: about.correlationId,
      code: error.code,
      reason: error.message.slice(0, 1024) || error.code,
      contract: about.contract,
      parkedFrom: queue,
      parkedAt: now,
      caseSubject: subject,
      caseCode: code,
    },
    found: {
      code,
      owner: 'integration',
      message: `a message on ${queue} can't be taken: ${error.code}: ${error.message}`,
      suggestedFix: `mend the cause, then: crossdock dlq redrive ${queue} --apply`,
    },
  };
}

/** The case that a message which was parked before has closed by being taken. */
export function caseOf(record: SQSRecord): { readonly subject: string; readonly code: string } | undefined {
  const { caseSubject, caseCode } = attributesOf(record);
  return caseSubject && caseCode ? { subject: caseSubject, code: caseCode } : undefined;
}

function attributesOf({ messageAttributes }: SQSRecord): MessageAttributes {
  return Object.fromEntries(
    Object.entries(messageAttributes ?? {}).flatMap(([name, { stringValue }]) =>
      stringValue === undefined ? [] : [[name, stringValue]],
    ),
  );
}

const queueName = ({ eventSourceARN }: SQSRecord): string => eventSourceARN.split(':').at(-1) ?? eventSourceARN;
