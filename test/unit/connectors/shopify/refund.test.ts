import { describe, expect, it } from 'vitest';
import { idempotencyKey } from '#connectors/channels/shopify/idempotency-key.ts';
import { type Answer, context, operation, shop, userError } from './scripted-shop.ts';

const KEY = 'channel/refund/shopify/main/5001/generic.main.R-1';
const refund = operation('channel/refund', KEY, {
  orderId: '5001',
  refundId: 'generic.main.R-1',
  currency: 'USD',
  amount: 5000,
  lines: [{ lineId: '50011', quantity: 1 }],
});

const usd = (amount: string) => ({
  shopMoney: { amount, currencyCode: 'USD' },
  presentmentMoney: { currencyCode: 'USD' },
});
const sale = (id: string, amount: string) => ({
  id: `gid://shopify/OrderTransaction/${id}`,
  kind: 'SALE',
  status: 'SUCCESS',
  gateway: 'shopify_payments',
  amountSet: usd(amount),
  parentTransaction: null,
});
const paidBack = (amount: string, status = 'SUCCESS') => ({ kind: 'REFUND', status, amountSet: usd(amount) });
const refundOf = (note: string | null, ...nodes: object[]) => ({
  id: 'gid://shopify/Refund/77',
  note,
  transactions: { nodes },
});

const order = (...refunds: object[]): Answer => ({
  body: { data: { order: { currencyCode: 'USD', refunds, transactions: [sale('1', '30.00'), sale('2', '40.00')] } } },
});
const created = (payload: object | null): Answer => ({ body: { data: { refundCreate: payload } } });
const ours = (...nodes: object[]) => refundOf(`Crossdock ${KEY}`, ...nodes);

