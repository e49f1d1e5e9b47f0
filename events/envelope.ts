import { z } from 'zod';

/**
 * What every published event carries. EventBridge sees `detail-type` = the type (`order.captured.v1`), `source` =
 * `crossdock.<context>`, `detail` = this envelope.
 */
export const metadataSchema = z.strictObject({
  /** Unique for ever and the same at each delivery: subject, sequence and position. */
  id: z.string().min(1),
  /** Minor version within the type's major one: raised by additive changes. */
  schemaVersion: z.int().min(1),
  /** When it happened, ISO 8601 in UTC. */
  occurredAt: z.iso.datetime(),
  /** The same for everything that one message from outside set off. */
  correlationId: z.string().min(1),
  /** Id of the message or event that caused this one. */
  causationId: z.string().min(1),
  channel: z.string().min(1).optional(),
  account: z.string().min(1).optional(),
  /** Key of the aggregate it happened to. */
  subject: z.string().min(1),
  /** Orders the events of one subject; gaps are possible (events that are not published). */
  sequence: z.int().min(1),
  traceparent: z.string().optional(),
});

export type Metadata = z.infer<typeof metadataSchema>;

export type Envelope<D = unknown> = { readonly metadata: Metadata; readonly data: D };

/** One contract: the type with its major version, the minor version, and the shape of `data`. */
export type Contract<S extends z.ZodType = z.ZodType> = {
  readonly type: string;
  readonly source: string;
  readonly schemaVersion: number;
  readonly summary: string;
  readonly data: S;
};

/** Defines a contract; the source follows from the type's first segment. */
export function contract<S extends z.ZodType>(
  type: `${string}.v${number}`,
  schemaVersion: number,
  summary: string,
  data: S,
): Contract<S> {
  return { type, source: `crossdock.${type.slice(0, type.indexOf('.'))}`, schemaVersion, summary, data };
}

export const envelopeOf = <S extends z.ZodType>({ data }: Contract<S>) =>
  z.strictObject({ metadata: metadataSchema, data });
