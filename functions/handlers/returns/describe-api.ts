import { lambdaHandler } from '#platform/handlers/invocation.ts';
import document from '../../../docs/openapi.json' with { type: 'json' };

const text = JSON.stringify(document);

/** The document is the same for everybody, and changes with a deployment only. */
export const handler = lambdaHandler(async () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
  body: text,
}));
