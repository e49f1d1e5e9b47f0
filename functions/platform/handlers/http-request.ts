import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/** A request byte for byte, with its header names in lower case. */
export type HttpRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** From the path, by the names of the route. */
  readonly path: Readonly<Record<string, string>>;
};

export type HttpAnswer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export function httpRequest(event: APIGatewayProxyEvent): HttpRequest {
  return {
    headers: headersOf(event),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    path: defined(event.pathParameters ?? {}),
  };
}

/** With lower-case names, however the sender wrote them. */
export function headersOf({ headers }: APIGatewayProxyEvent): Record<string, string> {
  return Object.fromEntries(Object.entries(defined(headers ?? {})).map(([name, value]) => [name.toLowerCase(), value]));
}

/** How long the body is, without making it. */
export function bodyBytes({ body, isBase64Encoded }: APIGatewayProxyEvent): number {
  return Buffer.byteLength(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

export function httpResult({ status, body, headers }: HttpAnswer): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

function defined(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((one): one is [string, string] => one[1] !== undefined));
}
