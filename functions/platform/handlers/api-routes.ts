import type * as z from 'zod/mini';
import type { Limiter } from '#application/ports/limiter.ts';
import type { ApiContext, ApiOptions } from './api.ts';
import { type ApiClient, type ClientPorts, clientOf, type Signs } from './api-clients.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';
import { parseJson } from './json.ts';
import { type FieldFault, fieldFault, Refusal } from './problem.ts';

export type RouteContext = ApiContext & { readonly client: ApiClient };

export type ApiRoute = {
  readonly method: 'GET' | 'POST';
  /** As the topology names it. */
  readonly path: string;
  readonly signs: Signs;
  readonly run: (request: HttpRequest, context: RouteContext) => Promise<HttpAnswer>;
};

export type RoutePorts = ClientPorts & { readonly limiter: Limiter };

/** Sends a request to its route: known route, known client, within its limit, JSON if anything. In this order. */
export function routed(routes: readonly ApiRoute[], ports: () => RoutePorts): ApiOptions['run'] {
  return async (request, context) => {
    const route = routes.find(({ method, path }) => method === request.method && path === request.route);
    if (!route) throw new Refusal(404, 'ROUTE_UNKNOWN', 'there is no such route, or not with this method');
    const client = await clientOf(request, route.signs, ports());
    await admit(client, ports());
    if (request.body.byteLength > 0) refuseOtherMedia(request);
    context.metrics.count('ApiRequest', 1, { client: client.account, route: `${route.method} ${route.path}` });
    return route.run(request, { ...context, client });
  };
}

async function admit({ connector, account, rules }: ApiClient, { limiter, clock }: RoutePorts): Promise<void> {
  const admission = await limiter.admit(`${connector}/${account}`, rules.limits, clock.now());
  if (admission.admitted) return;
  const { perMinute, burst } = rules.limits;
  const message = `this client may ask ${perMinute} times a minute, ${burst} of them at once: send it again later`;
  throw new Refusal(429, 'TOO_MANY_REQUESTS', message, { retryAfterSeconds: admission.retryAfterSeconds });
}

function refuseOtherMedia({ headers }: HttpRequest): void {
  const [media = ''] = (headers['content-type'] ?? '').split(';');
  if (media.trim().toLowerCase() === 'application/json') return;
  throw new Refusal(415, 'NOT_JSON_MEDIA', 'send the body with "content-type: application/json"');
}

/** Faults that are named in one answer; who sends a thousand learns of the first. */
const MOST_FAULTS = 20;
const LONGEST_MESSAGE = 200;

/** The body as a schema has it. Throws PoisonError for what is no JSON, Refusal 400 REQUEST_MALFORMED with each field. */
export const bodyOf = <S extends z.ZodMiniType>(schema: S, { body }: HttpRequest): z.infer<S> =>
  checked(schema, parseJson(body));

/** Parts of path and query as a schema has them. */
export const parametersOf = <S extends z.ZodMiniType>(schema: S, { path, query }: HttpRequest): z.infer<S> =>
  checked(schema, { ...query, ...path });

function checked<S extends z.ZodMiniType>(schema: S, given: unknown): z.infer<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues
    .slice(0, MOST_FAULTS)
    .map(({ path, message }): FieldFault => fieldFault(path, message.slice(0, LONGEST_MESSAGE)));
  const [first] = errors;
  const detail = `${first?.field || 'the request'}: ${first?.message}`;
  throw new Refusal(400, 'REQUEST_MALFORMED', detail, { errors });
}
