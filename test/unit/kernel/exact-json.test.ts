import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PoisonError } from '#core/kernel/errors.ts';
import { ExactNumber, parseExactJson } from '#core/kernel/exact-json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string, limits?: { maxBytes: number; maxDepth: number }) => parseExactJson(bytes(text), limits);

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof PoisonError) return error.code;
    throw error;
  }
  return 'none';
}

describe('exact JSON', () => {
  it.each(['9007199254740993', '195.670', '0.1', '-0', '1e-7', '123456789012345678901234567890'])(
    'keeps %s as it was written',
    (text) => expect(parse(`{"n":[${text}]}`)).toEqual({ n: [new ExactNumber(text)] }),
  );

  it('tells a number from the same digits as a text', () => {
    expect(parse('["1.50",1.50]')).toEqual(['1.50', new ExactNumber('1.50')]);
  });

  it('reads all else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const back = JSON.parse(JSON.stringify(parse(text)), (_key, one) => one);
        const expected = JSON.parse(text, (_key, one, context?: { source?: string }) =>
          typeof one === 'number' ? context?.source : one,
        );
        expect(back).toEqual(expected);
      }),
    );
  });

  it('makes a plain member of a key that names the prototype', () => {
    const parsed = parse('{"__proto__":{"admin":true},"a":1}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(parsed.admin).toBeUndefined();
  });

  it('keeps a number under a key that names the prototype', () => {
    const parsed = parse('{"__proto__":1.0,"a":{"__proto__":[2.0]}}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(parsed, '__proto__')?.value).toEqual(new ExactNumber('1.0'));
  });

  it('tells escaped quotes from those that end a text', () => {
    const texts = ['\\', '"2.0', '\\"3.0', '\\\\', '"', '\\\\"4.0,'];
    const body = texts.map((text) => `${JSON.stringify(text)},1.0`).join(',');
    expect(parse(`[${body}]`)).toEqual(texts.flatMap((text) => [text, new ExactNumber('1.0')]));
  });

  it('takes for JSON what JSON.parse takes, and nothing else', () => {
    const pieces = [
      '1',
      '0',
      '-',
      '+',
      '.',
      'e',
      'E5',
      '01',
      '1.5',
      ' ',
      ',',
      ':',
      '"',
      '\\',
      '[',
      ']',
      '{',
      '}',
      'true',
      '"a"',
    ];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map((parts) => parts.join(''));
    const isJson = (given: string): boolean => {
      try {
        JSON.parse(given);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(text, (given) => {
        for (const one of [given, `[${given}]`, `{"a":${given}}`]) {
          expect(codeOf(() => parse(one))).toBe(isJson(one) ? 'none' : 'BODY_NOT_JSON');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes the last of a repeated key', () => expect(parse('{"a":1,"a":2}')).toEqual({ a: new ExactNumber('2') }));

  it.each([
    ['a cut-off document', '{"a":'],
    ['two documents', '{} {}'],
    ['nothing', ''],
    ['NaN', '{"a":NaN}'],
  ])('refuses %s', (_what, text) => expect(codeOf(() => parse(text))).toBe('BODY_NOT_JSON'));

  it('never quotes the body', () => {
    expect(() => parse('{"email": ada@mail.example.com}')).toThrow(/^(?!.*ada)/);
  });

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['Latin-1', [0x22, 0xfc, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['half of a surrogate pair', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ])('refuses %s as not UTF-8', (_what, given) => {
    expect(codeOf(() => parseExactJson(Uint8Array.from(given)))).toBe('BODY_NOT_UTF8');
  });

  it('refuses a million brackets without walking them', () => {
    expect(codeOf(() => parse('['.repeat(1_000_000)))).toBe('BODY_TOO_DEEP');
    expect(codeOf(() => parse('{"a":'.repeat(200_000)))).toBe('BODY_TOO_DEEP');
  });

  it('counts levels, not brackets, and none inside of texts', () => {
    const limits = { maxBytes: 1000, maxDepth: 3 };
    expect(codeOf(() => parse('[[[1],[2]],[[3]]]', limits))).toBe('none');
    expect(codeOf(() => parse('[[[[1]]]]', limits))).toBe('BODY_TOO_DEEP');
    expect(codeOf(() => parse('["[[[[[[","\\"[[[[[","\\\\",[1]]', limits))).toBe('none');
  });

  it('refuses more bytes than are taken', () => {
    const limits = { maxBytes: 7, maxDepth: 3 };
    expect(codeOf(() => parse('"12345"', limits))).toBe('none');
    expect(codeOf(() => parse('"123456"', limits))).toBe('BODY_TOO_LARGE');
  });
});

describe('an exact number', () => {
  it.each([
    ['7', 7],
    ['-3', -3],
    ['-0', 0],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', undefined],
    ['1.0', undefined],
    ['1e3', undefined],
  ])('%s is the integer %s', (text, integer) => expect(new ExactNumber(text).integer).toBe(integer));

  it.each([
    ['0.060', '0.060'],
    ['6e-2', '0.06'],
    ['6.25E-2', '0.0625'],
    ['1.5e3', '1500'],
    ['12.345e1', '123.45'],
    ['-2e-1', '-0.2'],
    ['0e5', '0'],
    ['1e0', '1'],
    ['1e50', undefined],
    ['1e-50', undefined],
  ])('%s is the decimal %s', (text, decimal) => expect(new ExactNumber(text).decimal).toBe(decimal));

  it('has a decimal of the same value, whatever its exponent', () => {
    const number = fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.nat(9999), fc.integer({ min: -15, max: 15 }));
    fc.assert(
      fc.property(number, ([whole, fraction, exponent]) => {
        const text = `${whole}.${fraction}e${exponent}`;
        expect(Number(new ExactNumber(text).decimal)).toBe(Number(text));
      }),
    );
  });
});
