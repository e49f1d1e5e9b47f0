import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/** A request byte for byte, with its header names in lower case. */
export type HttpRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** From the path, by the names of the route. */
  readonly path: Readonly<Record<string, string>>;
  readonly method: string;
  /** The route as the topology names it: `/v1/returns/{returnId}`. */
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  /** ARN of who signed the request with AWS credentials, as API Gateway checked them; on routes that ask for it only. */
  readonly principal?: string;
};

/** Routes below this prefix are the same ones, for callers with AWS credentials. */
export const IAM_PREFIX = '/iam';

export type HttpAnswer = {
  readonly status: number;
  readonly body?: unknown;
  /** A body that is text already, to be sent byte for byte; in place of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export function httpRequest(event: APIGatewayProxyEvent): HttpRequest {
  return {
    headers: headersOf(event),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    path: decoded(defined(event.pathParameters ?? {})),
    ...targetOf(event),
  };
}

/** What API Gateway says of the caller counts on its own routes only: elsewhere it has checked nobody. */
function targetOf({ httpMethod = '', resource = '', queryStringParameters, requestContext }: APIGatewayProxyEvent) {
  const signed = resource.startsWith(`${IAM_PREFIX}/`);
  return {
    method: httpMethod,
    route: signed ? resource.slice(IAM_PREFIX.length) : resource,
    query: defined(queryStringParameters ?? {}),
    ...(signed && { principal: requestContext?.identity?.userArn ?? '' }),
  };
}

/** API Gateway hands parts of a path on as they were sent. */
function decoded(parts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}

/** With lower-case names, however the sender wrote them. */
export function headersOf({ headers }: APIGatewayProxyEvent): Record<string, string> {
  return Object.fromEntries(Object.entries(defined(headers ?? {})).map(([name, value]) => [name.toLowerCase(), value]));
}

/** How long the body is, without making it. */
export function bodyBytes({ body, isBase64Encoded }: APIGatewayProxyEvent): number {
  return Buffer.byteLength(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

export function httpResult({ status, body, text, headers }: HttpAnswer): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: text ?? (body === undefined ? '' : JSON.stringify(body)),
  };
}

function defined(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((one): one is [string, string] => one[1] !== undefined));
}
