import './support.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { BusinessError, PoisonError, TransientError } from '#core/kernel/errors.ts';
import { type ApiContext, apiHandler } from '#platform/handlers/api.ts';
import type { HttpAnswer, HttpRequest } from '#platform/handlers/http-request.ts';
import { parseJson } from '#platform/handlers/json.ts';
import { Unauthorized } from '#platform/handlers/problem.ts';
import { MemoryIds } from '#platform/memory/runtime.ts';
import { context, writtenDuring } from './support.ts';

type Run = (request: HttpRequest, context: ApiContext) => Promise<HttpAnswer>;

const call = async (run: Run, changes: Partial<APIGatewayProxyEvent> = {}) => {
  const event = { headers: {}, body: '{}', isBase64Encoded: false, ...changes } as unknown as APIGatewayProxyEvent;
  const { result, text } = await writtenDuring(() =>
    apiHandler({ maxBodyBytes: 1_000, ids: new MemoryIds(), run })(event, context),
  );
  return { ...result, json: JSON.parse(result.body), text };
};

const failing =
  (error: unknown): Run =>
  async () => {
    throw error;
  };

describe('the handler of our own endpoints', () => {
  it('gives the answer of the use case, and the caller its own correlation id', async () => {
    const run: Run = async ({ body }, { correlationId }) => ({
      status: 200,
      body: { given: parseJson(body), correlationId },
    });
    const answer = await call(run, { body: '{"a":1}', headers: { 'X-Correlation-Id': 'their-own-id' } });
    expect(answer).toMatchObject({ statusCode: 200, json: { given: { a: 1 }, correlationId: 'their-own-id' } });
  });

  it('makes up a correlation id where the given one could harm a log', async () => {
    const run: Run = async (_request, { correlationId }) => ({ status: 200, body: { correlationId } });
    const answer = await call(run, { headers: { 'x-correlation-id': 'a\nb"injected' } });
    expect(answer.json.correlationId).toBe('id-1');
  });

  it.each([
    [new PoisonError('FIELD_WRONG', '"lines" must be a list', { context: { field: 'lines' } }), 400, 'FIELD_WRONG'],
    [new Unauthorized('SIGNATURE_WRONG'), 401, 'UNAUTHORIZED'],
    [new BusinessError('WINDOW_PASSED', 'the return window ended on 2026-10-01'), 422, 'WINDOW_PASSED'],
    [new TransientError('ERP_BUSY', 'the ERP is busy', { retryAfterSeconds: 7 }), 503, 'ERP_BUSY'],
    [new Error('column secret_password does not exist'), 500, 'INTERNAL_ERROR'],
  ])('answers %s with a problem document', async (error, status, code) => {
    const answer = await call(failing(error));
    expect(answer).toMatchObject({
      statusCode: status,
      headers: { 'content-type': 'application/problem+json' },
      json: {
        status,
        code,
        correlationId: 'id-1',
        type: `urn:crossdock:problem:${code.toLowerCase().replaceAll('_', '-')}`,
        instance: 'urn:crossdock:request:id-1',
      },
    });
    expect(answer.body).not.toContain('secret_password');
    expect(answer.headers?.['retry-after']).toBe(status === 503 ? '7' : undefined);
  });

  it('names the field at fault', async () => {
    const error = new PoisonError('FIELD_WRONG', '"lines" must be a list', { context: { field: 'lines.0.sku' } });
    const answer = await call(failing(error));
    expect(answer.json.errors).toEqual([
      { pointer: '/lines/0/sku', field: 'lines.0.sku', message: '"lines" must be a list' },
    ]);
  });

  it('is counted by its code when it refuses, with nothing of the caller', async () => {
    const { text } = await call(failing(new Unauthorized('SIGNATURE_MISMATCH')), {
      headers: { 'user-agent': 'bob@example.test' },
    });
    expect(text).toContain('"ApiRefused":1');
    expect(text).toContain('"code":"SIGNATURE_MISMATCH"');
    expect(text).not.toContain('bob@example');
  });

  it('refuses a body beyond the limit', async () => {
    const answer = await call(async () => ({ status: 200 }), { body: 'x'.repeat(1_001) });
    expect(answer).toMatchObject({ statusCode: 413, json: { code: 'BODY_TOO_LARGE' } });
  });

  it.each([
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'NOT_UTF8'],
    ['not JSON', Buffer.from('{"name":"Bob"'), 'NOT_JSON'],
    ['nested too deeply', Buffer.from('['.repeat(200)), 'NESTED_TOO_DEEPLY'],
  ])('answers 400 to a body that is %s, and quotes nothing of it', async (_what, bytes, code) => {
    const run: Run = async ({ body }) => ({ status: 200, body: parseJson(body) });
    const answer = await call(run, { body: bytes.toString('base64'), isBase64Encoded: true });
    expect(answer).toMatchObject({ statusCode: 400, json: { code } });
    expect(answer.body + answer.text).not.toContain('Bob');
  });

  it('counts brackets outside of texts only', () => {
    expect(parseJson(Buffer.from(JSON.stringify({ a: '[['.repeat(40), b: '\\"[' })))).toMatchObject({ b: '\\"[' });
  });
});
