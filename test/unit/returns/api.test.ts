import { describe, expect, it } from 'vitest';
import * as answers from '#application/returns/api-answers.ts';
import { TransientError } from '#core/kernel/errors.ts';
import type { ApiRoute } from '#platform/handlers/api-routes.ts';
import { authorizationRoutes } from '../../../functions/handlers/returns/authorization-routes.ts';
import { returnRoutes } from '../../../functions/handlers/returns/return-routes.ts';
import { FUNCTIONS, routesOf } from '../../../functions/topology.ts';
import { ApiHouse, AUTHORIZATIONS, aRequest, ELIGIBILITY } from './api-house.ts';
import { erpAnswering } from './house.ts';

const RETURN = '/v1/returns/{returnId}';
const ORDER = '/v1/orders/{reference}';

it('has the routes that the topology gives to its functions', () => {
  const routesIn = (id: string) => FUNCTIONS.filter((spec) => spec.id === id).flatMap(routesOf);
  const none = () => {
    throw new Error('no port is asked for');
  };
  const built = (routes: readonly ApiRoute[]) => routes.map(({ method, path }) => ({ method, path }));
  expect(built(authorizationRoutes(none))).toEqual(routesIn('returns/receive-authorization'));
  expect(built(returnRoutes(none))).toEqual(routesIn('returns/serve-returns'));
});

describe('POST /v1/returns/authorizations', () => {
  it('answers as it promises, and echoes the correlation id', async () => {
    const house = await ApiHouse.open();
    const answer = await house.authorize();
    expect(answer.statusCode).toBe(200);
    expect(answers.authorizationAnswer.parse(answer.json)).toMatchObject({ decision: 'approved', returnId: 'R1' });
    expect(answer.headers?.['x-correlation-id']).toMatch(/^id-/);
  });

  it('names the client that asked in the journal', async () => {
    const house = await ApiHouse.open();
    await house.authorize({}, 'other');
    const [event] = house.published.filter(({ type }) => type === 'return.authorized.v1');
    expect(event?.envelope.data).toMatchObject({ requestedBy: { client: 'other', proof: 'signature' } });
    expect(event?.envelope.metadata).toMatchObject({ causationId: 'generic/other/authorization/R1' });
  });

  it('refuses a known return id with other content with 409', async () => {
    const house = await ApiHouse.open();
    await house.authorize();
    const lines = [{ lineId: 'L2', quantity: 1, reasonCode: 'UNWANTED' }];
    expect(await house.authorize({ lines })).toMatchObject({ statusCode: 409, json: { code: 'RETURN_CONFLICT' } });
    house.replays.records.clear();
    expect(await house.authorize({ lines })).toMatchObject({ statusCode: 409, json: { code: 'RETURN_CONFLICT' } });
  });

  it('gives one return id of two platforms to two returns', async () => {
    const house = await ApiHouse.open();
    const [mine, theirs] = [await house.authorize(), await house.authorize({}, 'other')];
    expect(mine.json.rma).not.toBe(theirs.json.rma);
  });

  it('refuses orders of channels that the client is not set up for', async () => {
    const house = await ApiHouse.open();
    for (const route of [AUTHORIZATIONS, ELIGIBILITY]) {
      const { returnId: _id, ...asked } = aRequest({ channel: 'amazon' });
      const body = JSON.stringify(route === AUTHORIZATIONS ? { ...asked, returnId: 'R1' } : asked);
      expect(await house.ask({ route, body }, 'other')).toMatchObject({
        statusCode: 403,
        json: { code: 'CHANNEL_NOT_ALLOWED' },
      });
    }
  });
});

/** Signals that end when virtual time has passed them. */
class VirtualDeadlines {
  now = 0;
  readonly #waiting: { readonly at: number; readonly controller: AbortController }[] = [];

  readonly deadline = (milliseconds: number): AbortSignal => {
    const controller = new AbortController();
    this.#waiting.push({ at: this.now + milliseconds, controller });
    return controller.signal;
  };

