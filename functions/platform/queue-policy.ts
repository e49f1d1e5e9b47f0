import type { SQSRecord } from 'aws-lambda';
import type { CaseToOpen } from '#core/cases/case.ts';
import {
  type CrossdockError,
  PartnerConfigurationError,
  PoisonError,
  type TransientError,
} from '#core/kernel/errors.ts';
import type { About } from './handlers/queue-control.ts';

/**
 * What is to become of a message that could not be taken: the part of queue control that no queue has a say in, so that it
 * is the same on SQS and in memory.
 */

/** How often a message is put off before a person has to look: a day, with the longest delay that SQS knows. */
const MOST_DEFERRALS = 96;
const LONGEST_DELAY = 900;
const FIRST_DELAY = 15;

/** From this one on, five minutes after the first, it waits a quarter of an hour at a time: its owner is told. */
const DEFERRALS_UNTIL_CASE = 4;
/** What a person has to mend is not mended in seconds: it begins with the third delay. So whatever has a case waits for minutes. */
const DEFERRALS_SKIPPED = 2;

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

/** A message's case, to be opened or told anew. */
export type MessageCase = { readonly subject: string; readonly found: CaseToOpen };

export type NextTry =
  /**
   * A copy takes its place, and with it the count of receives begins anew. It carries the name of its case, so that whoever is
   * done with it closes the case.
   */
  | {
      readonly do: 'send-anew';
      readonly seconds: number;
      readonly attributes: MessageAttributes;
      readonly trouble?: MessageCase;
    }
  | { readonly do: 'park'; readonly error: CrossdockError };

/**
 * Trouble that passes says nothing against the message, so it must not use up its receives, not even the first ones: those
 * are for functions that died over it. Hiding it would (SQS counts every receive), and costs a request just the same.
 *
 * What lasts is put in front of a person: at the fourth time, or at once where only a person can mend it. A message has one
 * case, whose name travels with it. One that was parked and is back from the DLQ keeps the one that it has, in new words.
 */
export function nextTry(
  record: SQSRecord,
  error: TransientError,
  about: About,
  now: string,
  random?: () => number,
): NextTry {
  const before = attributesOf(record);
  const deferrals = Number(before.deferrals ?? 0);
  if (deferrals >= MOST_DEFERRALS) {
    const why = `tried for a day, at last: ${error.code}: ${error.message}`;
    return { do: 'park', error: new PoisonError('RETRIES_EXHAUSTED', why, { context: error.context }) };
  }
  const forAPerson = error instanceof PartnerConfigurationError;
  const step = forAPerson ? Math.max(deferrals, DEFERRALS_SKIPPED) : deferrals;
  const seconds = delayAfter(step, error.retryAfterSeconds, random);
  const since = before.putOffSince ?? now;
  const attributes = { ...before, deferrals: String(deferrals + 1), putOffSince: since };
  const anew = { do: 'send-anew', seconds, attributes } as const;
  if (!forAPerson && deferrals + 1 < DEFERRALS_UNTIL_CASE) return anew;

  const queue = queueName(record);
  // Under its queue, whatever it is about: an event goes to several queues, and is taken off one sooner than off another.
  const { subject, code } = caseOf(record) ?? { subject: `QUEUE#${queue}`, code: `MESSAGE_PUT_OFF#${about.id}` };
  const nextAt = new Date(Date.parse(now) + seconds * 1000).toISOString();
  const found: CaseToOpen = {
    code,
    owner: 'integration',
    message: `a message on ${queue} is put off since ${since}, next try by ${nextAt}: ${error.code}: ${error.message}`,
    suggestedFix: `mend what the error names${forAPerson ? IN_ACCOUNT : ''}; it is tried for a day, and this closes once it is taken`,
  };
  const named = { ...attributes, caseSubject: subject, caseCode: code };
  return { ...anew, attributes: named, trouble: { subject, found } };
}

const IN_ACCOUNT = ' in settings, secret or rights of the account';

export type Parking = MessageCase & {
  /** Travel with the copy on the DLQ: why it lies there, and which case its redrive closes. */
  readonly attributes: MessageAttributes;
  /** Whether it comes in the place of a case that the message carries. */
  readonly replaces: boolean;
};

export function parking(record: SQSRecord, error: CrossdockError, about: About, now: string): Parking {
  const queue = queueName(record);
  const subject = String(error.context.subject ?? `QUEUE#${queue}`);
  const code = `MESSAGE_PARKED#${about.id}`;
  const { caseSubject = subject, caseCode = code } = attributesOf(record);
  return {
    subject,
    replaces: caseSubject !== subject || caseCode !== code,
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

/** The case that a message carries, because it was parked or put off for long: closed when the message is done with. */
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
