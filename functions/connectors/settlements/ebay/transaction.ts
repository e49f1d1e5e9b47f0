import type { ReadLine } from '#application/ports/settlements.ts';
import type { LineClass } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { utc } from '../../wire.ts';
import { minorOf } from '../kit/json.ts';
import { sourceOf } from '../kit/words.ts';
import type { Transaction, WireMoney } from './wire.ts';

type Fee = { readonly feeType: string; readonly lineItemId: string; readonly minor: number };

/**
 * What was sold or moved, and a line for each fee in it. A transaction's amount is what is left after its fees, so that the
 * whole is the amount with the fees added again, in the direction of the booking: a refund's fees come back.
 */
export function linesOf(
  given: Transaction,
  at: number,
  classify: (source: string) => LineClass | undefined,
): ReadLine[] {
  const { transactionType: type, amount, orderId, feeType } = given;
  const sign = given.bookingEntry === 'CREDIT' ? 1 : -1;
  const fees = feesOf(given, at);
  const total = fees.reduce((sum, { minor }) => sum + minor, 0);
  const common = {
    at,
    postedAt: `${utc(given.transactionDate).slice(0, 19)}Z`,
    transactionId: given.transactionId,
    ...(orderId !== undefined && orderId !== '' && { orderId }),
  };
  const line = (source: string, minor: number, more: Partial<ReadLine> = {}): ReadLine => {
    const known = classify(source);
    return { ...common, ...(known && { class: known }), ...more, amount: minor, source };
  };
  const net = minorOf(amount.value, amount.currency, at, 'amount');
  const source = type === 'NON_SALE_CHARGE' ? sourceOf(type, feeType ?? '?') : sourceOf(type, 'amount');
  const converted = convertedOf(amount, sign, at);
  return [
    // With fees in it, only what is left after them was converted, and nobody says what the whole was.
    line(source, sign * (net + total), total === 0 && converted ? { converted } : {}),
    ...fees.map(({ feeType: word, minor, lineItemId }) =>
      line(sourceOf(type, 'fee', word), -sign * minor, { orderLineId: lineItemId }),
    ),
  ];
}

function feesOf({ orderLineItems, totalFeeAmount, amount }: Transaction, at: number): Fee[] {
  const fees = orderLineItems.flatMap(({ lineItemId, marketplaceFees }) =>
    marketplaceFees.map((fee) => ({
      feeType: fee.feeType,
      lineItemId,
      minor: inCurrency(fee.amount, amount.currency, at),
    })),
  );
  const sum = fees.reduce((all, { minor }) => all + minor, 0);
  const said = totalFeeAmount === undefined ? sum : inCurrency(totalFeeAmount, amount.currency, at);
  if (sum !== said) {
    throw new SettlementRefused(
      'SETTLEMENT_ROW',
      at,
      `its fees come to ${sum}, totalFeeAmount is ${said} (minor units)`,
    );
  }
  return fees;
}

function inCurrency(money: WireMoney, currency: string, at: number): number {
  if (money.currency === currency) return minorOf(money.value, currency, at, 'fee');
  throw new SettlementRefused(
    'SETTLEMENT_CURRENCY',
    at,
    `a fee is in ${money.currency}, its transaction in ${currency}`,
  );
}

function convertedOf(money: WireMoney, sign: number, at: number): ReadLine['converted'] {
  const { convertedFromValue: value, convertedFromCurrency: currency, exchangeRate: rate } = money;
  if (value === undefined || currency === undefined) return undefined;
  return {
    amount: sign * minorOf(value, currency, at, 'convertedFromValue'),
    currency,
    ...(rate !== undefined && { rate }),
  };
}
