import type { EventPublisher, PublishableEvent } from '#application/ports/publisher.ts';
import type { OperationQueue } from '#application/ports/queues.ts';
import type { Target } from '#core/operations/operation.ts';

export type SentOperation = { readonly target: Target; readonly key: string; readonly delaySeconds: number };

/** Keeps what was sent, in order. `refuses` makes it decline keys, as a queue that can't be reached would. */
export class MemoryOperationQueue implements OperationQueue {
  readonly sent: SentOperation[] = [];
  refuses: (key: string) => boolean = () => false;

  async send(target: Target, keys: readonly string[], delaySeconds = 0): Promise<string[]> {
    const refused = keys.filter((key) => this.refuses(key));
    const taken = keys.filter((key) => !refused.includes(key));
    this.sent.push(...taken.map((key) => ({ target: { ...target }, key, delaySeconds })));
    return refused;
  }
}

/** Keeps what was published, in order. `refuses` makes it decline events, as a bus does with single entries. */
export class MemoryPublisher implements EventPublisher {
  readonly published: PublishableEvent[] = [];
  refuses: (event: PublishableEvent) => boolean = () => false;

  async publish(events: readonly PublishableEvent[]): Promise<PublishableEvent[]> {
    const refused = events.filter((event) => this.refuses(event));
    this.published.push(...structuredClone(events.filter((event) => !refused.includes(event))));
    return refused;
  }
}
