import type { SQSRecord } from 'aws-lambda';
import type { CaseToOpen } from '#core/cases/case.ts';
import { type CrossdockError, PoisonError, type TransientError } from '#core/kernel/errors.ts';
import type { About } from './handlers/queue-control.ts';

/**
 * What is to become of a message that could not be taken: the part of queue control that no queue has a say in, so that it
 * is the same on SQS and in memory.
 */

/** How often a message is put off before a person has to look: a day, with the longest delay that SQS knows. */
const MOST_DEFERRALS = 96;
const LONGEST_DELAY = 900;
const FIRST_DELAY = 15;

export type MessageAttributes = Readonly<Record<string, string>>;

/**
 * Seconds until the next try, after so many that were put off before: 15 s, 1 min, 4 min, then 15 min each, all with a fifth
 * of jitter so that a crowd which failed together does not come back together. A partner's or AWS's own word on when to come
 * back counts if it is longer.
 */
export function delayAfter(deferrals: number, told = 0, random: () => number = Math.random): number {
  const grown = Math.min(LONGEST_DELAY, FIRST_DELAY * 4 ** deferrals);
  return Math.ceil(Math.min(LONGEST_DELAY, Math.max(told, grown * (0.8 + 0.2 * random()))));
}

export type NextTry =
  /** A copy takes its place, and with it the count of receives begins anew. */
  | { readonly do: 'send-anew'; readonly seconds: number; readonly attributes: MessageAttributes }
  | { readonly do: 'park'; readonly error: CrossdockError };

/**
 * Trouble that passes says nothing against the message, so it must not use up its receives, not even the first ones: those
 * are for functions that died over it. Hiding it would (SQS counts every receive), and costs a request just the same.
 */
export function nextTry(record: SQSRecord, error: TransientError, random?: () => number): NextTry {
  const attributes = attributesOf(record);
  const deferrals = Number(attributes.deferrals ?? 0);
  if (deferrals >= MOST_DEFERRALS) {
    const why = `tried for a day, at last: ${error.code}: ${error.message}`;
    return { do: 'park', error: new PoisonError('RETRIES_EXHAUSTED', why, { context: error.context }) };
  }
  const seconds = delayAfter(deferrals, error.retryAfterSeconds, random);
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
