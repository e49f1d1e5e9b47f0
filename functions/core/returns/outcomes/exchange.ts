import { accepted, type Decision, ignored, rejected } from '../../kernel/decision.ts';
import { taxTotal } from '../../orders/order.ts';
import type { BookingContent } from '../../orders/reactions.ts';
import type { ReturnEvent, SalesOrderRef } from '../events.ts';
import { isExchange } from '../money/due.ts';
import { replacementTotal } from '../return.ts';
import type { OpenReturn } from '../state.ts';

/**
 * A person has the buyer paid for goods that can't go out: the ERP refuses to sell them, or was never asked. What was agreed
 * to stays as it was, for it is worth the same.
 */
export function payInstead(by: string, at: string, state: OpenReturn): Decision<ReturnEvent> {
  const { finance, steps, status } = state;
  if (finance?.paidInstead) return ignored('the buyer is paid instead');
  const asked = steps.exchange?.status ?? 'refused';
  const agreed = ['approved', 'receipted', 'credited', 'stocked'].includes(status);
  if (!finance || !isExchange(finance) || !agreed || asked !== 'refused') {
    const message = `the return is ${status}: only an exchange that was agreed to, and that the ERP has not sold, is paid instead`;
    return rejected('EXCHANGE_NOT_OPEN', message);
  }
  return accepted({ type: 'return.exchange-dropped', by, at });
}

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
