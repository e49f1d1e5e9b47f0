import type * as z from 'zod/mini';
import { callHttp } from '#platform/http-client.ts';
import { type Reply, replyOf } from './reply.ts';
import { graphqlUrl, type ShopifySettings } from './settings.ts';

export type ClientOptions = {
  readonly settings: ShopifySettings;
  /** The app's token for the shop; asked for at each call, so that a new one needs no restart. */
  readonly accessToken: () => Promise<string>;
  readonly callTimeoutSeconds: number;
};

export type Call<S extends z.ZodMiniType> = {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Form of the answer's `data`. */
  readonly answer: S;
};

export type CallLimits = { readonly signal: AbortSignal; readonly now: string };

type NotDone = Extract<Reply, { kind: 'throttled' | 'unavailable' }>;
export type ReadReply<T> = { readonly kind: 'data'; readonly data: T } | NotDone;
export type WriteReply<T> = ReadReply<T> | Extract<Reply, { kind: 'unknown' | 'refused' }>;

/** The widest answer asked for is some hundred kilobytes. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Admin GraphQL API of one shop (https://shopify.dev/docs/api/admin-graphql). One call is one request: what to do when it
 * fails depends on whether it reads or writes. Throws ShopifyConfigurationError for what no retry mends.
 */
export class ShopifyClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** A read whose answer is lost changed nothing, so it counts as not made. */
  async read<S extends z.ZodMiniType>(call: Call<S>, limits: CallLimits): Promise<ReadReply<z.output<S>>> {
    const reply = await this.#call(call, limits);
    if (reply.kind === 'unknown') return { kind: 'unavailable', cause: reply.cause };
    if (reply.kind === 'refused') throw new Error(`Shopify refuses a read: ${reply.code}: ${reply.message}`);
    if (reply.kind !== 'data') return reply;
    const parsed = call.answer.safeParse(reply.data);
    if (parsed.success) return { kind: 'data', data: parsed.data };
    throw new Error(`Shopify's answer has another form than documented: ${formFault(parsed.error)}`);
  }

  /** A write whose answer can't be understood may have happened. */
  async write<S extends z.ZodMiniType>(call: Call<S>, limits: CallLimits): Promise<WriteReply<z.output<S>>> {
    const reply = await this.#call(call, limits);
    if (reply.kind !== 'data') return reply;
    const parsed = call.answer.safeParse(reply.data);
    if (parsed.success) return { kind: 'data', data: parsed.data };
    return { kind: 'unknown', cause: `the answer has another form than documented: ${formFault(parsed.error)}` };
  }

  async #call({ document, variables }: Call<z.ZodMiniType>, { signal, now }: CallLimits): Promise<Reply> {
    const { settings, accessToken, callTimeoutSeconds } = this.#options;
    const result = await callHttp({
      url: graphqlUrl(settings),
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-shopify-access-token': await accessToken(),
      },
      body: JSON.stringify({ query: document, variables }),
      signal,
      timeoutSeconds: callTimeoutSeconds,
      maxAnswerBytes: MAX_ANSWER_BYTES,
    });
    return replyOf(result, now);
  }
}

const formFault = ({ issues: [issue] }: z.core.$ZodError): string => `"${issue?.path.join('.')}": ${issue?.message}`;
