import { idempotencyKey } from '#connectors/channels/shopify/idempotency-key.ts';
import type { Answer, Exchange } from '../tape.ts';
import type { Deception, OperationKindUnderTest, OperationUnderTest } from '../under-test.ts';
import { call, ending, errors, LINE, ORDER, TARGET, userErrors } from './shopify-graphql.ts';

const REFUND_KEY = 'channel/refund/shopify/main/5001/generic.main.R-1';

function refund(currency: string, amount: number, decimal: string): OperationUnderTest {
  const money = (text: string) => ({
    shopMoney: { amount: text, currencyCode: currency },
    presentmentMoney: { currencyCode: currency },
  });
  const paid = { kind: 'REFUND', status: 'SUCCESS', amountSet: money(decimal) };
  const ours = { id: 'gid://shopify/Refund/77', note: `Crossdock ${REFUND_KEY}`, transactions: { nodes: [paid] } };
  const sale = {
    id: 'gid://shopify/OrderTransaction/1',
    kind: 'SALE',
    status: 'SUCCESS',
    gateway: 'shopify_payments',
    amountSet: money(decimal),
    parentTransaction: null,
  };
  const asked = (...refunds: object[]): Exchange =>
    call(
      'refunds of the order',
      'query CrossdockRefunds(',
      { order: ORDER },
      {
        order: { currencyCode: currency, refunds, transactions: [sale] },
      },
    );
  const made = call(
    'refundCreate',
    'refundCreate(input: $input) @idempotent(key: $key)',
    {
      key: idempotencyKey({ key: REFUND_KEY }),
      input: {
        orderId: ORDER,
        currency,
        note: `Crossdock ${REFUND_KEY}`,
        notify: false,
        refundLineItems: [{ lineItemId: LINE, quantity: 1, restockType: 'NO_RESTOCK' }],
        transactions: [
          { orderId: ORDER, parentId: sale.id, gateway: 'shopify_payments', kind: 'REFUND', amount: decimal },
        ],
      },
    },
    { refundCreate: { refund: ours, userErrors: [] } },
  );
  return {
    operation: {
      key: REFUND_KEY,
      kind: 'channel/refund',
      target: TARGET,
      subject: 'REFUND#shopify#main#5001#generic.main.R-1',
      content: {
        orderId: '5001',
        refundId: 'generic.main.R-1',
        currency,
        amount,
        lines: [{ lineId: '50011', quantity: 1 }],
      },
    },
    absent: [asked()],
    applied: [asked(), { ...made, effect: true }],
    found: [asked(ours)],
    standing: [asked(ours)],
    outcome: { ref: '77', facts: { amount } },
  };
}

const REFUND = refund('USD', 5000, '50.00');

