import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Calls } from '#connectors/erps/tryton/calls.ts';
import { TrytonClient } from '#connectors/erps/tryton/client.ts';

/** A scripted peer that speaks JSON-RPC over real HTTP, for what the real server can't be made to do on demand. */
type Call = { readonly path: string; readonly method: string; readonly params: unknown[]; readonly session: string };
type Answer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly result?: unknown;
  readonly raw?: string;
  readonly error?: unknown;
};

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
});

async function peer(script: (call: Call, calls: readonly Call[]) => Answer | undefined) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const call = await read(request);
    calls.push(call);
    write(response, script(call, calls) ?? usual(call));
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, calls, count: (method: string) => calls.filter((call) => call.method === method).length };
}

async function read(request: IncomingMessage): Promise<Call> {
  let text = '';
  for await (const part of request) text += part;
  const session = Buffer.from((request.headers.authorization ?? '').replace('Session ', ''), 'base64').toString();
  return { path: request.url ?? '', session, ...(JSON.parse(text) as { method: string; params: unknown[] }) };
}

function write(response: ServerResponse, { status = 200, headers = {}, result = null, error, raw }: Answer): void {
  response.writeHead(status, headers);
  response.end(raw ?? JSON.stringify(error === undefined ? { id: 1, result } : { id: 1, error }));
}

let logins = 0;
function usual({ method }: Call): Answer {
  if (method === 'common.server.version') return { result: '7.0.59' };
  if (method === 'common.db.login') return { result: [3, `key-${++logins}`] };
  if (method === 'model.res.user.get_preferences') return { result: { company: 1 } };
  return { result: [] };
}

const clientOf = (url: string, changes: Partial<ConstructorParameters<typeof TrytonClient>[0]> = {}) =>
  new TrytonClient({
    url,
    database: 'live',
    user: 'crossdock',
    secret: async () => JSON.stringify({ password: 'secret' }),
    callTimeoutSeconds: 5,
    maxAnswerBytes: 10_000,
    ...changes,
  });
const search = (client: TrytonClient) => client.call('sale.sale', 'search', [[]], AbortSignal.timeout(10_000));

describe('the session', () => {
  it('is opened once for calls that start together, and goes with every call', async () => {
    const { url, calls, count } = await peer(() => undefined);
    const client = clientOf(url);
    await Promise.all([search(client), search(client), search(client)]);
    expect(count('common.db.login')).toBe(1);
    const last = calls.at(-1);
    expect(last?.path).toBe('/live/');
    expect(last?.session).toMatch(/^crossdock:3:key-/);
    expect(last?.params.at(-1)).toEqual({ language: 'en', company: 1 });
  });

  it('is opened again, once, when the server has ended it', async () => {
    const ended = ({ method }: Call, calls: readonly Call[]) =>
      method === 'model.sale.sale.search' && calls.filter((one) => one.method === method).length === 1
        ? { status: 401 }
        : undefined;
    const { url, count } = await peer(ended);
    expect(await search(clientOf(url))).toEqual([]);
    expect(count('common.db.login')).toBe(2);
    expect(count('model.sale.sale.search')).toBe(2);
  });

  it('is a fault of the set-up when a fresh one is refused too', async () => {
    const { url, count } = await peer(({ method }) => (method.endsWith('.search') ? { status: 401 } : undefined));
    await expect(search(clientOf(url))).rejects.toMatchObject({ code: 'ERP_SESSION_REFUSED' });
    expect(count('model.sale.sale.search')).toBe(2);
  });

  it.each([
    ['a wrong password', { status: 401 }, { code: 'ERP_LOGIN_REFUSED' }],
    ['a second factor', { error: ['LoginException', ['code', 'Code', 'char']] }, { code: 'ERP_LOGIN_REFUSED' }],
    ['too many bad logins', { status: 429 }, { kind: 'throttled' }],
    ['a database that is down', { status: 404 }, { kind: 'unreachable', code: 'ERP_DATABASE_ERROR' }],
    ['a server that fails', { status: 502 }, { kind: 'unreachable' }],
  ])('%s at login', async (_name, answer, expected) => {
    const { url } = await peer(({ method }) => (method === 'common.db.login' ? answer : undefined));
    await expect(search(clientOf(url))).rejects.toMatchObject(expected);
  });

  it('is tried again after a login that failed', async () => {
    const { url } = await peer(({ method }, calls) =>
      method === 'common.db.login' && calls.filter((one) => one.method === method).length === 1
        ? { status: 503 }
        : undefined,
    );
    const client = clientOf(url);
    await expect(search(client)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await search(client)).toEqual([]);
  });

  it.each(['secret', '{}', '{"password": ""}'])('needs a secret of the right form, not %j', async (secret) => {
    const { url } = await peer(() => undefined);
    await expect(search(clientOf(url, { secret: async () => secret }))).rejects.toMatchObject({
      code: 'ERP_SECRET_INVALID',
    });
  });

  it('needs a company', async () => {
    const { url } = await peer(({ method }) => (method.endsWith('get_preferences') ? { result: {} } : undefined));
    await expect(search(clientOf(url))).rejects.toMatchObject({ code: 'ERP_USER_WITHOUT_COMPANY' });
  });
});

