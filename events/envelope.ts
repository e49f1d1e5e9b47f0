import * as z from 'zod/mini';
import type { EventType } from './event-type.ts';
import { textSchema } from './shared.ts';

/**
 * What every published event carries. EventBridge sees `detail-type` = the type (`order.captured.v1`), `source` =
 * `crossdock.<context>`, `detail` = this envelope.
 */
export const metadataSchema = z.strictObject({
  /** Unique for ever and the same at each delivery: subject, sequence and position. */
  id: textSchema,
  /** Minor version within the type's major one: raised by additive changes. */
  schemaVersion: z.int().check(z.minimum(1)),
  /** When it happened, ISO 8601 in UTC. */
  occurredAt: z.iso.datetime(),
  /** The same for everything that one message from outside set off. */
  correlationId: textSchema,
  /** Id of the message or event that caused this one. */
  causationId: textSchema,
  channel: z.optional(textSchema),
  account: z.optional(textSchema),
  /** Key of the aggregate it happened to. */
  subject: textSchema,
  /** Orders the events of one subject; gaps are possible (events that are not published). */
  sequence: z.int().check(z.minimum(1)),
  traceparent: z.optional(z.string()),
});

export type Metadata = z.infer<typeof metadataSchema>;

export type Envelope<D = unknown> = { readonly metadata: Metadata; readonly data: D };

/** One contract: the event's name and version, and the shape of its `data`. */
export type Contract<S extends z.core.$ZodType = z.core.$ZodType> = EventType & { readonly data: S };

export const contract = <S extends z.core.$ZodType>(type: EventType, data: S): Contract<S> => ({ ...type, data });

const schemaFor = <S extends z.core.$ZodType>(data: S) => z.strictObject({ metadata: metadataSchema, data });

/** A schema is compiled at its first use, which costs far more than a use: each contract has one for good. */
const envelopes = new WeakMap<z.core.$ZodType, unknown>();

/** The schema of a contract's events. */
export function envelopeOf<S extends z.core.$ZodType>({ data }: Contract<S>): ReturnType<typeof schemaFor<S>> {
  const known = envelopes.get(data) ?? schemaFor(data);
  envelopes.set(data, known);
  return known as ReturnType<typeof schemaFor<S>>;
}
