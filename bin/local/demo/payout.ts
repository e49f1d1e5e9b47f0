/** An order in a payout; amounts in minor units of US dollars. */
export type PaidOrder = {
  readonly id: number | string;
  /** All that the buyer paid. */
  readonly charged: number;
  /** What Shopify keeps of it. */
  readonly fee: number;
  readonly refunded?: number;
};

/**
 * A payout of Shopify Payments with these orders, as the two answers of its API have it (`{ payouts, transactions }`). `off`:
 * by how much its announced total is wrong.
 */
export function payoutOf(id: string, day: string, orders: readonly PaidOrder[], off = 0): string {
  const common = { payout_id: id, currency: 'USD', processed_at: `${day}T06:00:00Z`, test: false };
  const rows = orders.flatMap(({ id: orderId, charged, fee, refunded = 0 }) => [
    { type: 'charge', amount: charged, fee, orderId },
    ...(refunded === 0 ? [] : [{ type: 'refund', amount: -refunded, fee: 0, orderId }]),
  ]);
  const announced = rows.reduce((sum, { amount, fee }) => sum + amount - fee, -off);
  return JSON.stringify({
    payouts: [{ id, date: day, currency: 'USD', amount: decimal(announced) }],
    transactions: [
      ...rows.map(({ type, amount, fee, orderId }, index) => ({
        id: `${id}${index + 1}`,
        type,
        amount: decimal(amount),
        fee: decimal(fee),
        net: decimal(amount - fee),
        source_order_id: String(orderId),
        ...common,
      })),
      {
        id: `${id}${rows.length + 1}`,
        type: 'payout',
        amount: decimal(-announced),
        fee: '0.00',
        net: decimal(-announced),
        ...common,
      },
    ],
  });
}

const decimal = (minor: number): string => (minor / 100).toFixed(2);
