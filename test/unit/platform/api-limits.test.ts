import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rate } from '#core/kernel/rate.ts';
import { parseJson } from '#platform/handlers/json.ts';
import { MemoryLimiter } from '#platform/memory/limiter.ts';

const START = Date.parse('2026-11-25T10:00:00.000Z');
const at = (milliseconds: number): string => new Date(START + milliseconds).toISOString();

describe('a limiter', () => {
  it('never lets more through than the burst and what has come back since', async () => {
    const rates = fc.record({ perMinute: fc.integer({ min: 1, max: 6_000 }), burst: fc.integer({ min: 1, max: 20 }) });
    const pauses = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(rates, pauses, async (rate: Rate, waits) => {
        const limiter = new MemoryLimiter();
        let now = 0;
        let admitted = 0;
        for (const wait of waits) {
          now += wait;
          const answer = await limiter.admit('a', rate, at(now));
          if (answer.admitted) admitted += 1;
          else expect((await limiter.admit('a', rate, at(now + answer.retryAfterSeconds * 1_000))).admitted).toBe(true);
          if (!answer.admitted) return;
          expect(admitted).toBeLessThanOrEqual(rate.burst + Math.floor((now * rate.perMinute) / 60_000));
        }
      }),
    );
  });

  it('counts each client by itself', async () => {
    const limiter = new MemoryLimiter();
    const rate = { perMinute: 60, burst: 1 };
    expect(await limiter.admit('a', rate, at(0))).toEqual({ admitted: true });
    expect(await limiter.admit('a', rate, at(0))).toEqual({ admitted: false, retryAfterSeconds: 1 });
    expect(await limiter.admit('b', rate, at(0))).toEqual({ admitted: true });
  });
});

describe('JSON with a member that is named twice', () => {
  const parse = (text: string) => parseJson(Buffer.from(text));

  it.each(['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '[{"x":[{"a":1,"\\u0061":2}]}]', '{"a":[],"b":{},"a":null}'])(
    'is refused: %s',
    (text) => expect(() => parse(text)).toThrow('names a member twice'),
  );

  it.each([
    '{"a":{"a":1},"b":{"a":"a"}}',
    '[{"a":1},{"a":1}]',
    '{"a":"\\",\\"a\\":1"}',
    '"a"',
    '[]',
    '{"":1,"a":["a","a"]}',
  ])('is something else than %s', (text) => expect(parse(text)).toEqual(JSON.parse(text)));

  it('is told from every other', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(parse(JSON.stringify(JSON.parse(text)))).toEqual(JSON.parse(text));
      }),
    );
  });
});
