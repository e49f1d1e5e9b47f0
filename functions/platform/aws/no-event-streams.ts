/**
 * What bundles use in place of `@smithy/core/event-streams`: 19 KB of codec that the SDK loads when an operation streams
 * events, which none that Crossdock calls does. The names are the SDK's.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error(
      'event streams are left out of the bundles: take the alias out of lib/config/bundling.ts to use one',
    );
  }
}

export const eventStreamSerdeProvider = () => new EventStreamSerde();
export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;
