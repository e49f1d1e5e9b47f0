import { describe, expect, it } from 'vitest';
import { authorizationRequestSchema } from '#application/returns/authorization-request.ts';
import { TYPES, translator } from '#connectors/generic/translate.ts';
import { verifier } from '#connectors/generic/verify.ts';
import { CONDITIONS } from '#core/returns/return.ts';
import { drawGoods, drawRequest, type Goods } from '../../simulation/partners/draw-return.ts';
import { SimReturnsPlatform } from '../../simulation/partners/returns-platform.ts';
import type { SimWebhook } from '../../simulation/partners/webhook.ts';
import { BEGIN, seeded } from './support.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ASKED = {
  channel: 'shopify',
  account: 'main',
  orderId: '5001',
  lines: [{ lineId: '50011', quantity: 2, reasonCode: 'UNWANTED' }],
};
const MINUTE = 60_000;

const verify = ({ headers, body }: SimWebhook, now: number, secret = SECRET) =>
  verifier.verify({ headers, body: Buffer.from(body) }, [secret], Math.floor(now / 1000));

/** What the real translator makes of a message. */
function progressIn({ headers, body }: SimWebhook) {
  const message = { connector: 'generic', account: 'main', headers, body: Buffer.from(body), receivedAt: '' };
  const translation = translator.translate(message, '');
  const [command] = translation.kind === 'commands' ? translation.commands : [];
  if (command?.kind !== 'return-progress') throw new Error('the message tells of no return');
  return command;
}

function platformWithReturn() {
  const platform = new SimReturnsPlatform({ secret: SECRET });
  const { returnId, request } = platform.ask(ASKED, BEGIN);
  return { platform, returnId, request };
}

