import type { PublishableEvent } from '#application/ports/publisher.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { type Envelope, envelopeOf } from '#events/envelope.ts';
import { contractOf } from '#events/registry.ts';
import { jsonObject, type Read, textField } from './queue.ts';

export type EventMessage = Pick<PublishableEvent, 'type'> & { readonly envelope: Envelope };

/** An event of our own as the bus puts it on a queue. Throws PoisonError for one that does not follow its contract. */
export function readEvent(body: string): Read<EventMessage> {
  const given = jsonObject(body);
  const type = textField(given, 'detail-type');
  const parsed = envelopeOf(contractOf(type)).safeParse(given.detail);
  if (!parsed.success) throw new PoisonError('EVENT_MALFORMED', `${type} does not follow its contract`);
  const { id, correlationId, traceparent } = parsed.data.metadata;
  return { message: { type, envelope: parsed.data }, id, contract: type, correlationId, traceparent };
}
