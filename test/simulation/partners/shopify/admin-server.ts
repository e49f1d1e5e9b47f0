import { type AdminAnswer, questionIn, throttledAnswer } from '../../../../bin/local/partners/shopify/admin-http.ts';
import type { AdminApi } from '../../../../bin/local/partners/shopify/graphql.ts';
import type { SimRequest, SimResponse } from '../partner.ts';
import { actualCost, type BucketOptions, CostBucket, MAX_QUERY_COST, requestedCost } from './cost.ts';
import type { Troubles } from './troubles.ts';

export type AdminServerOptions = {
  readonly api: AdminApi;
  readonly troubles: Troubles;
  readonly apiVersion: string;
  readonly limits: BucketOptions;
};

type Variables = Record<string, unknown>;
type Late = { readonly dueAt: number; readonly query: string; readonly variables: Variables; readonly key: unknown };

/** The Admin API as a caller meets it: token, bucket, bad days, and mutations that are done late. */
export class AdminServer {
  readonly #options: AdminServerOptions;
  readonly #bucket: CostBucket;
  readonly #calls = new Map<string, number>();
  #late: Late[] = [];

  constructor(options: AdminServerOptions) {
    this.#options = options;
    this.#bucket = new CostBucket(options.limits);
  }

  /** Requests so far whose first field this is, whatever became of them. */
  calls(operation: string): number {
    return this.#calls.get(operation) ?? 0;
  }

  /** When the next mutation under way is done. */
  get nextDueAt(): number | undefined {
    return this.#late[0]?.dueAt;
  }

  /** Does the earliest mutation under way. */
  doNext(): void {
    const next = this.#late.shift();
    if (next) this.#options.api.execute(next.query, next.variables);
  }

  answer(request: SimRequest, accessToken: string): SimResponse {
    const { method, url, headers, body, now } = request;
    const asked = questionIn(
      { method, path: new URL(url).pathname, token: headers['x-shopify-access-token'], body },
      { apiVersion: this.#options.apiVersion, accessToken },
    );
    if ('status' in asked) return responseOf(asked);
    const { operation, query, variables = {} } = asked;
    this.#calls.set(operation, this.calls(operation) + 1);
    return responseOf(this.#refusal(operation, query, now) ?? this.#work(operation, query, variables, now));
  }

  /** Before any effect. */
  #refusal(operation: string, query: string, now: number): AdminAnswer | undefined {
    const requested = requestedCost(query);
    const struck = this.#options.troubles.strike(operation, now, 'unavailable', 'throttle');
    if (struck?.kind === 'unavailable') return { status: struck.status, body: { errors: 'Unavailable' } };
    const room = this.#bucket.holds(requested, now);
    if (struck) return throttledAnswer(this.#bucket.status(requested, null), struck);
    if (!room) return throttledAnswer(this.#bucket.status(requested, null));
    if (requested <= MAX_QUERY_COST) return undefined;
    const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${MAX_QUERY_COST}).`;
    return errorAnswer('MAX_COST_EXCEEDED', message);
  }

  #work(operation: string, query: string, variables: Variables, now: number): AdminAnswer {
    const { troubles, api } = this.#options;
    const key = keyIn(query, variables);
    if (key !== undefined && this.#late.some((one) => one.key === key)) {
      return errorAnswer('IDEMPOTENCY_CONCURRENT_REQUEST', 'This request is currently in progress, please try again.');
    }
    const late = isMutation(query) ? troubles.strike(operation, now, 'late') : undefined;
    if (late) {
      this.#late.push({ dueAt: now + late.delayMs, query, variables, key });
      this.#late.sort((a, b) => a.dueAt - b.dueAt);
      return { status: 504, body: { errors: 'Gateway Timeout' } };
    }
    const failing = troubles.strike(operation, now, 'error', 'fail-after');
    if (failing?.kind === 'error' && !failing.done) return errorAnswer(failing.code);
    const result = api.execute(query, variables);
    const requested = requestedCost(query);
    const actual = actualCost(query, result.data);
    this.#bucket.take(actual);
    if (failing?.kind === 'error') return errorAnswer(failing.code);
    if (failing) return { status: failing.status, body: { errors: 'Bad Gateway' } };
    return { status: 200, body: { ...result, extensions: { cost: this.#bucket.status(requested, actual) } } };
  }
}

const isMutation = (query: string): boolean => /^\s*mutation\b/.test(query);

const KEY = /@idempotent\(\s*key:\s*(?:\$(\w+)|"([^"]*)")\s*\)/;

/** Value of the `@idempotent` directive, of a variable or written out. */
function keyIn(query: string, variables: Variables): unknown {
  const [, variable, literal] = KEY.exec(query) ?? [];
  return variable === undefined ? literal : variables[variable];
}

/** Shopify says most of its noes with HTTP 200. */
const errorAnswer = (code: string, message = 'Something went wrong.'): AdminAnswer => ({
  status: 200,
  body: { errors: [{ message, extensions: { code } }] },
});

const responseOf = ({ status, body, headers }: AdminAnswer): SimResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
