/**
 * What an event is called, apart from its schema: whoever publishes needs no more, and a bundle without schemas starts
 * faster.
 */
export type EventType = {
  /** EventBridge's detail-type: noun, past participle, major version. */
  readonly type: string;
  /** EventBridge's source. */
  readonly source: string;
  /** Minor version within the major one: raised by additive changes. */
  readonly schemaVersion: number;
  /** When it is sent. */
  readonly summary: string;
};

/** Names an event type; the source follows from the type's first segment. */
export const eventType = (type: `${string}.v${number}`, schemaVersion: number, summary: string): EventType => ({
  type,
  source: `crossdock.${type.slice(0, type.indexOf('.'))}`,
  schemaVersion,
  summary,
});
