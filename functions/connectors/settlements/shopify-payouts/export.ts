import type { ReadOptions, SettlementPart } from '#application/ports/settlements.ts';
import { currencyExponent, isCurrency } from '#core/kernel/money.ts';
import type { LineClass } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { columnsOf } from '../kit/columns.ts';
import { instantReader, isoDay } from '../kit/dates.ts';
import { minorUnits } from '../kit/decimal.ts';
import type { Row } from '../kit/rows.ts';
import { Settlements } from '../kit/settlements.ts';
import { isPayout, linesOf } from './transaction.ts';

const REQUIRED = ['Transaction Date', 'Type', 'Payout ID', 'Amount', 'Fee', 'Net', 'Currency'] as const;
const OPTIONAL = ['Order', 'Payout Date', 'Checkout', 'Presentment Amount', 'Presentment Currency'] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** The export of payment transactions of Shopify's admin pages. Orders stand in it by their number (#1001). */
export class ExportReader {
  readonly #settlements: Settlements;
  readonly #classify: (source: string) => LineClass | undefined;
  readonly #instant = instantReader(['iso']);
  #at: Record<Column, number> | undefined;

  constructor(
    format: ConstructorParameters<typeof Settlements>[0],
    options: ReadOptions,
    classify: (source: string) => LineClass | undefined,
  ) {
    this.#settlements = new Settlements(format, options);
    this.#classify = classify;
  }

  parts(): SettlementPart[] {
    return this.#settlements.parts();
  }

  end(): SettlementPart[] {
    return this.#settlements.end();
  }

  row(row: Row): void {
    if (this.#at === undefined) this.#at = columnsOf<Column>(row, REQUIRED, OPTIONAL);
    else this.#transaction(row, this.#at);
  }

  #transaction({ line: at, cells }: Row, places: Record<Column, number>): void {
    const cell = (column: Column): string => cells[places[column]]?.trim() ?? '';
    const currency = cell('Currency').toUpperCase();
    const settlementId = cell('Payout ID');
    const amount = amountIn(cell('Amount'), currency, at, 'Amount');
    const postedAt = this.#postedAt(cell('Transaction Date'), at);
    if (isPayout(cell('Type'))) {
      const [payoutDay = ''] = cell('Payout Date').split(' ', 1);
      const deposit = payoutDay || isoDay(cell('Transaction Date'), ['iso']) || postedAt;
      this.#settlements.announce({ settlementId, currency, amount: -amount, at, deposit });
      return;
    }
    const order = cell('Order');
    const presented = cell('Presentment Currency').toUpperCase();
    const converted = presented !== '' && presented !== currency && cell('Presentment Amount') !== '';
    const facts = {
      at,
      type: cell('Type'),
      amount,
      fee: amountIn(cell('Fee'), currency, at, 'Fee'),
      net: amountIn(cell('Net'), currency, at, 'Net'),
      postedAt,
      ...(order !== '' && { orderId: order }),
      ...(converted && {
        converted: {
          amount: amountIn(cell('Presentment Amount'), presented, at, 'Presentment Amount'),
          currency: presented,
        },
      }),
    };
    for (const line of linesOf(facts, this.#classify)) this.#settlements.line(settlementId, currency, line);
  }

  #postedAt(text: string, at: number): string {
    const instant = this.#instant(text);
    if (instant !== undefined) return instant;
    throw new SettlementRefused(
      'SETTLEMENT_DATE',
      at,
      'Transaction Date is no date such as "2026-10-31 12:00:00 +0200"',
    );
  }
}

function amountIn(text: string, currency: string, at: number, column: string): number {
  if (!isCurrency(currency)) {
    throw new SettlementRefused('SETTLEMENT_CURRENCY', at, `"${currency.slice(0, 20)}" is no currency of ISO 4217`);
  }
  const amount = minorUnits(text, 'point', currencyExponent(currency));
  if (!Number.isNaN(amount)) return amount;
  throw new SettlementRefused('SETTLEMENT_AMOUNT', at, `${column} "${text.slice(0, 30)}" is no amount in ${currency}`);
}