function refundDeceptions(): Deception[] {
  const { applied, absent } = REFUND;
  const payload = (refundCreate: object | null): Answer => ({ body: { data: { refundCreate } } });
  const record = (status: string, changes: object = {}) => ({
    id: 'gid://shopify/Refund/77',
    note: `Crossdock ${REFUND_KEY}`,
    transactions: {
      nodes: [{ kind: 'REFUND', status, amountSet: { shopMoney: { amount: '50.00', currencyCode: 'USD' } } }],
    },
    ...changes,
  });
  const after = (name: string, answer: Answer, outcome: Deception['outcome'], code?: string): Deception => ({
    name,
    exchanges: ending(applied, answer),
    outcome,
    ...(code !== undefined && { code }),
  });
  const stood = (status: string): Exchange[] =>
    ending(absent, {
      body: { data: { order: { currencyCode: 'USD', refunds: [record(status)], transactions: [] } } },
    });
  return [
    after(
      '200 with user errors',
      payload({ refund: null, userErrors: userErrors('Refund amount is too high') }),
      'rejected',
      'REFUND_REFUSED_BY_SHOPIFY',
    ),
    after(
      '200 with a refund and user errors',
      payload({ refund: record('SUCCESS'), userErrors: userErrors('?') }),
      'unknown',
    ),
    after('200 with neither', payload({ refund: null, userErrors: [] }), 'unknown'),
    after('200 without a payload', payload(null), 'unknown'),
    after('a refund without an id', payload({ refund: record('SUCCESS', { id: null }), userErrors: [] }), 'unknown'),
    after(
      'a refund record without money',
      payload({ refund: record('SUCCESS', { transactions: { nodes: [] } }), userErrors: [] }),
      'unknown',
    ),
    after(
      'the gateway refuses the payment',
      payload({ refund: record('FAILURE'), userErrors: [] }),
      'rejected',
      'REFUND_FAILED_AT_GATEWAY',
    ),
    after('the gateway has not said yet', payload({ refund: record('AWAITING_RESPONSE'), userErrors: [] }), 'unknown'),
    after(
      'the payment is in a state that nobody knows',
      payload({ refund: record('KIT_UNKNOWN_WORD'), userErrors: [] }),
      'unknown',
    ),
    after('200 with an internal error', errors('INTERNAL_SERVER_ERROR'), 'unknown'),
    after('200 with an error beside data', errors('TIMEOUT', { refundCreate: { refund: null } }), 'unknown'),
    after('200 that throttles', errors('THROTTLED'), 'throttled'),
    after('a twin of the request is under way', errors('IDEMPOTENCY_CONCURRENT_REQUEST'), 'unknown'),
    after('the key was used for something else', errors('IDEMPOTENCY_KEY_PARAMETER_MISMATCH'), 'rejected'),
    after('the shop is closed', { status: 402 }, 'unavailable'),
    { name: 'one of ours stands whose payment is open', exchanges: stood('UNKNOWN'), outcome: 'unknown' },
    {
      name: 'one of ours stands in a state that nobody knows',
      exchanges: stood('KIT_UNKNOWN_WORD'),
      outcome: 'unknown',
    },
  ];
}

export const refundUnderTest = (): OperationKindUnderTest => ({
  ...REFUND,
  deceptions: refundDeceptions(),
  currencies: { JPY: refund('JPY', 1234, '1234'), KWD: refund('KWD', 12_345, '12.345') },
});

/** Looks for the refund under the key of the operation that pays it, and makes none. */
function confirmation({ operation, absent, found, outcome }: OperationUnderTest): OperationUnderTest {
  const key = REFUND_KEY.replace('channel/refund/', 'channel/refund-confirmation/');
  const looking = { ...operation, key, kind: 'channel/refund-confirmation' as const };
  return { operation: looking, absent, applied: found, found, standing: found, outcome };
}

export function confirmationUnderTest(): OperationKindUnderTest {
  const looking = confirmation(REFUND);
  const refunds = (status: string) => ({
    id: 'gid://shopify/Refund/77',
    note: `Crossdock ${REFUND_KEY}`,
    transactions: {
      nodes: [{ kind: 'REFUND', status, amountSet: { shopMoney: { amount: '50.00', currencyCode: 'USD' } } }],
    },
  });
  const standing = (name: string, status: string, outcome: Deception['outcome'], code?: string): Deception => ({
    name,
    exchanges: ending(looking.absent, {
      body: { data: { order: { currencyCode: 'USD', refunds: [refunds(status)], transactions: [] } } },
    }),
    outcome,
    ...(code !== undefined && { code }),
  });
  return {
    ...looking,
    looks: true,
    deceptions: [
      { name: 'the shop shows none of ours', exchanges: looking.absent, outcome: 'rejected', code: 'REFUND_NOT_FOUND' },
      standing('the gateway refused the payment', 'FAILURE', 'rejected', 'REFUND_NOT_FOUND'),
      standing('the gateway has not said yet', 'AWAITING_RESPONSE', 'unavailable'),
      standing('the payment is in a state that nobody knows', 'KIT_UNKNOWN_WORD', 'unavailable'),
    ],
    currencies: {
      JPY: confirmation(refund('JPY', 1234, '1234')),
      KWD: confirmation(refund('KWD', 12_345, '12.345')),
    },
  };
}
