import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bearsKey,
  describedAs,
  keyPattern,
  orderKeyOf,
  webIdOfOrder,
  webIdOfReturn,
} from '#connectors/erps/tryton/external-key.ts';
import { orderKey } from '#core/orders/order.ts';
import { returnKey } from '#core/returns/return.ts';

const segment = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('#'));

describe("the ERP's key of our documents", () => {
  it('reads well for the usual identities', () => {
    expect(webIdOfOrder('ORDER#shopify#main#5001')).toBe('shopify-main-5001');
    expect(webIdOfReturn('RETURN#aftership#main#R77')).toBe('return-aftership-main-R77');
    expect(webIdOfOrder('ORDER#shopify#eu-west#A_1/2')).toBe('shopify-eu_2dwest-A_5f1_2f2');
  });

  it('leads back to the order it was made from, whatever its ids are', () => {
    const id = fc.record({ channel: segment, account: segment, orderId: fc.string({ minLength: 1, maxLength: 20 }) });
    fc.assert(
      fc.property(id, (order) => {
        const webId = webIdOfOrder(orderKey(order));
        expect(webId).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(orderKeyOf(webId)).toBe(orderKey(order));
      }),
    );
  });

  it('never gives two identities one key', () => {
    expect(webIdOfOrder('ORDER#shopify#main-5#1')).not.toBe(webIdOfOrder('ORDER#shopify#main#5-1'));
    expect(webIdOfOrder('ORDER#return#a#b')).not.toBe(
      webIdOfReturn(returnKey({ platform: 'a', account: 'b', returnId: 'c' })),
    );
  });

  it.each(['', 'return-aftership-main-R77', 'abc', 'a-b-', 'a--b', 'a-b-c_zz', 'a-b-c d'])(
    'leaves %j alone',
    (webId) => {
      expect(orderKeyOf(webId)).toBeUndefined();
    },
  );
});

describe('the key in a description', () => {
  const key = 'erp/journal/amazon/main/S_1%/2026-10';

  it('is found by its pattern, and told from what the pattern finds besides', () => {
    expect(keyPattern(key)).toBe('erp/journal/amazon/main/S_1_/2026-10%');
    expect(keyPattern('a\\b')).toBe('a_b%');
    expect(bearsKey(describedAs(key, 'Settlement S_1%'), key)).toBe(true);
    expect(bearsKey(key, key)).toBe(true);
    for (const other of [`${key}0: x`, `${key}/2: x`, key.replace('_', 'x'), `x${key}: x`, '', null]) {
      expect(bearsKey(other, key), String(other)).toBe(false);
    }
  });
});
