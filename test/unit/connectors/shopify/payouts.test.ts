import { describe, expect, it } from 'vitest';
import { ShopifyClient } from '#connectors/channels/shopify/client.ts';
import { ShopifyPayouts } from '#connectors/channels/shopify/payouts.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { requestedCost } from '../../../simulation/partners/shopify/cost.ts';
import { type Answer, shop } from './scripted-shop.ts';

const money = (amount: string) => ({ amount, currencyCode: 'USD' });
const row = (id: string, payout = '88') => ({
  ...{ id: `gid://shopify/ShopifyPaymentsBalanceTransaction/${id}`, type: 'CHARGE', test: false },
  ...{ amount: money('20.00'), fee: money('0.30'), net: money('19.70'), transactionDate: '2026-11-19T10:00:00Z' },
  ...{ associatedOrder: { id: 'gid://shopify/Order/5001' } },
  associatedPayout: { id: `gid://shopify/ShopifyPaymentsPayout/${payout}` },
});
const payout = { legacyResourceId: '88', issuedAt: '2026-11-20T05:00:00Z', net: money('39.40') };

const page = (nodes: unknown[], endCursor: string | null = null, hasNextPage = endCursor !== null): Answer => {
  const balanceTransactions = { nodes, pageInfo: { hasNextPage, endCursor } };
  return { body: { data: { payout, shopifyPaymentsAccount: { balanceTransactions } } } };
};
const listed = (...statuses: string[]): Answer => {
  const nodes = statuses.map((status, at) => ({
    legacyResourceId: String(at + 1),
    issuedAt: '2026-11-20T07:00:00+02:00',
    status,
  }));
  const payouts = { nodes, pageInfo: { hasNextPage: false, endCursor: null } };
  return { body: { data: { shopifyPaymentsAccount: { payouts } } } };
};
const throttled: Answer = {
  body: {
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
    extensions: {
      cost: { requestedQueryCost: 2, throttleStatus: { currentlyAvailable: 1, restoreRate: 1_000 } },
    },
  },
};

async function payoutsAt(...script: Answer[]) {
  const { settings, requests } = await shop(...script);
  const client = new ShopifyClient({ settings, accessToken: async () => 'shpat_test', callTimeoutSeconds: 5 });
  return { payouts: new ShopifyPayouts(client, new MemoryClock()), requests };
}

const signal = new AbortController().signal;

describe('payouts of Shopify', () => {
  it('are read on from the page that had to wait, and cost less than one query may', async () => {
    const { payouts, requests } = await payoutsAt(page([row('1')], 'c1'), throttled, page([row('2')]));
    const file = JSON.parse(Buffer.from(await payouts.fetch('88', signal)).toString());
    expect(file.payouts).toEqual([{ id: '88', date: '2026-11-20T05:00:00.000Z', currency: 'USD', amount: '39.40' }]);
    expect(file.transactions.map(({ id }: { id: string }) => id)).toEqual(['1', '2']);
    expect(requests.map(({ variables }) => variables.after)).toEqual([null, 'c1', 'c1']);
    expect(requests[0]?.variables).toMatchObject({
      id: 'gid://shopify/ShopifyPaymentsPayout/88',
      query: 'payments_transfer_id:88',
    });
    for (const { query } of requests) expect(requestedCost(query)).toBeLessThan(1_000);
  });

  it.each([
    ['another payout', row('1', '89')],
    ['no payout', { ...row('1'), associatedPayout: { id: null } }],
  ])('are not taken with a transaction of %s: then the filter was not heard', async (_of, other) => {
    const { payouts } = await payoutsAt(page([row('2'), other]));
    await expect(payouts.fetch('88', signal)).rejects.toMatchObject({
      kind: 'poison',
      code: 'SETTLEMENT_NOT_FILTERED',
    });
  });

  it.each([
    ['nowhere', page([row('1')], null, true)],
    ['where it is', page([row('1')], 'c1')],
  ])('never go round in circles when the next page begins %s', async (_where, answer) => {
    const { payouts, requests } = await payoutsAt(page([row('1')], 'c1'), answer);
    await expect(payouts.fetch('88', signal)).rejects.toThrow('another page');
    expect(requests).toHaveLength(2);
  });

  it('say in the shop’s own words what is not known of them', async () => {
    const { payouts, requests } = await payoutsAt(listed('PAID', 'WITHHELD', 'constructor'));
    const found = [];
    for await (const one of payouts.list('2026-11-01T00:00:00.000Z', signal)) found.push(one);
    expect(found).toEqual([
      { settlementId: '1', issuedAt: '2026-11-20T05:00:00.000Z', standing: 'closed' },
      { settlementId: '2', issuedAt: '2026-11-20T05:00:00.000Z', standing: { unknown: 'WITHHELD' } },
      { settlementId: '3', issuedAt: '2026-11-20T05:00:00.000Z', standing: { unknown: 'constructor' } },
    ]);
    expect(requests[0]?.variables.query).toBe("issued_at:>='2026-11-01T00:00:00.000Z'");
    expect(requestedCost(requests[0]?.query ?? '')).toBeLessThan(1_000);
  });

  it('of which the app may not read are a matter for a person', async () => {
    const body = { data: null, errors: [{ message: 'Access denied', extensions: { code: 'ACCESS_DENIED' } }] };
    const { payouts } = await payoutsAt({ body });
    await expect(payouts.fetch('88', signal)).rejects.toMatchObject({ code: 'SHOPIFY_ACCESS_DENIED' });
  });
});
