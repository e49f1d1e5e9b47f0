import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { problemDocument } from '#application/returns/api-answers.ts';
import { returnsSchema } from '../../../lib/config/returns-policy.ts';
import { ApiHouse, AUTHORIZATIONS, aRequest, ELIGIBILITY } from './api-house.ts';
import { POLICY } from './samples.ts';

/**
 * Ten thousand bodies against the real handlers, signed well, so that they get past the door: whatever they hold, the answer
 * is an answer or a refusal that says why, and never a fault of ours.
 */
const SEED = 20_261_125;
const BODIES = 10_000;

const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('R1', 'main', 'shopify', '5001', 'L1', 'L2', 'UNWANTED', 'X') },
  fc.constantFrom('', '__proto__', 'constructor', 'toString', 'L1#L2', '\u0000', '‮', 'a'.repeat(101), '../..', '1e400'),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const number = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(-1, 1.5, 1e308, 2 ** 53, -0, 100_000, 100_001, Number.MIN_VALUE),
);
const time = fc.oneof(
  { weight: 20, arbitrary: fc.constant('2026-11-25T10:00:00Z') },
  fc.constantFrom(
    '2026-11-25T10:00:00Z',
    '2026-11-25T10:00:00.123456789+14:00',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '2026-02-29T00:00:00Z',
    '2026-11-25',
    '+275760-09-13T00:00:00Z',
  ),
  word,
);
const junk = fc.oneof(word, number, fc.constantFrom(null, true, [], {}), fc.jsonValue({ maxDepth: 3 }));
/** The field as it should be, most of the time. */
const or = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 24, arbitrary: arbitrary as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk });

const line = fc.record(
  { lineId: or(word), quantity: or(number), reasonCode: or(word), note: or(word), extra: junk },
  { requiredKeys: ['lineId', 'quantity', 'reasonCode'] },
);
const goodLine = fc.record({
  lineId: fc.constantFrom('L1', 'L2', 'L9'),
  quantity: fc.integer({ min: 1, max: 4 }),
  reasonCode: fc.constantFrom('UNWANTED', 'DEFECTIVE', 'TOO_PINK', '__proto__', 'constructor'.toUpperCase()),
});
const lines = fc.oneof(
  { weight: 4, arbitrary: fc.array(goodLine, { minLength: 1, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.array(line, { maxLength: 5 }) },
);
const sum = fc.record({
  minor: or(fc.integer({ min: 0, max: 9_999 })),
  currency: or(fc.constantFrom('USD', 'USD', 'JPY')),
});
const tax = fc.record({ amount: sum, collectedBy: or(fc.constantFrom('seller', 'marketplace')) });
const replacement = fc.record({
  lines: or(
    fc.array(
      fc.record({
        ...{ lineId: or(fc.constantFrom('X1', 'X2')), sku: or(word), quantity: or(fc.integer({ min: 1, max: 3 })) },
        ...{ net: sum, taxes: or(fc.array(tax, { maxLength: 2 })) },
      }),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  collected: sum,
});
const wanted = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  fc.record({ resolution: or(fc.constantFrom('refund', 'exchange', 'store-credit')) }),
  fc.record({ resolution: or(fc.constantFrom('exchange', 'exchange', 'refund')), replacement: or(replacement) }),
);
const fields = {
  returnId: fc.oneof({ weight: 9, arbitrary: fc.integer({ max: 2_000, min: 0 }).map((id) => `R${id}`) }, or(word)),
  channel: or(fc.constantFrom('shopify', 'shopify', 'shopify', 'constructor')),
  account: or(fc.constant('main')),
  orderId: or(fc.constantFrom('5001', '5001', '5001', 'constructor')),
  requestedAt: or(time),
  lines: or(lines),
};
const request = fc
  .tuple(fc.oneof({ weight: 9, arbitrary: fc.record(fields) }, fc.record({ ...fields, extra: junk })), wanted)
  .map(([asked, more]) => ({ ...asked, ...more }));

const { returnId: _id, ...asked } = fields;
const question = fc.record(asked, { requiredKeys: ['channel', 'account', 'orderId'] });
const cancellation = fc.oneof(fc.constant({}), fc.record({ reason: or(word) }));

type Change = readonly [place: number, change: 'cut' | 'double' | 'flip' | 'put', byte: number];

/** Bytes of a request that were lost, doubled, swapped or changed on the way. */
function mutate(given: Buffer, changes: readonly Change[]): Buffer {
  return changes.reduce((bytes, [place, change, byte]) => {
    const at = bytes.length === 0 ? 0 : place % bytes.length;
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (change === 'cut') return Buffer.concat([before, after.subarray(1 + (byte % 16))]);
    if (change === 'double') return Buffer.concat([before, after.subarray(0, 1 + (byte % 64)), after]);
    if (change === 'flip') return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
    return Buffer.concat([before, Buffer.from('{}[]",:\\'.charAt(byte % 8)), after]);
  }, given);
}

const changes = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom('cut' as const, 'double' as const, 'flip' as const, 'put' as const), fc.nat(255)),
  { minLength: 1, maxLength: 4 },
);

const nested = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.integer({ min: 1, max: 3_000 }))
  .map(([open, depth]) => Buffer.from(open.repeat(depth)));
