export const FEE = 136;
export const today = new Date().toISOString().slice(0, 10);

/** A payout of one order of 36.50, as Shopify's two answers have it. */
export function payout(
  id: string,
  order: { readonly id: number | string },
  { fee = FEE, off = 0 }: { readonly fee?: number; readonly off?: number } = {},
): string {
  const announced = 3650 - fee - off;
  const text = (minor: number): string => (minor / 100).toFixed(2);
  const common = { payout_id: id, currency: 'USD', processed_at: `${today}T06:00:00Z`, test: false };
  const sale = { amount: text(3650), fee: text(fee), net: text(3650 - fee), source_order_id: String(order.id) };
  return JSON.stringify({
    payouts: [{ id, date: today, currency: 'USD', amount: text(announced) }],
    transactions: [
      { id: `${id}1`, type: 'charge', ...sale, ...common },
      { id: `${id}2`, type: 'payout', amount: text(-announced), fee: '0.00', net: text(-announced), ...common },
    ],
  });
}
