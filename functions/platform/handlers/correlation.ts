/** What is passed along with a message so that everything which it sets off can be found together. */
export type Correlation = { readonly correlationId: string; readonly traceparent?: string };

const ID = /^[A-Za-z0-9_./:#-]{8,128}$/;
/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Taken over when it is well-formed: it comes from outside and goes into logs and events. */
export function correlationOf(
  given: { readonly correlationId?: string | undefined; readonly traceparent?: string | undefined },
  makeId: () => string,
): Correlation {
  const { correlationId = '', traceparent = '' } = given;
  return {
    correlationId: ID.test(correlationId) ? correlationId : makeId(),
    ...(TRACEPARENT.test(traceparent) && { traceparent }),
  };
}