const raw = fc.oneof(
  fc.json({ maxDepth: 5 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  nested,
);
/** As it should be made, damaged on the way, or anything. */
const bodies = (made: fc.Arbitrary<unknown>) => {
  const bytes = made.map((given) => Buffer.from(JSON.stringify(given)));
  const damaged = fc.tuple(bytes, changes).map(([whole, all]) => mutate(whole, all));
  return fc.oneof({ weight: 6, arbitrary: bytes }, { weight: 3, arbitrary: damaged }, { weight: 1, arbitrary: raw });
};
const sent = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant(AUTHORIZATIONS), bodies(request)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant(ELIGIBILITY), bodies(question)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('/v1/returns/{returnId}/cancel'), bodies(cancellation)) },
);
const target = fc.oneof(
  fc.integer({ max: 2_000, min: 0 }).map((id) => `R${id}`),
  word,
);
const KNOWN = new Set([200, 400, 403, 404, 409, 413, 415, 422]);

const POLICY_WITH_RULES = returnsSchema.parse({
  ...POLICY,
  window: { counting: 'to-business-day', zone: 'Europe/Berlin', buyerZones: { US: 'America/New_York' } },
  items: [{ skus: ['MUG-*'], attributes: ['fragile'] }],
  rules: [
    {
      code: 'LOW_VALUE',
      message: 'not worth the way',
      when: { valueUpTo: { USD: 900 } },
      effect: { kind: 'keep-item' },
    },
    { code: 'FRAGILE', message: 'look first', when: { attributes: ['fragile'] }, effect: { kind: 'review' } },
  ],
  amendments: [{ effectiveFrom: '2026-11-20', version: 'policy-8', windowDays: 14 }],
});

describe('ten thousand bodies', () => {
  let house: ApiHouse;
  const seen = new Map<number, number>();
  beforeAll(async () => {
    house = await ApiHouse.open();
    Object.assign(house.ports, { policy: POLICY_WITH_RULES });
  });

  it('get no fault of ours for an answer', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(sent, target, async ([route, body], returnId) => {
        const answer = await house.ask({ route, body, path: { returnId } });
        // Nothing of it may stay behind but the returns themselves.
        house.written.length = 0;
        seen.set(answer.statusCode, (seen.get(answer.statusCode) ?? 0) + 1);
        expect(KNOWN).toContain(answer.statusCode);
        if (answer.statusCode !== 200) expect(problemDocument.safeParse(answer.json).error).toBeUndefined();
      }),
      { seed: SEED, numRuns: BODIES, endOnFailure: true },
    );
  });

  it('were of every kind: taken, refused by form and refused by rule', () => {
    for (const status of [200, 400, 404, 409, 422]) expect(seen.get(status) ?? 0).toBeGreaterThan(100);
  });

  it('would show a bug: one that is put in is found', async () => {
    const broken = await ApiHouse.open();
    Object.assign(broken.ports, {
      zones: { dateAt: () => (undefined as unknown as string).length, startOf: () => '' },
    });
    const { statusCode, json } = await broken.ask({ body: JSON.stringify(aRequest()) });
    expect([statusCode, json.code]).toEqual([500, 'INTERNAL_ERROR']);
    expect(KNOWN).not.toContain(statusCode);
  });
});
