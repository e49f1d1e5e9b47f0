import { describe, expect, it } from 'vitest';
import { authorizationRequestSchema } from '#application/returns/authorization-request.ts';
import { authorizeReturn } from '#application/returns/authorize-return.ts';
import { TransientError } from '#core/kernel/errors.ts';
import { resolutionOf } from '#core/returns/money/due.ts';
import { erpAnswering, House } from './house.ts';
import { NOW, RETURN_KEY } from './samples.ts';

const PLATFORM = { platform: 'loop', account: 'main' };
const LINES = [
  { lineId: 'L1', quantity: 2, reasonCode: 'UNWANTED' },
  { lineId: 'L2', quantity: 1, reasonCode: 'DEFECTIVE' },
];

const request = (changes: object = {}) =>
  authorizationRequestSchema.parse({
    returnId: 'R1',
    channel: 'shopify',
    account: 'main',
    orderId: '5001',
    requestedAt: NOW,
    lines: LINES,
    ...changes,
  });

async function aHouse(): Promise<House> {
  const house = new House();
  await house.shippedOrder();
  return house;
}

const ask = (house: House, changes: object = {}, ports = house.ports) =>
  authorizeReturn(ports, PLATFORM, request(changes), house.cause);

const WINDOW = { from: 'shipment', since: '2026-11-21', until: '2026-12-21', zone: 'UTC' };
const usd = (minor: number) => ({ minor, currency: 'USD' });
const refund = (net: number, tax: number) => ({
  net: usd(net),
  taxes: [{ title: 'Tax', rate: '0.10', amount: usd(tax), collectedBy: 'seller' }],
});

describe('authorization of a return', () => {
  it('answers with a decision, an RMA number and what the buyer would get', async () => {
    const house = await aHouse();
    expect(await ask(house)).toEqual({
      returnId: 'R1',
      rma: expect.stringMatching(/^RMA-[0-9A-HJKMNP-TV-Z]{10}$/),
      decision: 'approved',
      reasons: [],
      lines: [
        {
          lineId: 'L1',
          quantity: 2,
          decision: 'approved',
          reasons: [],
          reasonCode: { given: 'UNWANTED', canonical: 'changed-mind', mappingVersion: '2026-11-01' },
          refundEstimate: { minor: 2_715, currency: 'USD' },
          refund: refund(2_468, 247),
          window: WINDOW,
          dispositionHint: 'restock',
        },
        {
          lineId: 'L2',
          quantity: 1,
          decision: 'approved',
          reasons: [],
          reasonCode: { given: 'DEFECTIVE', canonical: 'defective', mappingVersion: '2026-11-01' },
          refundEstimate: { minor: 935, currency: 'USD' },
          refund: refund(850, 85),
          window: WINDOW,
          dispositionHint: 'quarantine',
        },
      ],
      policyVersion: 'policy-7',
      mappingVersion: '2026-11-01',
      orderStatus: { source: 'erp', asOf: '2026-11-25T09:59:59.000Z' },
      refundEstimate: { minor: 3_650, currency: 'USD' },
      resolution: 'refund',
      returnBy: '2026-12-25T10:00:00.000Z',
    });
  });

  it('takes the units from the order in the same transaction', async () => {
    const house = await aHouse();
    await ask(house);
    expect((await house.theOrder()).lines).toMatchObject([{ returning: 2 }, { returning: 1 }]);
    // By key: two platforms may use one return id.
    expect((await house.theOrder()).returns).toEqual([RETURN_KEY]);
    expect(await ask(house, { returnId: 'R2' })).toMatchObject({
      decision: 'rejected',
      reasons: [{ code: 'NOTHING_LEFT_TO_RETURN' }],
    });
    expect((await ask(house, { returnId: 'R2' })).rma).toBeUndefined();
    expect(house.types('return.')).toEqual(['return.authorized.v1', 'return.rejected.v1']);
  });

  it('is answered word for word when it is asked again, whatever has happened since', async () => {
    const house = await aHouse();
    const first = await ask(house);
    house.clock.advance(40 * 24 * 3600);
    const silent = { ...house.ports, erp: erpAnswering(async () => Promise.reject(new Error('never asked'))) };
    const again = await ask(house, { requestedAt: '2027-01-01T00:00:00Z', lines: withNote('changed my mind') }, silent);
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(house.types('return.')).toEqual(['return.authorized.v1']);
  });

  it('is answered once when two ask at the same time', async () => {
    const house = await aHouse();
    const answers = await Promise.all([ask(house), ask(house), ask(house)]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await house.theOrder()).lines).toMatchObject([{ returning: 2 }, { returning: 1 }]);
  });

  it('gives units to one of two returns that ask for them at the same time', async () => {
    const house = await aHouse();
    const answers = await Promise.all([ask(house), ask(house, { returnId: 'R2' })]);
    expect(answers.map(({ decision }) => decision).sort()).toEqual(['approved', 'rejected']);
  });

  it('refuses a known return id with other content', async () => {
    const house = await aHouse();
    await ask(house);
    for (const changes of [{ orderId: '5002' }, { lines: LINES.slice(1) }, { account: 'eu' }]) {
      await expect(ask(house, changes)).rejects.toMatchObject({ kind: 'business', code: 'RETURN_CONFLICT' });
    }
  });

  it('refuses an order that never arrived', async () => {
    const house = await aHouse();
    await expect(ask(house, { orderId: '404' })).rejects.toMatchObject({ kind: 'business', code: 'ORDER_UNKNOWN' });
    expect(await house.store.load(RETURN_KEY)).toBeUndefined();
  });

  it('does not take a time in the future for the window', async () => {
    const house = await aHouse();
    await ask(house, { requestedAt: '2027-11-25T10:00:00Z' });
    expect((await house.theReturn()).authorization.requestedAt).toBe(NOW);
  });

  it('keeps the buyer’s own words nowhere', async () => {
    const house = await aHouse();
    await ask(house, { lines: withNote('call me at 555-0100, Bob') });
    const kept = JSON.stringify([
      house.store.journal,
      await house.theReturn(),
      await house.theOrder(),
      house.log.lines,
    ]);
    expect(kept).not.toContain('555-0100');
  });

  it('is journalled with who asked, whose word it was made on and what each line was decided by', async () => {
    const house = await aHouse();
    const requestedBy = { client: 'main', proof: 'token' } as const;
    await authorizeReturn(house.ports, { ...PLATFORM, requestedBy }, request(), house.cause);
    expect(house.published.find(({ type }) => type === 'return.authorized.v1')?.envelope.data).toMatchObject({
      requestedBy,
      orderStatus: { source: 'erp', asOf: '2026-11-25T09:59:59.000Z' },
      policyVersion: 'policy-7',
      mappingVersion: '2026-11-01',
      lines: [
        {
          reasonGiven: 'UNWANTED',
          reasonCodes: [],
          rules: [],
          attributes: [],
          window: { ...WINDOW, endsAt: '2026-12-22T00:00:00.000Z' },
        },
        { reasonGiven: 'DEFECTIVE' },
      ],
    });
  });

  it('leaves the units alone while a person decides', async () => {
    const house = await aHouse();
    const answer = await ask(house, { lines: [{ lineId: 'L1', quantity: 1, reasonCode: 'TOO_PINK' }] });
    expect(answer).toMatchObject({ decision: 'review', reasons: [{ code: 'REASON_UNMAPPED' }] });
    expect(answer.rma).toBeDefined();
    expect((await house.theOrder()).lines).toMatchObject([{ returning: 0 }, { returning: 0 }]);
    expect(await house.openCases()).toEqual(['RETURN_REVIEW']);
    expect(house.types('return.')).toEqual(['return.referred.v1']);
  });
});