describe('the simulated returns platform', () => {
  it('asks for authorizations that are authentic and of the agreed form, also again and late', () => {
    const { platform, returnId, request } = platformWithReturn();
    expect(request.path).toBe('/v1/returns/authorizations');
    expect(verify(request, BEGIN)).toMatchObject({ authentic: true });
    expect(verify(request, BEGIN, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx')).toMatchObject({ authentic: false });
    expect(authorizationRequestSchema.parse(JSON.parse(request.body))).toEqual({
      ...ASKED,
      returnId,
      requestedAt: '2026-11-20T10:00:00.000Z',
    });
    const again = platform.askAgain(returnId, BEGIN + 10 * MINUTE);
    expect(again.body).toBe(request.body);
    expect(again.headers['webhook-id']).not.toBe(request.headers['webhook-id']);
    expect(verify(again, BEGIN + 10 * MINUTE)).toMatchObject({ authentic: true });
    const late = platform.ask({ ...ASKED, requestedAt: BEGIN - 60 * MINUTE }, BEGIN);
    expect(late.returnId).not.toBe(returnId);
    expect(JSON.parse(late.request.body)).toMatchObject({ requestedAt: '2026-11-20T09:00:00.000Z' });
  });

  it('keeps the answer it was given', () => {
    const { platform, returnId } = platformWithReturn();
    expect(platform.returns()).toMatchObject([{ request: { returnId } }]);
    platform.answered(returnId, 503, '');
    platform.answered(returnId, 200, '{"decision":"approved","rma":"RMA-1"}');
    expect(platform.returns()).toMatchObject([
      { answer: { status: 200, body: { decision: 'approved', rma: 'RMA-1' } } },
    ]);
    expect(() => platform.answered('R9', 200, '')).toThrow('no return R9');
  });

  it('tells of a return in messages that are authentic and understood', () => {
    const { platform, returnId } = platformWithReturn();
    const units = [{ lineId: '50011', quantity: 1 }];
    const replacement = { lineId: 'X1', sku: 'MUG-BLUE', quantity: 1 };
    const found = [{ ...units[0], condition: 'opened', disposition: 'quarantine' }] as Goods['inspected'];
    const messages = [
      platform.inTransit(returnId, BEGIN, '1Z1'),
      platform.received(returnId, BEGIN + MINUTE, units, units),
      platform.inspected(returnId, BEGIN + 2 * MINUTE, found),
      platform.cancelled(returnId, BEGIN + 3 * MINUTE),
      platform.carrier('delivered', returnId, BEGIN + 4 * MINUTE),
      platform.carrier('lost', returnId, BEGIN + 5 * MINUTE),
      platform.keepItem(returnId, BEGIN + 6 * MINUTE),
      platform.exchangeRequested(returnId, BEGIN + 7 * MINUTE, 'USD', [{ ...replacement, net: '9.00' }]),
      platform.storeCreditRequested(returnId, BEGIN + 8 * MINUTE),
      platform.storeCreditIssued(returnId, BEGIN + 9 * MINUTE, { creditId: 'SC1', currency: 'USD', amount: '9.00' }),
    ];
    expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(10);
    for (const [index, message] of messages.entries()) {
      expect(message.path).toBe('/webhooks/generic/main');
      expect(verify(message, BEGIN + index * MINUTE)).toMatchObject({ authentic: true });
      expect(progressIn(message).returnId).toEqual({ platform: 'generic', account: 'main', returnId });
    }
    expect(messages.map((message) => progressIn(message).progress)).toMatchObject([
      { type: 'in-transit', occurredAt: '2026-11-20T10:00:00.000Z', trackingNumber: '1Z1' },
      // Two parcels of one minute in one message.
      { type: 'received', receiptId: 'RC1', lines: [...units, ...units] },
      { type: 'inspected', inspectionId: 'IN2', lines: found },
      { type: 'cancelled', occurredAt: '2026-11-20T10:03:00.000Z' },
      { type: 'delivered' },
      { type: 'lost' },
      { type: 'kept' },
      { type: 'resolution-chosen', resolution: 'exchange', replacement: { lines: [{ ...replacement, net: 900 }] } },
      { type: 'resolution-chosen', resolution: 'store-credit' },
      { type: 'credit-issued', creditId: 'SC1', amount: 900 },
    ]);
    const types = messages.map(({ body }) => JSON.parse(body).type);
    expect(types.sort()).toEqual(TYPES.filter((type) => type.startsWith('return.')).sort());
  });

  it('signs each try at its own time, with the id and the body of the first', () => {
    const { platform, returnId } = platformWithReturn();
    const first = platform.inTransit(returnId, BEGIN);
    const later = BEGIN + 12 * 60 * MINUTE;
    expect(verify(first, later)).toMatchObject({ authentic: false, code: 'TIMESTAMP_TOO_OLD' });
    const again = platform.again(first, later);
    expect(verify(again, later)).toEqual(verify(first, BEGIN));
    expect(again.body).toBe(first.body);
  });

  it('draws returns and parcels of every kind that can be told of', () => {
    const seen = new Set<string>();
    const random = seeded(3);
    for (let turn = 0; turn < 300; turn++) {
      const platform = new SimReturnsPlatform({ secret: SECRET });
      const bought = [1, 2, 3].map((quantity) => ({ lineId: `L${quantity}`, quantity }));
      const lines = drawRequest(random, bought);
      const { returnId, request } = platform.ask({ ...ASKED, lines }, BEGIN);
      const asked = authorizationRequestSchema.parse(JSON.parse(request.body));
      for (const { lineId, quantity } of asked.lines) {
        expect(quantity).toBeLessThanOrEqual(bought.find((line) => line.lineId === lineId)?.quantity ?? 0);
      }
      const goods = drawGoods(
        random,
        lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
      );
      seen.add(goods.story);
      for (const { condition } of goods.inspected) seen.add(condition);
      expect(progressIn(platform.received(returnId, BEGIN, goods.received)).progress).toMatchObject({
        lines: goods.received,
      });
      expect(progressIn(platform.inspected(returnId, BEGIN, goods.inspected)).progress).toMatchObject({
        lines: goods.inspected,
      });
    }
    expect(seen).toEqual(new Set(['full', 'partial', 'over', 'wrong-item', 'empty', ...CONDITIONS]));
  });
});
