import type { Answer, Exchange } from '../tape.ts';
import type { Deception, OperationKindUnderTest } from '../under-test.ts';
import { call, ending, errors, LINE, ORDER, TARGET, userErrors } from './shopify-graphql.ts';

const FULFILLMENT_KEY = 'channel/fulfillment/shopify/main/5001/OUT1';

export function fulfillmentUnderTest(): OperationKindUnderTest {
  const ours = {
    id: 'gid://shopify/Fulfillment/900',
    status: 'SUCCESS',
    trackingInfo: [{ number: '1Z999' }],
    fulfillmentLineItems: { nodes: [{ quantity: 2, lineItem: { id: LINE } }] },
  };
  const asked = (...fulfillments: object[]): Exchange =>
    call('fulfilments of the order', 'query CrossdockFulfillments(', { order: ORDER }, { order: { fulfillments } });
  const open = (status: string): Exchange =>
    call(
      'what is open of the order',
      'query CrossdockFulfillmentOrders(',
      { order: ORDER },
      {
        order: {
          fulfillmentOrders: {
            nodes: [
              {
                id: 'gid://shopify/FulfillmentOrder/7',
                status,
                lineItems: {
                  nodes: [
                    { id: 'gid://shopify/FulfillmentOrderLineItem/71', remainingQuantity: 2, lineItem: { id: LINE } },
                  ],
                },
              },
            ],
          },
        },
      },
    );
  const made = call(
    'fulfillmentCreate',
    'fulfillmentCreate(fulfillment: $fulfillment)',
    {
      fulfillment: {
        lineItemsByFulfillmentOrder: [
          {
            fulfillmentOrderId: 'gid://shopify/FulfillmentOrder/7',
            fulfillmentOrderLineItems: [{ id: 'gid://shopify/FulfillmentOrderLineItem/71', quantity: 2 }],
          },
        ],
        trackingInfo: { number: '1Z999', company: 'UPS' },
        notifyCustomer: false,
      },
    },
    { fulfillmentCreate: { fulfillment: { id: ours.id, status: 'SUCCESS' }, userErrors: [] } },
  );
  const applied = [asked(), open('OPEN'), { ...made, effect: true }];
  const payload = (fulfillmentCreate: object | null): Answer => ({ body: { data: { fulfillmentCreate } } });
  const after = (name: string, answer: Answer, outcome: Deception['outcome'], code?: string): Deception => ({
    name,
    exchanges: ending(applied, answer),
    outcome,
    ...(code !== undefined && { code }),
  });
  return {
    operation: {
      key: FULFILLMENT_KEY,
      kind: 'channel/fulfillment',
      target: TARGET,
      subject: 'ORDER#shopify#main#5001',
      content: {
        orderId: '5001',
        shipmentId: 'OUT1',
        lines: [{ lineId: '50011', quantity: 2 }],
        carrier: 'UPS',
        trackingNumber: '1Z999',
      },
    },
    absent: [asked({ ...ours, id: 'gid://shopify/Fulfillment/1', status: 'CANCELLED' })],
    applied,
    found: [asked(ours)],
    standing: [asked(ours)],
    outcome: { ref: '900' },
    deceptions: [
      after(
        '200 with user errors',
        payload({ fulfillment: null, userErrors: userErrors('Quantity is too high') }),
        'rejected',
        'FULFILLMENT_REFUSED_BY_SHOPIFY',
      ),
      after(
        '200 with a fulfilment and user errors',
        payload({ fulfillment: { id: ours.id, status: 'SUCCESS' }, userErrors: userErrors('?') }),
        'unknown',
      ),
      after('200 with neither', payload({ fulfillment: null, userErrors: [] }), 'unknown'),
      after('200 without a payload', payload(null), 'unknown'),
      after(
        'it was made and has failed',
        payload({ fulfillment: { id: ours.id, status: 'FAILURE' }, userErrors: [] }),
        'rejected',
        'FULFILLMENT_FAILED',
      ),
      after(
        'it was made in a state that nobody knows',
        payload({ fulfillment: { id: ours.id, status: 'KIT_UNKNOWN_WORD' }, userErrors: [] }),
        'unknown',
      ),
      after('200 with an internal error', errors('INTERNAL_SERVER_ERROR'), 'unknown'),
      after('200 that throttles', errors('THROTTLED'), 'throttled'),
      {
        name: 'one of ours stands in a state that nobody knows',
        exchanges: [asked({ ...ours, status: 'KIT_UNKNOWN_WORD' })],
        outcome: 'unknown',
      },
      {
        name: 'what is open is in a state that nobody knows',
        exchanges: [asked(), open('KIT_UNKNOWN_WORD')],
        outcome: 'rejected',
        code: 'NOTHING_LEFT_TO_FULFILL',
      },
    ],
    currencies: { leftOut: 'a fulfilment is about units and holds no amounts' },
  };
}
