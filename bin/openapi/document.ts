import * as z from 'zod/mini';
import * as answers from '#application/returns/api-answers.ts';
import { authorizationRequestSchema } from '#application/returns/authorization-request.ts';
import { eligibilityRequestSchema } from '#application/returns/check-eligibility.ts';
import {
  cancelRequestSchema,
  orderQuestionSchema,
  returnQuestionSchema,
} from '#application/returns/look-up-requests.ts';
import { EXAMPLES } from './examples.ts';

/** The API as an OpenAPI 3.1 document, made of the schemas that requests are checked with and answers are held to. */

const SCHEMAS = {
  Money: answers.money,
  Reason: answers.reason,
  Charge: answers.charge,
  ReturnWindow: answers.window,
  OrderStatusUsed: answers.orderStatusUsed,
  AuthorizationRequest: authorizationRequestSchema,
  AuthorizationAnswer: answers.authorizationAnswer,
  EligibilityRequest: eligibilityRequestSchema,
  EligibilityAnswer: answers.eligibilityAnswer,
  CancelRequest: cancelRequestSchema,
  Return: answers.returnAnswer,
  Order: answers.orderAnswer,
  Problem: answers.problemDocument,
} as const;

export type SchemaName = keyof typeof SCHEMAS;

type Operation = {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: z.ZodMiniObject;
  readonly body?: { readonly schema: SchemaName; readonly required: boolean };
  readonly answer: SchemaName;
  /** Status codes besides those that every operation may answer with. */
  readonly refusals: readonly (keyof typeof REFUSALS)[];
};

const REFUSALS = {
  400: 'The body is no JSON, or a field has not the form that it must have: `errors` names each.',
  401: 'The caller did not show who it is. What was wrong is not told.',
  403: 'The client may not ask this: its token lacks the scope, or it is not set up for the channel account.',
  404: 'No such return or order, or none that this client may see.',
  409: 'It contradicts what is there: the return id stands for other content, or the return has gone too far.',
  413: 'The body is larger than 256 KB.',
  415: 'The body is not `application/json`.',
  422: 'Understood, and refused by a rule: `code` says which.',
  429: 'More requests than the client may send: `Retry-After` says when.',
  500: 'A fault of ours, which we hear of by ourselves.',
  503: 'Something is out of reach for the moment: `Retry-After` says when to ask again.',
} as const;

const ALWAYS = [401, 403, 429, 500, 503] as const;

export const OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/returns/authorizations',
    id: 'authorizeReturn',
    summary: 'Ask whether units of an order may come back',
    description:
      'Answered within three seconds, also while the ERP is down: `orderStatus.source` is then `last-known`. The same `returnId` with the same content is answered byte for byte the same for a week, and with the same decision for ever; with other content it is refused with 409.',
    body: { schema: 'AuthorizationRequest', required: true },
    answer: 'AuthorizationAnswer',
    refusals: [400, 409, 413, 415, 422],
  },
  {
    method: 'post',
    path: '/v1/returns/eligibility',
    id: 'checkEligibility',
    summary: 'See what an authorization would be answered, without creating anything',
    body: { schema: 'EligibilityRequest', required: true },
    answer: 'EligibilityAnswer',
    refusals: [400, 413, 415, 422],
  },
  {
    method: 'get',
    path: '/v1/returns/{returnId}',
    id: 'getReturn',
    summary: 'How a return stands',
    parameters: returnQuestionSchema,
    answer: 'Return',
    refusals: [400, 404],
  },
  {
    method: 'post',
    path: '/v1/returns/{returnId}/cancel',
    id: 'cancelReturn',
    summary: 'Cancel a return whose refund is not approved yet; doing it twice is harmless',
    parameters: returnQuestionSchema,
    body: { schema: 'CancelRequest', required: false },
    answer: 'Return',
    refusals: [400, 404, 409, 413, 415],
  },
  {
    method: 'get',
    path: '/v1/orders/{reference}',
    id: 'getOrder',
    summary: 'Look an order up by the channel’s id of it or the number that people use',
    parameters: orderQuestionSchema,
    answer: 'Order',
    refusals: [400, 404, 409],
  },
];

/** The document, ready to be written. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Crossdock returns API',
      version: '1.0.0',
      description:
        'For returns platforms: authorization of returns, eligibility, look-ups. Amounts are whole minor units. Errors are problem documents (RFC 9457) with a stable `code`; docs/returns-api.md explains signing and codes.',
      license: { name: 'Proprietary', url: 'https://example.com/license' },
    },
    servers: [
      { url: 'https://api.example.com/live', description: 'Output `ApiUrl` of the deployment' },
      { url: 'https://api.example.com/live/iam', description: 'The same routes, signed with AWS credentials' },
    ],
    security: [{ signature: [] }, { accessToken: [] }, { awsCredentials: [] }],
    paths: pathsOf(OPERATIONS),
    components: { schemas: componentSchemas(), responses: refusalResponses(), securitySchemes: SECURITY },
  };
}

const SECURITY = {
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`; see docs/returns-api.md.',
  },
  accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'OAuth 2 client credentials' },
  awsCredentials: { type: 'apiKey', in: 'header', name: 'authorization', description: 'AWS Signature Version 4' },
} as const;

function pathsOf(operations: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationOf(operation) };
  }
  return paths;
}

function operationOf({ id, summary, description, parameters, body, answer, refusals, path }: Operation): object {
  const statuses = [...refusals, ...ALWAYS].sort((one, other) => one - other);
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    ...(parameters && { parameters: parametersOf(parameters, path) }),
    ...(body && { requestBody: { required: body.required, content: jsonOf(body.schema) } }),
    responses: {
      200: { description: 'Answered', content: jsonOf(answer) },
      ...Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/Refusal${status}` }])),
    },
  };
}

function jsonOf(schema: SchemaName): object {
  const examples = Object.entries(EXAMPLES[schema] ?? {}).map(([name, value]) => [name, { value }]);
  return {
    'application/json': { schema: ref(schema), ...(examples.length > 0 && { examples: Object.fromEntries(examples) }) },
  };
}

const ref = (schema: SchemaName) => ({ $ref: `#/components/schemas/${schema}` });

function parametersOf(parameters: z.ZodMiniObject, path: string): object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(parameters);
  return Object.entries(properties).map(([name, schema]) => {
    const inPath = path.includes(`{${name}}`);
    return { name, in: inPath ? 'path' : 'query', required: inPath || required.includes(name), schema };
  });
}

function componentSchemas(): object {
  const registry = z.registry<{ id?: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'input' });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _dialect, $id: _id, ...schema }]) => [id, schema]),
  );
}

function refusalResponses(): object {
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([status, description]) => [
      `Refusal${status}`,
      {
        description,
        ...((status === '429' || status === '503') && {
          headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer', minimum: 1 } } },
        }),
        content: { 'application/problem+json': { schema: ref('Problem') } },
      },
    ]),
  );
}
