import type { SQSRecord } from 'aws-lambda';
import type { CrossdockError, TransientError } from '#core/kernel/errors.ts';

/** What is known of a message that could not be taken. */
export type About = { readonly id: string; readonly contract: string; readonly correlationId: string };

/** What a handler does with messages besides answering which ones failed. */
export interface QueueControl {
  /** Puts a copy with its reason on the DLQ and opens a case in the place of any that it had. Returns when the message itself may go. */
  park(record: SQSRecord, error: CrossdockError, about: About): Promise<void>;
  /**
   * Makes the message come again later, its receives uncounted, and opens a case once that has gone on for long. Returns when
   * a copy stands in for it; throws when none could be sent.
   */
  putOff(record: SQSRecord, error: TransientError, about: About): Promise<void>;
  /** A message that was taken, or refused for good: the case that it carries, if it was parked or put off before, is closed. */
  done(record: SQSRecord): Promise<void>;
  /** Takes a message that is done with off its queue now, before its batch has come to its end. */
  letGo(record: SQSRecord): Promise<void>;
}
