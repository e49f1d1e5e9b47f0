import { taxTotal } from '../../orders/order.ts';
import type { BookingContent } from '../../orders/reactions.ts';
import type { SalesOrderRef } from '../events.ts';
import { replacementTotal } from '../return.ts';
import type { OpenReturn } from '../state.ts';

/**
 * The sales order of a replacement, as the ERP books any order. It stands under a key made of the return, so that an exchange
 * is sold once; buyer and addresses are those of the order that it replaces.
 */
export function exchangeOrder({ ref, number }: SalesOrderRef, state: OpenReturn): BookingContent {
  const { authorization, finance } = state;
  const { rma, currency, orderKey } = authorization;
  const replacement = finance?.replacement;
  if (!finance || !replacement || rma === undefined) {
    throw new Error(`return ${authorization.id.returnId}: an exchange was planned without a replacement`);
  }
  const collected = replacement.lines.reduce((sum, { taxes }) => sum + taxTotal(taxes, 'marketplace'), 0);
  return {
    number: rma,
    placedAt: finance.at,
    currency,
    lines: replacement.lines,
    shipping: { net: 0, taxes: [] },
    fees: [],
    total: replacementTotal(replacement) - collected,
    customer: { type: 'consumer', taxExempt: false },
    replaces: { orderKey, salesOrderRef: ref, salesOrderNumber: number },
  };
}
