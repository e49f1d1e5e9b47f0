import { expect, it } from 'vitest';
import { type Exchange, Tape } from './tape.ts';

const exchange = (name: string, body: unknown, changes: Partial<Exchange> = {}): Exchange => ({
  name,
  request: { path: '/api', headers: { authorization: 'token' }, body },
  answer: { body: { done: name } },
  ...changes,
});
const TAPE = [exchange('first', { ask: 1 }), exchange('second', { ask: expect.any(Number) })];

const post = async (url: string, body: unknown, path = '/api', authorization = 'token') => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify(body),
  });
  return response.text();
};

it('a tape answers the requests that are on it, in their order', async () => {
  const answers = await Tape.playing(TAPE, async (url) => [await post(url, { ask: 1 }), await post(url, { ask: 7 })]);
  expect(answers).toEqual(['{"done":"first"}', '{"done":"second"}']);
});

it.each([
  ['an entry is left over', TAPE, [[{ ask: 1 }]], '"second" was not asked'],
  ['a request comes too much', TAPE.slice(0, 1), [[{ ask: 1 }], [{ ask: 1 }]], 'the tape has ended'],
  ['a body differs', TAPE.slice(0, 1), [[{ ask: 2 }]], '{"ask":2}'],
  ['a body holds more', TAPE.slice(0, 1), [[{ ask: 1, more: true }]], '"more":true'],
  ['a path differs', TAPE.slice(0, 1), [[{ ask: 1 }, '/other']], 'POST /other and not POST /api'],
  ['a header differs', TAPE.slice(0, 1), [[{ ask: 1 }, '/api', 'none']], 'its authorization is "none" and not "token"'],
  [
    'requests come in another order',
    TAPE,
    [[{ ask: 7 }], [{ ask: 1 }]],
    'request 1 is not the one on the tape (first)',
  ],
] as const)('a tape fails when %s', async (_what, tape, requests, told) => {
  const playing = Tape.playing(tape, async (url) => {
    for (const [body, path, authorization] of requests) await post(url, body, path, authorization);
  });
  await expect(playing).rejects.toThrow(told);
});

it('a tape breaks the connection where it is told to', async () => {
  for (const breaks of ['before-answer', 'in-answer'] as const) {
    const tape = [exchange('first', { ask: 1 }, { answer: { body: 'x'.repeat(100), breaks } })];
    await Tape.playing(tape, async (url) => {
      await expect(post(url, { ask: 1 })).rejects.toThrow();
    });
  }
});
