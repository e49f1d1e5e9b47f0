import type { APIGatewayProxyResult } from 'aws-lambda';
import { FUNCTIONS } from '../../../functions/topology.ts';
import type { SimLambda } from './lambda.ts';

/** A request from outside, byte for byte. */
export type OutsideRequest = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type OutsideAnswer = { readonly status: number; readonly body: string };

type Route = { readonly functionId: string; readonly pattern: RegExp };

const ROUTES: readonly Route[] = FUNCTIONS.flatMap(({ id, trigger }) =>
  trigger.on === 'http'
    ? [{ functionId: id, pattern: new RegExp(`^${trigger.path.replace('{account}', '(?<account>[^/]+)')}$`) }]
    : [],
);

/** API Gateway's REST API, proxy integration: a function that dies or throws is a 502 to whoever asked. */
export class SimGateway {
  readonly #lambda: SimLambda;

  constructor(lambda: SimLambda) {
    this.#lambda = lambda;
  }

  async request({ path, headers, body }: OutsideRequest): Promise<OutsideAnswer> {
    for (const { functionId, pattern } of ROUTES) {
      const match = pattern.exec(path);
      if (!match) continue;
      const event = {
        httpMethod: 'POST',
        path,
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
