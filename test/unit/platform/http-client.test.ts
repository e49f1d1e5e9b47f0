import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { callHttp, type HttpCall, retryAfterSeconds } from '#platform/http-client.ts';

/** Real sockets on the loopback address: what a lost connection looks like is what the runtime makes of it. */
const open: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  }
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  open.push({ server, sockets });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const http = (listener: RequestListener) => listen(createHttpServer(listener));

/** Waits for a request, then does what it is told to the socket. */
const tcp = (answer: (socket: Socket) => void) =>
  listen(createServer((socket) => socket.on('error', () => undefined).once('data', () => answer(socket))));

const call = (url: string, changes: Partial<HttpCall> = {}) =>
  callHttp({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"secret":"ada@mail.example.com"}',
    signal: new AbortController().signal,
    timeoutSeconds: 5,
    maxAnswerBytes: 1000,
    ...changes,
  });

describe('one HTTP call', () => {
  it('answers with status, headers and bytes', async () => {
    const seen: string[] = [];
    const url = await http(async (request, response) => {
      for await (const part of request) seen.push(String(part));
      response.writeHead(418, { 'Retry-After': '7' }).end('tea');
    });
    const answer = await call(url);
    expect(answer).toMatchObject({ kind: 'answered', status: 418 });
    if (answer.kind !== 'answered') return;
    expect(answer.header('retry-after')).toBe('7');
    expect(answer.header('x-none')).toBeUndefined();
    expect(Buffer.from(answer.body).toString()).toBe('tea');
    expect(seen.join('')).toBe('{"secret":"ada@mail.example.com"}');
  });

  it('does not follow a redirect: the credentials stay here', async () => {
    let elsewhere = 0;
    const other = await http((_request, response) => {
      elsewhere += 1;
      response.end();
    });
    const url = await http((_request, response) => response.writeHead(307, { location: other }).end());
    expect(await call(url)).toMatchObject({ kind: 'answered', status: 307 });
    expect(elsewhere).toBe(0);
  });

  it('was not sent when nobody listens', async () => {
    const url = await http(() => undefined);
    const last = open.pop();
    await new Promise((closed) => last?.server.close(closed));
    expect(await call(url)).toEqual({ kind: 'not-sent', cause: 'ECONNREFUSED' });
  });

  it('was not sent when no address of the host takes it', async () => {
    const url = (await http(() => undefined)).replace('127.0.0.1', 'localhost');
    const last = open.pop();
    await new Promise((closed) => last?.server.close(closed));
    expect(await call(url)).toEqual({ kind: 'not-sent', cause: 'ECONNREFUSED' });
  });

  it('was not sent when the name does not exist', async () => {
    expect(await call('http://nowhere.invalid/')).toMatchObject({
      kind: 'not-sent',
      cause: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  it('was not sent when there was no time left for it', async () => {
    let calls = 0;
    const url = await http((_request, response) => {
      calls += 1;
      response.end();
    });
    expect(await call(url, { signal: AbortSignal.abort() })).toEqual({ kind: 'not-sent', cause: 'NO_TIME_LEFT' });
    expect(calls).toBe(0);
  });

  it.each([
    ['resets the connection', (socket: Socket) => socket.resetAndDestroy()],
    ['closes it without an answer', (socket: Socket) => socket.end()],
    [
      'closes it in the middle of the body',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{'),
    ],
    ['speaks something else', (socket: Socket) => socket.end('220 mail.example.com ESMTP\r\n')],
  ])('may have been sent when the partner %s', async (_what, answer) => {
    expect(await call(await tcp(answer))).toMatchObject({ kind: 'maybe-sent' });
  });

  it('may have been sent when the answer is late', async () => {
    const url = await http(() => undefined);
    expect(await call(url, { timeoutSeconds: 0.05 })).toEqual({ kind: 'maybe-sent', cause: 'TimeoutError' });
  });

  it('may have been sent when the caller has to stop', async () => {
    const end = new AbortController();
    const url = await http(() => end.abort());
    expect(await call(url, { signal: end.signal })).toEqual({ kind: 'maybe-sent', cause: 'AbortError' });
  });

  it('may have been sent when the answer is longer than taken', async () => {
    const url = await http((_request, response) => response.end('x'.repeat(1001)));
    expect(await call(url)).toEqual({ kind: 'maybe-sent', cause: 'ANSWER_TOO_LARGE' });
    const fits = await http((_request, response) => response.end('x'.repeat(1000)));
    expect(await call(fits)).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('tells no cause that holds a part of the request', async () => {
    const answer = await call(await tcp((socket) => socket.resetAndDestroy()));
    expect(JSON.stringify(answer)).not.toContain('ada');
  });

  it('throws for a URL that is none', async () => {
    await expect(call('shop')).rejects.toThrow(TypeError);
  });
});

describe('Retry-After', () => {
  const now = '2026-07-01T12:00:00.000Z';
  it.each([
    ['30', 30],
    ['2.5', 3],
    ['0', 1],
    ['Wed, 01 Jul 2026 12:00:45 GMT', 45],
    ['Wed, 01 Jul 2026 11:00:00 GMT', 1],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s seconds', (header, seconds) => expect(retryAfterSeconds(header, now)).toBe(seconds));
});
