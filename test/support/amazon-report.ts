import { formatMoney } from '#core/kernel/money.ts';
import vocabulary from '../fixtures/vendor/amazon/settlement-v2-vocabulary.json' with { type: 'json' };

/** One amount of a settlement report, in Amazon's words. */
export type ReportLine = {
  readonly orderId?: string;
  /** `Order/ItemPrice/Principal` */
  readonly words: string;
  readonly minor: number;
  readonly day?: string;
};

export type Report = {
  readonly settlementId: string;
  readonly lines: readonly ReportLine[];
  readonly currency?: string;
  /** What it says it pays out; what the lines come to when left out. */
  readonly total?: number;
};

/** A settlement report V2 as Amazon writes it: a summary row, then a row an amount. */
export function amazonReport(...reports: readonly Report[]): Uint8Array {
  const rows = reports.flatMap(({ settlementId, lines, currency = 'USD', total }) => {
    const sum = total ?? lines.reduce((all, { minor }) => all + minor, 0);
    return [
      row({
        'settlement-id': settlementId,
        'settlement-start-date': '2026-11-01 00:00:00 UTC',
        'settlement-end-date': '2026-11-15 00:00:00 UTC',
        'deposit-date': '2026-11-18 00:00:00 UTC',
        'total-amount': formatMoney({ minor: sum, currency }),
        currency,
      }),
      ...lines.map(({ orderId = '', words, minor, day = '2026-11-05' }) => {
        const [type = '', of = '', description = ''] = words.split('/');
        return row({
          'settlement-id': settlementId,
          'transaction-type': type,
          'order-id': orderId,
          'amount-type': of,
          'amount-description': description,
          amount: formatMoney({ minor, currency }),
          'posted-date': day,
          'posted-date-time': `${day} 08:15:00 UTC`,
        });
      }),
    ];
  });
  return Buffer.from([vocabulary.columns.join('\t'), ...rows].map((line) => `${line}\r\n`).join(''));
}

const row = (cells: Readonly<Record<string, string>>): string =>
  vocabulary.columns.map((column) => cells[column] ?? '').join('\t');
