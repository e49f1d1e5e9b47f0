import { styleText } from 'node:util';
import { formatMoney } from '#core/kernel/money.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';
import { sitDown } from '../erp/desk.ts';
import { amountOf } from '../erp/rpc.ts';
import { refunded, type ShopOrder } from '../partners/shopify/order.ts';
import type { BalanceTransaction } from '../partners/shopify/payouts.ts';
import type { World } from '../world.ts';
import { lookInto } from './look.ts';
import { waitFor } from './wait-for.ts';

/**
 * The shop pays its orders out: from the payout that is fetched to a posted move in the ERP. Every line is read from the system that it speaks
 * of. Throws when the settlement is not posted, or its move is not balanced.
 */
export async function tellSettlement(
  world: World,
  say: (text: string) => void,
  { payoutId = '88001001', patienceSeconds = 90 } = {},
): Promise<{ readonly settlementKey: string }> {
  const look = lookInto(world);
  const desk = await sitDown(world.erp);
  const settlementKey = `SETTLEMENT#shopify#main#${payoutId}`;
  const orders = [...world.shop.shop.orders.values()].map(paid);
  const sum = (part: (order: PaidOrder) => number) => orders.reduce((total, order) => total + part(order), 0);
  const charged = sum((order) => order.charged);
  const fees = sum(({ fee }) => fee);
  const refunds = sum((order) => order.refunded);

  say(`\n${styleText('bold', '6. The shop pays out; Crossdock looks for payouts and fetches it')}`);
  for (const order of orders) {
    await waitFor(`order ${order.id} to know of its refunds`, async () => {
      const known = await look.state<OpenOrder>(`ORDER#shopify#main#${order.id}`);
      return known && settled(known) === order.refunded;
    });
  }
  const day = new Date().toISOString().slice(0, 10);
  world.shop.shop.payouts.set(payoutId, {
    payoutId,
    currency: 'USD',
    issuedAt: `${day}T00:00:00Z`,
    status: 'PAID',
    transactions: orders.flatMap((order, at) => transactionsOf(order, at, day)),
  });
  // What the rule does at every full hour.
  await world.tick('shopify/poll-payouts');
  say(
    `   payout ${payoutId}: ${money(charged)} charged, ${money(refunds)} refunded, ${money(fees)} fees, ` +
      `${money(charged - refunds - fees)} USD paid out`,
  );
  const posted = await waitFor(
    'the settlement to be posted',
    async () => {
      const now = await look.state<OpenSettlement>(settlementKey);
      return now?.status === 'posted' && now;
    },
    patienceSeconds,
  );
  const differences = Object.values(posted.differences).flatMap((causes) => Object.keys(causes));
  say(
    `   ${orders.length} ${orders.length === 1 ? 'order' : 'orders'} matched, ${differences.length === 0 ? 'nothing differs' : `differs: ${differences.join(', ')}`}`,
  );
  const operation = `erp/journal/shopify/main/${payoutId}/${day.slice(0, 7)}`;
  const move = await desk.rpc.one('account.move', [['description', 'like', `${operation}%`]], ['number', 'state']);
  const lines = await desk.rpc.find('account.move.line', [['move', '=', move.id]], ['debit', 'credit', 'account.code']);
  const total = (side: 'debit' | 'credit') => lines.reduce((all, line) => all + minorOf(line[side]), 0);
  say(
    `   ERP: move ${move.number} ${move.state}, debit ${money(total('debit'))}, credit ${money(total('credit'))} USD: ` +
      lines.map((line) => `${codeOf(line)} ${money(minorOf(line.debit) - minorOf(line.credit))}`).join(', '),
  );
  look.close();
  if (total('debit') !== total('credit')) throw new Error(`the move of ${operation} is not balanced`);
  return { settlementKey };
}

/** An order in a payout; amounts in minor units of US dollars. */
type PaidOrder = {
  readonly id: string;
  /** All that the buyer paid. */
  readonly charged: number;
  /** What Shopify keeps of it. */
  readonly fee: number;
  readonly refunded: number;
};

/** Shopify keeps 2.9 % and 30 cents of an order. */
const paid = (order: ShopOrder): PaidOrder => ({
  id: order.id,
  charged: order.total,
  fee: Math.round(order.total * 0.029) + 30,
  refunded: refunded(order),
});

/** Of an order in the shop's balance. */
function transactionsOf({ id, charged, fee, refunded }: PaidOrder, at: number, day: string): BalanceTransaction[] {
  const common = { orderId: String(id), at: `${day}T00:00:00Z` };
  const back: BalanceTransaction = { id: `${at + 1}2`, type: 'refund', amount: -refunded, fee: 0, ...common };
  return [{ id: `${at + 1}1`, type: 'charge', amount: charged, fee, ...common }, ...(refunded === 0 ? [] : [back])];
}

/** What of an order the channel has confirmed as paid back. */
const settled = ({ refunds }: OpenOrder): number =>
  refunds.reduce((sum, { status, amount }) => (status === 'settled' ? sum + amount : sum), 0);

const money = (minor: number): string => formatMoney({ minor, currency: 'USD' });

const minorOf = (decimal: unknown): number => Math.round(Number(amountOf(decimal)) * 100);

const codeOf = (line: Record<string, unknown>): string => String((line['account.'] as { code?: unknown })?.code);