describe('what a buyer wants for the goods', () => {
  const exchange = (amount = usd(1_434)) => ({
    resolution: 'exchange',
    replacement: {
      lines: [
        {
          ...{ lineId: 'X1', sku: 'TSHIRT-L', quantity: 1, net: amount },
          taxes: [{ title: 'Tax', rate: '0.10', amount: usd(143), collectedBy: 'seller' }],
        },
      ],
      collected: usd(220),
    },
  });

  it('is kept with the return, and answered', async () => {
    const house = await aHouse();
    expect(await ask(house, exchange())).toMatchObject({
      resolution: 'exchange',
      replacement: { total: usd(1_577), collected: usd(220) },
    });
    const { authorization } = await house.theReturn();
    expect(authorization).toMatchObject({
      resolution: 'exchange',
      replacement: { lines: [{ lineId: 'X1', sku: 'TSHIRT-L', net: 1_434, taxes: [{ amount: 143 }] }], collected: 220 },
    });
    expect(resolutionOf({ authorization })).toEqual({
      resolution: 'exchange',
      replacement: authorization.replacement,
    });
  });

  it('is a refund when nothing is said, and otherwise what a later report says', async () => {
    const house = await aHouse();
    await ask(house, exchange());
    const { authorization } = await house.theReturn();
    const { resolution: _said, replacement: _given, ...silent } = authorization;
    expect(resolutionOf({ authorization: silent })).toEqual({ resolution: 'refund' });
    const choice = { resolution: 'store-credit', occurredAt: NOW } as const;
    expect(resolutionOf({ authorization, choice })).toEqual({ resolution: 'store-credit' });
  });

  it('is part of the request: another wish under the same id is another request', async () => {
    const house = await aHouse();
    await ask(house, { resolution: 'store-credit' });
    expect(await ask(house, { resolution: 'store-credit' })).toMatchObject({ resolution: 'store-credit' });
    for (const changes of [{}, { resolution: 'refund' }, exchange()]) {
      await expect(ask(house, changes)).rejects.toMatchObject({ code: 'RETURN_CONFLICT' });
    }
  });

  it.each([
    ['goods that nobody wants in exchange', { ...exchange(), resolution: 'refund' }, 'REPLACEMENT_WITHOUT_EXCHANGE'],
    [
      'goods without a word on what is wanted',
      { ...exchange(), resolution: undefined },
      'REPLACEMENT_WITHOUT_EXCHANGE',
    ],
    ['amounts in another currency', exchange({ minor: 1_434, currency: 'JPY' }), 'CURRENCY_MISMATCH'],
  ])('is refused with %s', async (_what, changes, code) => {
    const house = await aHouse();
    await expect(ask(house, changes)).rejects.toMatchObject({ kind: 'business', code });
    expect(await house.store.load(RETURN_KEY)).toBeUndefined();
  });

  it.each([
    ['a line twice', { lines: [...exchange().replacement.lines, ...exchange().replacement.lines] }],
    ['no line', { lines: [] }],
    ['a currency that there is not', { collected: { minor: 1, currency: 'XXQ' } }],
    ['an amount below zero', { collected: usd(-1) }],
  ])('is malformed with %s', (_what, changes) => {
    const replacement = { ...exchange().replacement, ...changes };
    expect(() => request({ resolution: 'exchange', replacement })).toThrow();
  });
});

