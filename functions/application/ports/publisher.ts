import type { Envelope } from '#events/envelope.ts';

/** An event as the journal keeps it and the bus carries it. */
export type PublishableEvent = { readonly type: string; readonly source: string; readonly envelope: Envelope };

export interface EventPublisher {
  /** Publishes what it can and answers the events that the bus did not take. */
  publish(events: readonly PublishableEvent[]): Promise<PublishableEvent[]>;
}
