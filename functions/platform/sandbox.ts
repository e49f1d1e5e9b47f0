/**
 * What a Lambda sandbox is to our code: an environment, and the things that were made in it once and are kept between
 * invocations. A process is one sandbox, and ends with it. A simulation runs many in one process and puts a file of its own
 * in the place of this one; nothing else of a handler needs to know.
 */
export type Sandbox = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `once` has made, by its maker. */
  readonly kept: Map<object, unknown>;
};

const here: Sandbox = { environment: process.env, kept: /* @__PURE__ */ new Map() };

/** The sandbox that the running code is in. */
export const sandbox = (): Sandbox => here;
