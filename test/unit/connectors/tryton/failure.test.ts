import { describe, expect, it } from 'vitest';
import { ErpConfigurationError, resultOf, TrytonFailure, transportFailure } from '#connectors/erps/tryton/failure.ts';
import { exchange } from './transcript.ts';

const failureOf = (answer: Parameters<typeof resultOf>[0]): unknown => {
  try {
    resultOf(answer);
  } catch (error) {
    return error;
  }
  throw new Error('the answer was taken for a result');
};
const ok = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });

describe("the server's recorded answers", () => {
  it.each([
    ['login.bad-password', 'unauthenticated', 'ERP_SESSION_ENDED'],
    ['session.invalid', 'unauthenticated', 'ERP_SESSION_ENDED'],
    ['sale.create.duplicate-web-id', 'refused', 'DUPLICATE_KEY'],
    ['sale.create.bad-domain', 'refused', 'ERP_VALUE_REFUSED'],
    ['sale.write.stale-timestamp', 'stale', 'ERP_RECORD_CHANGED'],
    ['settlement.post-unbalanced', 'refused', 'JOURNAL_UNBALANCED'],
    ['warning.move-without-origin', 'warning', 'ERP_WARNING'],
    ['error.unknown-method-args', 'refused', 'ERP_DEFECT'],
  ])('%s is %s (%s)', (name, kind, code) => {
    expect(failureOf(exchange(name))).toMatchObject({ name: 'TrytonFailure', kind, code });
  });

  it('names the warning, so that it can be answered', () => {
    expect(failureOf(exchange('warning.move-without-origin'))).toMatchObject({
      warning: '16bf40d731bbff6c5c1722a2ea46a165.done',
    });
  });

  it('takes records that are gone for what was read too long ago: the warehouse splits moves at any moment', () => {
    const words = 'You are trying to read records "109, 111" of "Stock Move" that don\'t exist.';
    const gone = ok({ id: 119, error: ['UserError', [words, '', null]] });
    expect(failureOf(gone)).toMatchObject({ kind: 'stale', code: 'ERP_RECORD_GONE' });
  });

  it('takes null for a result: Tryton answers it for every button', () => {
    expect(resultOf(exchange('sale.confirm.repeat-is-noop'))).toBeNull();
  });
});

describe('what a status means', () => {
  it.each([500, 502, 503, 504])('HTTP %i leaves the outcome open', (status) => {
    expect(failureOf({ status, body: '' })).toMatchObject({ kind: 'no-answer' });
  });

  it.each([
    ['17', 17],
    [undefined, undefined],
    ['soon', undefined],
  ])('HTTP 429 with Retry-After %s waits %s seconds', (retryAfter, retryAfterSeconds) => {
    expect(failureOf({ status: 429, retryAfter, body: '' })).toMatchObject({ kind: 'throttled', retryAfterSeconds });
  });

  it.each([301, 400, 403, 404, 405, 413])('HTTP %i is a fault of the set-up', (status) => {
    expect(failureOf({ status, body: '<html>' })).toBeInstanceOf(ErpConfigurationError);
  });

  it.each(['', '{"id": 1, "result": [', 'null', '[]', '{"id": 1}', '<html>'])('%j as a body leaves it open', (body) => {
    expect(failureOf({ status: 200, body })).toMatchObject({ kind: 'no-answer', code: 'ERP_ANSWER_BROKEN' });
  });

  it.each([
    'database is locked',
    'connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory\n\tIs the server running',
    'could not serialize access due to concurrent update',
    'server closed the connection unexpectedly',
    'terminating connection due to administrator command',
  ])('trouble of the database (%s) leaves it open', (message) => {
    expect(failureOf(ok({ error: [message, ''] }))).toMatchObject({ kind: 'no-answer', code: 'ERP_DATABASE_ERROR' });
  });
});

describe('what is shown of an error', () => {
  it('never shows a traceback', () => {
    const error = failureOf(
      ok({ error: ["'NoneType' object\nTraceback (most recent call last): File", 'Traceback …'] }),
    );
    expect((error as Error).message).toBe("the ERP failed: 'NoneType' object");
  });

  it('never shows values and record names, which can be an address', () => {
    const message =
      'The value "Ann Lee, 1 Long Road" for field "Shipment Address" in "12 [Ann Lee]" of "Sale" is not valid according to its domain.';
    const error = failureOf(ok({ error: ['UserError', [message, '', null]] })) as TrytonFailure;
    expect(error.message).toBe('A value for field "Shipment Address" of "Sale" is not valid according to its domain.');
  });

  it('is short', () => {
    const error = failureOf(ok({ error: ['UserError', ['x'.repeat(5000), '', null]] })) as TrytonFailure;
    expect(error.message.length).toBeLessThanOrEqual(200);
  });
});

describe('a failed fetch', () => {
  const failed = (code: string) => Object.assign(new TypeError('fetch failed'), { cause: { code } });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
    '%s: certainly nothing happened',
    (code) => {
      expect(transportFailure(failed(code))).toMatchObject({ kind: 'unreachable' });
    },
  );

  it('is looked into where a host has several addresses', () => {
    const cause = new AggregateError([{ code: 'ECONNREFUSED' }, { code: 'ECONNREFUSED' }]);
    expect(transportFailure(new TypeError('fetch failed', { cause }))).toMatchObject({ kind: 'unreachable' });
  });

  it.each([
    ['reset', failed('ECONNRESET')],
    ['closed', failed('UND_ERR_SOCKET')],
    ['timed out', new DOMException('The operation was aborted due to timeout', 'TimeoutError')],
    ['aborted', new DOMException('This operation was aborted', 'AbortError')],
    ['something else', 'oops'],
  ])('%s: nobody can tell', (_name, error) => {
    expect(transportFailure(error)).toMatchObject({ kind: 'no-answer', code: 'ERP_NO_ANSWER' });
  });

  it('is a TrytonFailure that tells no request', () => {
    const failure = transportFailure(failed('ECONNRESET'));
    expect(failure).toBeInstanceOf(TrytonFailure);
    expect(failure.message).toBe("the ERP's answer did not arrive (ECONNRESET)");
  });
});
