import { payoutOf } from '../../../bin/local/demo/payout.ts';

export const FEE = 136;
export const today = new Date().toISOString().slice(0, 10);

/** A payout of one order of 36.50. */
export const payout = (
  id: string,
  order: { readonly id: number | string },
  { fee = FEE, off = 0 }: { readonly fee?: number; readonly off?: number } = {},
): string => payoutOf(id, today, [{ id: order.id, charged: 3650, fee }], off);