describe('channel/refund at Shopify', () => {
  it('pays through the payments of the order, under the operation’s key', async () => {
    const { executor, requests } = await shop(
      order(refundOf('it broke', paidBack('5.00'))),
      created({ refund: ours(paidBack('30.00'), paidBack('20.00')), userErrors: [] }),
    );
    expect(await executor.execute(refund, context())).toEqual({ kind: 'applied', ref: '77', facts: { amount: 5000 } });
    const [asked, made] = requests;
    expect(asked).toMatchObject({ url: '/admin/api/2026-07/graphql.json', token: 'shpat_test' });
    expect(made?.query).toContain('refundCreate(input: $input) @idempotent(key: $key)');
    const transaction = { orderId: 'gid://shopify/Order/5001', kind: 'REFUND', gateway: 'shopify_payments' };
    expect(made?.variables).toEqual({
      key: idempotencyKey({ key: KEY }),
      input: {
        orderId: 'gid://shopify/Order/5001',
        currency: 'USD',
        note: `Crossdock ${KEY}`,
        notify: false,
        refundLineItems: [{ lineItemId: 'gid://shopify/LineItem/50011', quantity: 1, restockType: 'NO_RESTOCK' }],
        transactions: [
          { ...transaction, parentId: 'gid://shopify/OrderTransaction/1', amount: '30.00' },
          { ...transaction, parentId: 'gid://shopify/OrderTransaction/2', amount: '20.00' },
        ],
      },
    });
  });

  it('makes none when one stands under its key', async () => {
    const { executor, requests } = await shop(order(ours(paidBack('50.00'))));
    expect(await executor.execute(refund, context())).toEqual({ kind: 'applied', ref: '77', facts: { amount: 5000 } });
    expect(requests).toHaveLength(1);
  });

  it('takes no refund for its own whose key only begins alike', async () => {
    const { executor, requests } = await shop(
      order(refundOf(`Crossdock ${KEY}0`, paidBack('50.00'))),
      created({ refund: ours(paidBack('50.00')), userErrors: [] }),
    );
    expect((await executor.execute(refund, context())).kind).toBe('applied');
    expect(requests).toHaveLength(2);
  });

  it('tells what was really paid when one of several payments fails', async () => {
    const made = created({ refund: ours(paidBack('30.00'), paidBack('20.00', 'FAILURE')), userErrors: [] });
    const { executor } = await shop(order(), made);
    expect(await executor.execute(refund, context())).toEqual({ kind: 'applied', ref: '77', facts: { amount: 3000 } });
  });

  it('counts money on its way as paid', async () => {
    const { executor } = await shop(order(), created({ refund: ours(paidBack('50.00', 'PENDING')), userErrors: [] }));
    expect(await executor.execute(refund, context())).toMatchObject({ kind: 'applied', facts: { amount: 5000 } });
  });

  it.each([
    [
      'the gateway refuses',
      created({ refund: ours(paidBack('50.00', 'FAILURE')), userErrors: [] }),
      'REFUND_FAILED_AT_GATEWAY',
    ],
    [
      'Shopify refuses',
      created({ refund: null, userErrors: [userError('Refund amount is too high')] }),
      'REFUND_REFUSED_BY_SHOPIFY',
    ],
    [
      'the key was used for something else',
      created({
        refund: null,
        userErrors: [userError('The same idempotency key cannot be used with different operation parameters.')],
      }),
      'IDEMPOTENCY_KEY_REUSED',
    ],
    [
      'the key was used for something else, told as an error',
      { body: { errors: [{ message: 'mismatch', extensions: { code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' } }] } },
      'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
    ],
  ])('is rejected when %s', async (_what, answer, code) => {
    const { executor } = await shop(order(), answer);
    expect(await executor.execute(refund, context())).toMatchObject({ kind: 'rejected', reason: { code } });
  });

  it('is rejected in Shopify’s own words', async () => {
    const { executor } = await shop(order(), created({ refund: null, userErrors: [userError('Too much')] }));
    expect(await executor.execute(refund, context())).toMatchObject({
      reason: { message: 'Too much (input.transactions)' },
    });
  });

  it.each([
    ['the answer is lost', { drop: true as const }],
    ['the answer is a 502', { status: 502 }],
    ['the answer is empty', { body: {} }],
    ['there is neither a refund nor an error', created({ refund: null, userErrors: [] })],
    ['there is no payload', created(null)],
    ['there are both a refund and errors', created({ refund: ours(paidBack('50.00')), userErrors: [userError('?')] })],
    ['the refund has no id', created({ refund: { ...ours(paidBack('50.00')), id: null }, userErrors: [] })],
    ['the refund names no payment', created({ refund: ours(), userErrors: [] })],
    ['the gateway has not said', created({ refund: ours(paidBack('50.00', 'AWAITING_RESPONSE')), userErrors: [] })],
    [
      'a twin of the request is under way',
      created({ refund: null, userErrors: [userError('This request is currently in progress, please try again.')] }),
    ],
    ['the answer has another form', created({ refund: { id: 7 }, userErrors: [] })],
  ])('is open when %s', async (_what, answer) => {
    const { executor } = await shop(order(), answer);
    expect((await executor.execute(refund, context())).kind).toBe('unknown');
  });

  it('is not tried while the fate of an earlier one is open', async () => {
    const { executor, requests } = await shop(order(ours(paidBack('50.00', 'UNKNOWN'))));
    expect((await executor.execute(refund, context())).kind).toBe('unknown');
    expect(requests).toHaveLength(1);
  });

  it('is not tried again while the second try is open, though the first has failed', async () => {
    const tries = order(ours(paidBack('50.00', 'FAILURE')), ours(paidBack('50.00', 'AWAITING_RESPONSE')));
    const made = created({ refund: ours(paidBack('50.00')), userErrors: [] });
    const { executor, requests } = await shop(tries, made);
    expect((await executor.execute({ ...refund, generation: 1 }, context())).kind).toBe('unknown');
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['the question is lost', [{ drop: true as const }], 'unavailable'],
    ['the question is answered 503', [{ status: 503 }], 'unavailable'],
    ['the question is throttled', [{ status: 429 }], 'throttled'],
    [
      'the refund is throttled',
      [order(), { body: { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }] } }],
      'throttled',
    ],
    ['the shop is frozen', [order(), { status: 402 }], 'unavailable'],
  ])('did nothing when %s', async (_what, script, kind) => {
    const { executor } = await shop(...script);
    expect((await executor.execute(refund, context())).kind).toBe(kind);
  });

  it('is rejected when the shop knows no such order, or the payments do not hold the amount', async () => {
    const unknown = await shop({ body: { data: { order: null } } });
    expect(await unknown.executor.execute(refund, context())).toMatchObject({ reason: { code: 'ORDER_UNKNOWN' } });
    const { executor, requests } = await shop(order());
    const tooMuch = { ...refund, content: { ...refund.content, amount: 7001 } };
    expect(await executor.execute(tooMuch, context())).toMatchObject({ reason: { code: 'REFUND_ABOVE_PAYMENTS' } });
    expect(requests).toHaveLength(1);
  });

  it('throws when the account is set up wrongly', async () => {
    const { executor } = await shop({ status: 401 });
    await expect(executor.execute(refund, context())).rejects.toThrow(/access token/);
  });

  it('sends nothing once its time is up', async () => {
    const { executor, requests } = await shop(order());
    const answer = await executor.execute(refund, { ...context(), signal: AbortSignal.abort() });
    expect(answer.kind).toBe('unavailable');
    expect(requests).toHaveLength(0);
  });

  it.each([
    ['found when it stands', order(ours(paidBack('50.00'))), { kind: 'found', ref: '77', facts: { amount: 5000 } }],
    [
      'found among others',
      order(refundOf(null), ours(paidBack('1.00', 'FAILURE')), ours(paidBack('50.00'))),
      { kind: 'found', facts: { amount: 5000 } },
    ],
    [
      'absent when only others stand',
      order(refundOf('by hand', paidBack('50.00')), refundOf(null)),
      { kind: 'absent' },
    ],
    ['absent when it failed at the gateway', order(ours(paidBack('50.00', 'ERROR'))), { kind: 'absent' }],
    ['absent with its order', { body: { data: { order: null } } }, { kind: 'absent' }],
    [
      'not told while the second try is open, though the first has failed',
      order(ours(paidBack('50.00', 'FAILURE')), ours(paidBack('50.00', 'AWAITING_RESPONSE'))),
      { kind: 'unavailable' },
    ],
    [
      'found when one of two tries is paid, though the other is open',
      order(ours(paidBack('50.00', 'UNKNOWN')), ours(paidBack('50.00'))),
      { kind: 'found' },
    ],
    ['not told while the gateway has not said', order(ours(paidBack('50.00', 'UNKNOWN'))), { kind: 'unavailable' }],
    ['not told when the answer is lost', { drop: true as const }, { kind: 'unavailable' }],
    ['not told when we ask too often', { status: 429 }, { kind: 'throttled' }],
  ])('is %s', async (_what, answer, expected) => {
    const { executor } = await shop(answer);
    expect(await executor.probe(refund, context())).toMatchObject(expected);
  });
});