describe('a call', () => {
  it('goes to the path of series 8.0 where the server is one', async () => {
    const { url, calls } = await peer(({ path }) => (path === '/' ? { status: 405, raw: '' } : undefined));
    const client = clientOf(url);
    await search(client);
    expect(calls.at(-1)?.path).toBe('/live/rpc/');
    expect((await client.series(AbortSignal.timeout(1000))).finishShipment).toBe('do');
  });

  it('takes no answer that is larger than the limit', async () => {
    const { url } = await peer(({ method }) =>
      method.endsWith('.search') ? { result: 'x'.repeat(20_000) } : undefined,
    );
    await expect(search(clientOf(url))).rejects.toMatchObject({ kind: 'no-answer', code: 'ERP_ANSWER_TOO_LARGE' });
  });

  it('is not made when no time is left', async () => {
    const { url, calls } = await peer(() => undefined);
    const call = clientOf(url).call('sale.sale', 'search', [], AbortSignal.abort());
    await expect(call).rejects.toMatchObject({ kind: 'unreachable' });
    expect(calls).toHaveLength(0);
  });
});

describe('a warning', () => {
  const warns = ({ method }: Call, calls: readonly Call[]): Answer | undefined =>
    method.endsWith('.do') && !calls.some((one) => one.method === 'model.res.user.warning.create')
      ? { error: ['UserWarning', ['16bf40d731bb.done', 'Stock moves have no origin.', '']] }
      : undefined;

  it('that the settings name is answered with yes, for us and this once', async () => {
    const { url, calls, count } = await peer(warns);
    await new Calls(clientOf(url), AbortSignal.timeout(5000), ['done']).press('stock.move', 'do', [8]);
    expect(count('model.stock.move.do')).toBe(2);
    const yes = calls.find(({ method }) => method === 'model.res.user.warning.create');
    expect(yes?.params[0]).toEqual([{ user: 3, name: '16bf40d731bb.done', always: false }]);
  });

  it.each([[[]], [['one']], [['16bf40d731bb']]])('that the settings (%j) do not name is a refusal', async (named) => {
    const { url, count } = await peer(warns);
    const press = new Calls(clientOf(url), AbortSignal.timeout(5000), named).press('stock.move', 'do', [8]);
    await expect(press).rejects.toMatchObject({ kind: 'warning', message: 'Stock moves have no origin.' });
    expect(count('model.res.user.warning.create')).toBe(0);
  });
});

describe('whether something may have changed', () => {
  it.each([
    ['after an answered change', {}, true],
    ['after a change whose answer is lost', { status: 502 }, true],
    ['not after one the ERP refused', { error: ['UserError', ['No.', '', null]] }, false],
    ['not after one that was throttled', { status: 429 }, false],
  ])('%s', async (_name, answer, changed) => {
    const { url } = await peer(({ method }) => (method === 'model.sale.sale.quote' ? answer : undefined));
    const calls = new Calls(clientOf(url), AbortSignal.timeout(5000));
    await calls.find('sale.sale', [], {});
    expect(calls.changed).toBe(false);
    await calls.press('sale.sale', 'quote', [1]).catch(() => undefined);
    expect(calls.changed).toBe(changed);
  });
});