describe('the ERP’s word on an order', () => {
  it('is not waited for when its time is used up', async () => {
    const house = await aHouse();
    const time = new AbortController();
    let given: AbortSignal | undefined;
    const erp = erpAnswering((_key, signal) => {
      given = signal;
      queueMicrotask(() => time.abort());
      return new Promise(() => undefined);
    });
    const answer = await ask(house, {}, { ...house.ports, erp, erpDeadline: () => time.signal });
    expect(answer).toMatchObject({
      decision: 'approved',
      orderStatus: { source: 'last-known', asOf: '1970-01-01T00:00:01.000Z' },
    });
    expect(given?.aborted).toBe(true);
    expect(house.log.lines).toMatchObject([{ level: 'warn', message: 'the ERP did not answer in time' }]);
  });

  it('is done without when the ERP fails', async () => {
    const house = await aHouse();
    const erp = erpAnswering(async () => Promise.reject(new TransientError('ERP_DOWN', 'connection refused')));
    expect((await ask(house, {}, { ...house.ports, erp })).orderStatus.source).toBe('last-known');
  });

  it('counts when it comes', async () => {
    const house = await aHouse();
    const gone = { ...house.ports, erp: erpAnswering(async () => undefined) };
    expect(await ask(house, {}, gone)).toMatchObject({
      decision: 'review',
      reasons: [{ code: 'NOT_IN_ERP' }],
      orderStatus: { source: 'erp', asOf: NOW },
    });
  });
});

describe('the request', () => {
  it.each([
    ['an unknown field', { extra: 1 }],
    ['no lines', { lines: [] }],
    ['too many lines', { lines: Array.from({ length: 101 }, () => LINES[0]) }],
    ['a negative quantity', { lines: [{ ...LINES[0], quantity: -1 }] }],
    ['a broken quantity', { lines: [{ ...LINES[0], quantity: 1.5 }] }],
    ['a quantity beyond any order', { lines: [{ ...LINES[0], quantity: 1e9 }] }],
    ['an e-mail address for a reason', { lines: [{ ...LINES[0], reasonCode: 'bob@example.test' }] }],
    ['a long reason', { lines: [{ ...LINES[0], reasonCode: 'x'.repeat(65) }] }],
    ['a long note', { lines: [{ ...LINES[0], note: 'x'.repeat(2_001) }] }],
    ['a return id that would break a key', { returnId: 'R1#2' }],
    ['an empty return id', { returnId: '' }],
    ['a channel that would break a key', { channel: 'shopify#x' }],
    ['no time', { requestedAt: 'yesterday' }],
  ])('is refused with %s', (_what, changes) => {
    expect(() => request(changes)).toThrow();
  });

  it('takes the reasons that marketplaces have', () => {
    for (const reasonCode of ['WRONG_SIZE/POOR_FIT', 'Missing Parts / Instructions', 'Finance -> Goodwill']) {
      expect(request({ lines: [{ ...LINES[0], reasonCode }] }).lines).toMatchObject([{ reasonCode }]);
    }
  });
});

const withNote = (note: string) => LINES.map((line) => ({ ...line, note }));
