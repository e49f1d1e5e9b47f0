import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod/mini';
import type { Clock } from '#application/ports/runtime.ts';
import type { ListedSettlement, SettlementSource } from '#application/ports/settlement-files.ts';
import { PoisonError, TransientError } from '#core/kernel/errors.ts';
import { utc } from '../../wire.ts';
import type { Call, ShopifyClient } from './client.ts';
import { bareId, gid } from './graphql.ts';
import { type ListedPayout, PAYOUT, PAYOUTS, type WirePayout, type WireTransaction } from './payout-wire.ts';
import { ShopifyConfigurationError } from './reply.ts';

/**
 * Payouts of Shopify Payments as settlements, by the Admin GraphQL API (scope `read_shopify_payments_payouts`). Shopify sends
 * no webhook about a payout, so that it is asked.
 */
export class ShopifyPayouts implements SettlementSource {
  readonly format = 'shopify-payouts';
  readonly #client: ShopifyClient;
  readonly #clock: Clock;

  constructor(client: ShopifyClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async *list(since: string, signal: AbortSignal): AsyncIterable<ListedSettlement> {
    const pages = this.#pages(
      PAYOUTS,
      { query: `issued_at:>='${since}'` },
      signal,
      ({ shopifyPaymentsAccount }) => usable(shopifyPaymentsAccount).payouts,
    );
    for await (const { nodes } of pages) yield* nodes.map(asListed);
  }

  /** The payout and its transactions in the form of the API's older answers, which is the one that files have. */
  async fetch(payoutId: string, signal: AbortSignal): Promise<Uint8Array> {
    const id = gid('ShopifyPaymentsPayout', payoutId);
    const variables = { id, query: `payments_transfer_id:${payoutId}` };
    let found: WirePayout | undefined;
    const transactions: WireTransaction[] = [];
    const pages = this.#pages(PAYOUT, variables, signal, ({ payout, shopifyPaymentsAccount }) => {
      if (!payout)
        throw new PoisonError('SETTLEMENT_GONE', `the shop has no payout ${payoutId}, or the app may not read it`);
      found = payout;
      return usable(shopifyPaymentsAccount).balanceTransactions;
    });
    for await (const { nodes } of pages) {
      refuseOthers(nodes, payoutId);
      transactions.push(...nodes);
    }
    if (!found) throw new Error('a connection has one page at least');
    return fileOf(payoutId, found, transactions);
  }

  /** Page after page. What was read before a pause stays: a payout of a busy day takes more calls than a bucket holds. */
  async *#pages<S extends z.ZodMiniType, P extends Page>(
    call: Omit<Call<S>, 'variables'>,
    variables: Readonly<Record<string, string>>,
    signal: AbortSignal,
    connection: (answer: z.output<S>) => P,
  ): AsyncIterable<P> {
    let after: string | null = null;
    do {
      const page: P = connection(await this.#patiently({ ...call, variables: { ...variables, after } }, signal));
      yield page;
      const { hasNextPage, endCursor } = page.pageInfo;
      if (hasNextPage && (endCursor === null || endCursor === after))
        throw new Error('Shopify says that there is another page, and not where it begins');
      after = hasNextPage ? endCursor : null;
    } while (after !== null);
  }

  async #patiently<S extends z.ZodMiniType>(call: Call<S>, signal: AbortSignal): Promise<z.output<S>> {
    for (;;) {
      if (signal.aborted) throw new TransientError('OUT_OF_TIME', 'Shopify lets payouts be read too slowly for now');
      const reply = await this.#client.read(call, { signal, now: this.#clock.now() });
      if (reply.kind === 'data') return reply.data;
      if (reply.kind === 'unavailable') throw new TransientError('SHOPIFY_UNAVAILABLE', reply.cause);
      await pause(reply.retryAfterSeconds ?? 1, signal);
    }
  }
}

type Page = { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } };

/** Ends early with the function's time. */
async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}

function usable<T>(account: T | null): T {
  if (account !== null) return account;
  const message = 'the shop does not use Shopify Payments: take "payouts" out of the settings of its account';
  throw new ShopifyConfigurationError('SHOPIFY_PAYMENTS_OFF', message);
}

/**
 * https://shopify.dev/docs/api/admin-graphql/latest/enums/ShopifyPaymentsPayoutStatus. What failed or was cancelled is booked
 * as paid out too: a transaction of a later payout takes it back.
 */
const STANDINGS: Readonly<Record<string, 'closed' | 'open'>> = {
  SCHEDULED: 'open',
  IN_TRANSIT: 'open',
  PAID: 'closed',
  FAILED: 'closed',
  CANCELED: 'closed',
};

const asListed = ({ legacyResourceId, issuedAt, status }: ListedPayout): ListedSettlement => ({
  settlementId: legacyResourceId,
  issuedAt: utc(issuedAt),
  standing: (Object.hasOwn(STANDINGS, status) && STANDINGS[status]) || { unknown: status },
});

/** Shopify answers a filter that it does not know with everything (https://shopify.dev/docs/api/usage/search-syntax). */
function refuseOthers(transactions: readonly WireTransaction[], payoutId: string): void {
  for (const { id, associatedPayout } of transactions) {
    if (associatedPayout.id !== null && bareId(associatedPayout.id) === payoutId) continue;
    const message = `asked for what payout ${payoutId} holds, Shopify tells transaction ${bareId(id)}, which is not in it`;
    throw new PoisonError('SETTLEMENT_NOT_FILTERED', message);
  }
}

/**
 * `{ payouts, transactions }` as the reader of shopify-payouts files takes it. Which day an instant is on, the books say. Test
 * transactions move no money.
 */
function fileOf(payoutId: string, { issuedAt, net }: WirePayout, transactions: readonly WireTransaction[]): Uint8Array {
  const payout = { id: payoutId, date: utc(issuedAt), currency: net.currencyCode, amount: net.amount };
  const document = {
    payouts: [payout],
    transactions: transactions.filter(({ test }) => !test).map((one) => rowOf(payoutId, one)),
  };
  return Buffer.from(JSON.stringify(document));
}

const rowOf = (
  payoutId: string,
  { id, type, amount, fee, net, transactionDate, associatedOrder }: WireTransaction,
) => ({
  id: bareId(id),
  type: type.toLowerCase(),
  payout_id: payoutId,
  currency: amount.currencyCode,
  amount: amount.amount,
  fee: fee.amount,
  net: net.amount,
  source_order_id: associatedOrder && bareId(associatedOrder.id),
  processed_at: transactionDate,
});
