import type { APIGatewayProxyResult } from 'aws-lambda';
import { FUNCTIONS, type Route, routesOf } from '../../../functions/topology.ts';
import type { SimLambda } from './lambda.ts';

/** A request from outside, byte for byte. */
export type OutsideRequest = {
  /** POST when left out. */
  readonly method?: Route['method'];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type OutsideAnswer = { readonly status: number; readonly body: string };

type Routed = { readonly functionId: string; readonly route: Route; readonly pattern: RegExp };

const ROUTES: readonly Routed[] = FUNCTIONS.flatMap((spec) =>
  routesOf(spec).map((route) => ({
    functionId: spec.id,
    route,
    pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  })),
);

/** API Gateway's REST API, proxy integration: a function that dies or throws is a 502 to whoever asked. */
export class SimGateway {
  readonly #lambda: SimLambda;

  constructor(lambda: SimLambda) {
    this.#lambda = lambda;
  }

  async request({ method = 'POST', path, headers, body }: OutsideRequest): Promise<OutsideAnswer> {
    for (const { functionId, route, pattern } of ROUTES) {
      const match = route.method === method ? pattern.exec(path) : null;
      if (!match) continue;
      const event = {
        httpMethod: method,
        path,
        resource: route.path,
        pathParameters: match.groups ? { ...match.groups } : null,
        headers,
        body: Buffer.from(body).toString('base64'),
        isBase64Encoded: true,
      };
      const ended = await this.#lambda.invoke(functionId, event);
      if (ended.kind !== 'returned') return { status: 502, body: '' };
      const { statusCode, body: answer } = ended.value as APIGatewayProxyResult;
      return { status: statusCode, body: answer };
    }
    return { status: 403, body: '' };
  }
}