  async pass(milliseconds: number): Promise<void> {
    await settled();
    this.now += milliseconds;
    for (const { at, controller } of this.#waiting) if (at <= this.now) controller.abort();
    await settled();
  }
}

/** Everything that needs no time has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('the time that a platform waits', () => {
  it('ends with the ERP’s part of it when the ERP hangs', async () => {
    const house = await ApiHouse.open();
    // Virtual time: what waits for a deadline is woken when its milliseconds have passed, and by nothing else.
    const clock = new VirtualDeadlines();
    Object.assign(house, { deadline: clock.deadline });
    Object.assign(house.ports, { erp: erpAnswering(() => new Promise(() => undefined)) });
    let answered = false;
    const answer = house.authorize().finally(() => {
      answered = true;
    });
    await clock.pass(1_499);
    expect(answered).toBe(false);
    await clock.pass(1);
    expect(answered).toBe(true);
    expect(clock.now).toBeLessThan(3_000);
    expect((await answer).json).toMatchObject({
      decision: 'approved',
      orderStatus: { source: 'last-known', asOf: '1970-01-01T00:00:01.000Z' },
    });
  });
});

describe('a repeated request', () => {
  it('is answered byte for byte the same, whatever has happened since', async () => {
    const house = await ApiHouse.open();
    const first = await house.authorize();
    house.clock.advance(86_400);
    Object.assign(house.ports, { policy: { ...house.ports.policy, version: 'policy-8' } });
    const again = await house.authorize({ requestedAt: house.clock.now() });
    expect(again.body).toBe(first.body);
    expect(house.replays.records.size).toBe(1);
  });

  it('gets the answer that was given, not one that would be worded otherwise now', async () => {
    const house = await ApiHouse.open();
    await house.authorize();
    const [[key, record] = []] = house.replays.records;
    if (!key || !record) throw new Error('the answer was remembered');
    record.responseData = { status: 200, text: '{"as":"it was worded then"}' };
    expect((await house.authorize()).json).toEqual({ as: 'it was worded then' });
  });

  it('is answered from the return itself when nobody remembers the answer', async () => {
    const house = await ApiHouse.open();
    const first = await house.authorize();
    house.replays.records.clear();
    expect((await house.authorize()).body).toBe(first.body);
    house.replays.down = true;
    expect((await house.authorize()).body).toBe(first.body);
    expect(house.types('return.')).toEqual(['return.authorized.v1']);
  });

  it('is decided once when it comes many times at once', async () => {
    const house = await ApiHouse.open();
    const all = await Promise.all(Array.from({ length: 8 }, () => house.authorize()));
    expect(new Set(all.map(({ body }) => body)).size).toBe(1);
    expect(all.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
    expect(house.types('return.')).toEqual(['return.authorized.v1']);
  });

  it('remembers no refusal: what was missing may have come', async () => {
    const house = await ApiHouse.open();
    expect((await house.authorize({ orderId: '404' })).json).toMatchObject({ status: 422, code: 'ORDER_UNKNOWN' });
    expect(house.replays.records.size).toBe(0);
    expect((await house.authorize()).statusCode).toBe(200);
  });
});

describe('POST /v1/returns/eligibility', () => {
  const asked = (changes: object = {}) =>
    JSON.stringify({ channel: 'shopify', account: 'main', orderId: '5001', ...changes });

  it('tells for the whole order, and creates nothing', async () => {
    const house = await ApiHouse.open();
    const before = JSON.stringify([house.store.keys, await house.theOrder()]);
    const { json, statusCode } = await house.ask({ route: ELIGIBILITY, body: asked() });
    expect(statusCode).toBe(200);
    expect(answers.eligibilityAnswer.parse(json)).toMatchObject({
      isEligible: true,
      items: [
        { lineId: 'L1', sku: 'TSHIRT-M', eligibleQuantity: 2, refundEstimate: { minor: 2_715 } },
        { lineId: 'L2', eligibleQuantity: 1 },
      ],
    });
    expect(JSON.stringify([house.store.keys, await house.theOrder()])).toBe(before);
  });

  it('tells why a line is not', async () => {
    const house = await ApiHouse.open();
    await house.authorize({ lines: [{ lineId: 'L2', quantity: 1, reasonCode: 'UNWANTED' }] });
    const { json } = await house.ask({ route: ELIGIBILITY, body: asked() });
    expect(json).toMatchObject({
      isEligible: true,
      items: [
        { isEligible: true },
        { isEligible: false, eligibleQuantity: 0, reasons: [{ code: 'NOTHING_LEFT_TO_RETURN' }] },
      ],
    });
  });

  it('tells for the lines and reasons that are asked about', async () => {
    const house = await ApiHouse.open();
    const lines = [{ lineId: 'L1', quantity: 1, reasonCode: 'TOO_PINK' }];
    const { json } = await house.ask({ route: ELIGIBILITY, body: asked({ lines }) });
    expect(json).toMatchObject({ items: [{ lineId: 'L1', decision: 'review', eligibleQuantity: 2 }] });
  });
});

describe('GET /v1/returns/{returnId}', () => {
  it('shows how the return stands', async () => {
    const house = await ApiHouse.open();
    await house.authorize({ returnId: 'R1' });
    const { json, statusCode } = await house.get(RETURN, { returnId: 'R1' });
    expect(statusCode).toBe(200);
    expect(answers.returnAnswer.parse(json)).toMatchObject({
      status: 'authorized',
      authorization: { decision: 'approved' },
    });
  });

  it('shows nobody the returns of another platform account', async () => {
    const house = await ApiHouse.open();
    await house.authorize();
    for (const answer of [
      await house.get(RETURN, { returnId: 'R1' }, {}, 'other'),
      await house.cancel('R1', 'other'),
    ]) {
      expect(answer).toMatchObject({ statusCode: 404, json: { code: 'RETURN_NOT_FOUND' } });
    }
    expect((await house.get(RETURN, { returnId: 'R1' })).json).toMatchObject({ status: 'authorized' });
  });

  it('refuses an id that could be no return’s', async () => {
    const house = await ApiHouse.open();
    expect(await house.get(RETURN, { returnId: 'R1#x' })).toMatchObject({
      statusCode: 400,
      json: { errors: [{ pointer: '/returnId', field: 'returnId' }] },
    });
  });
});

describe('POST /v1/returns/{returnId}/cancel', () => {
  it('cancels, lets the units go, and may be repeated', async () => {
    const house = await ApiHouse.open();
    await house.authorize();
    for (const body of ['', '{"reason":"changed their mind"}', '{}']) {
      const { json, statusCode } = await house.cancel('R1', 'main', body);
      expect(statusCode).toBe(200);
      expect(answers.returnAnswer.parse(json)).toMatchObject({ status: 'cancelled' });
    }
    expect((await house.theOrder()).lines).toMatchObject([{ returning: 0 }, { returning: 0 }]);
    expect(house.types('return.')).toEqual(['return.authorized.v1', 'return.cancelled.v1']);
  });

  it('refuses what has ended, and changes nothing', async () => {
    const house = await ApiHouse.open();
    await house.authorize({ lines: [{ lineId: 'L9', quantity: 1, reasonCode: 'UNWANTED' }] });
    expect(await house.cancel('R1')).toMatchObject({ statusCode: 409, json: { code: 'RETURN_TOO_FAR' } });
    expect(house.types('return.')).toEqual(['return.rejected.v1']);
  });

  it('refuses a body that it does not know', async () => {
    const house = await ApiHouse.open();
    await house.authorize();
    expect((await house.cancel('R1', 'main', '{"why":1}')).statusCode).toBe(400);
    expect((await house.cancel('R1', 'main', `{"reason":"${'x'.repeat(501)}"}`)).statusCode).toBe(400);
  });
});

describe('GET /v1/orders/{reference}', () => {
  it.each(['5001', '#1001', '1001'])('finds an order by %s', async (reference) => {
    const house = await ApiHouse.open();
    const { json, statusCode } = await house.get(ORDER, { reference }, { channel: 'shopify', account: 'main' });
    expect(statusCode).toBe(200);
    expect(answers.orderAnswer.parse(json)).toMatchObject({
      orderId: '5001',
      lines: [{ returnable: 2 }, { returnable: 1 }],
    });
  });

  it('tells when a parcel was delivered, and which of its own returns there are', async () => {
    const house = await ApiHouse.open();
    await house.order({
      type: 'record-delivery',
      of: 'OUT1',
      deliveredAt: '2026-11-24T10:00:00.000Z',
      reportedBy: 'carrier',
    });
    await house.authorize();
    await house.authorize({ returnId: 'R2' }, 'other');
    const { json } = await house.get(ORDER, { reference: '#1001' });
    expect(answers.orderAnswer.parse(json)).toMatchObject({
      shipments: [{ shipmentId: 'OUT1', deliveredAt: '2026-11-24T10:00:00.000Z' }],
      returns: ['R1'],
    });
  });

  it('holds nothing by which the buyer could be found', async () => {
    const house = await ApiHouse.open();
    const { body } = await house.get(ORDER, { reference: '#1001' });
    for (const personal of ['bob.norman', 'Norman', 'Chestnut', 'Louisville', '207119551', '402']) {
      expect(body).not.toContain(personal);
    }
  });

  it('does not find one by what a buyer does not know, nor one that the client may not see', async () => {
    const house = await ApiHouse.open();
    for (const reference of ['S0007', 'OUT1', '9999']) {
      expect(await house.get(ORDER, { reference })).toMatchObject({
        statusCode: 404,
        json: { code: 'ORDER_NOT_FOUND' },
      });
    }
    const id = { channel: 'ebay', account: 'de', orderId: 'E1' };
    await house.shippedOrder({ id, number: 'E-1' });
    expect((await house.get(ORDER, { reference: 'E-1' })).statusCode).toBe(200);
    expect((await house.get(ORDER, { reference: 'E-1' }, {}, 'other')).statusCode).toBe(404);
  });

  it('asks which one when two channels have an order of the number', async () => {
    const house = await ApiHouse.open();
    await house.shippedOrder({ id: { channel: 'ebay', account: 'de', orderId: 'E1' } });
    const answer = await house.get(ORDER, { reference: '#1001' });
    expect(answer).toMatchObject({ statusCode: 409, json: { code: 'ORDER_AMBIGUOUS' } });
    expect(answer.json.detail).toContain('shopify/main, ebay/de');
    const { json } = await house.get(ORDER, { reference: '#1001' }, { channel: 'ebay', account: 'de' });
    expect(json).toMatchObject({ channel: 'ebay' });
  });
});

describe('a refusal', () => {
  const refusals = {
    400: (house: ApiHouse) => house.ask({ body: '{' }),
    401: (house: ApiHouse) => house.send({ body: '{}' }),
    404: (house: ApiHouse) => house.get(RETURN, { returnId: 'none' }),
    413: (house: ApiHouse) => house.ask({ body: 'x'.repeat(256 * 1024 + 1) }),
    415: (house: ApiHouse) => house.ask({ body: '{}', headers: { 'content-type': 'text/plain' } }),
    422: (house: ApiHouse) => house.authorize({ orderId: '404' }),
    503: (house: ApiHouse) => {
      house.store.load = async () => {
        throw new TransientError('AWS_UNAVAILABLE', 'load: throttled', { retryAfterSeconds: 7 });
      };
      return house.authorize();
    },
  };

  it.each(Object.entries(refusals))('%s is a problem document', async (status, refused) => {
    const answer = await refused(await ApiHouse.open());
    expect(answer.statusCode).toBe(Number(status));
    expect(answer.headers?.['content-type']).toBe('application/problem+json');
    expect(answers.problemDocument.parse(answer.json)).toMatchObject({ status: Number(status) });
    expect(answer.headers?.['retry-after']).toBe(status === '503' ? '7' : undefined);
  });

  it('names every field at fault by a pointer and a path', async () => {
    const house = await ApiHouse.open();
    const { json } = await house.authorize({ returnId: '', lines: [{ lineId: 'L1', quantity: -1, reasonCode: 'X' }] });
    expect(json).toMatchObject({
      status: 400,
      code: 'REQUEST_MALFORMED',
      errors: [
        { pointer: '/returnId', field: 'returnId' },
        { pointer: '/lines/0/quantity', field: 'lines.0.quantity' },
      ],
    });
  });

  it('names twenty faults of a thousand', async () => {
    const house = await ApiHouse.open();
    const lines = Array.from({ length: 100 }, () => ({ lineId: '', quantity: 0, reasonCode: '' }));
    expect((await house.authorize({ lines })).json.errors).toHaveLength(20);
  });

  it('of a member that is named twice says so', async () => {
    const house = await ApiHouse.open();
    const twice = JSON.stringify(aRequest()).replace('"quantity":1', '"quantity":1,"quant\\u0069ty":2');
    expect(await house.ask({ body: twice })).toMatchObject({ statusCode: 400, json: { code: 'MEMBER_REPEATED' } });
  });
});
