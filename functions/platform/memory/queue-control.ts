import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '#application/ports/runtime.ts';
import type { CaseStore } from '#application/ports/store.ts';
import type { CrossdockError, TransientError } from '#core/kernel/errors.ts';
import type { About, QueueControl } from '../handlers/queue-control.ts';
import { caseOf, type MessageAttributes, nextTry, parking } from '../queue-policy.ts';

export type KeptMessage = { readonly body: string; readonly attributes: MessageAttributes };

/** Keeps what was parked and what was put off, in order. */
export class MemoryQueueControl implements QueueControl {
  readonly parked: KeptMessage[] = [];
  /** Copies that stand in for a message. */
  readonly sentAnew: (KeptMessage & { readonly seconds: number })[] = [];
  /** Ids of messages that left their queue before their batch had ended. */
  readonly letGone: string[] = [];
  readonly #ports: { readonly cases: CaseStore; readonly clock: Clock };

  constructor(ports: { readonly cases: CaseStore; readonly clock: Clock }) {
    this.#ports = ports;
  }

  async park(record: SQSRecord, error: CrossdockError, about: About): Promise<void> {
    const now = this.#ports.clock.now();
    const { attributes, subject, found, replaces } = parking(record, error, about, now);
    this.parked.push({ body: record.body, attributes });
    await this.#ports.cases.open(subject, found, now);
    if (replaces) await this.done(record);
  }

  async putOff(record: SQSRecord, error: TransientError, about: About): Promise<void> {
    const now = this.#ports.clock.now();
    const next = nextTry(record, error, about, now, () => 1);
    if (next.do === 'park') return this.park(record, next.error, about);
    this.sentAnew.push({ body: record.body, attributes: next.attributes, seconds: next.seconds });
    if (next.trouble) await this.#ports.cases.open(next.trouble.subject, next.trouble.found, now);
  }

  async done(record: SQSRecord): Promise<void> {
    const known = caseOf(record);
    if (known) await this.#ports.cases.close(known.subject, known.code, this.#ports.clock.now());
  }

  async letGo({ messageId }: SQSRecord): Promise<void> {
    this.letGone.push(messageId);
  }
}
