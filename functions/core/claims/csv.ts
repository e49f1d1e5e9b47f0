import { csvOf } from '../kernel/csv.ts';
import { formatMoney } from '../kernel/money.ts';
import { parseReturnKey } from '../returns/return.ts';
import type { OpenClaim } from './claim.ts';

const COLUMNS = [
  ...['claim', 'supplier', 'period', 'status', 'return', 'rma', 'order', 'line', 'sku', 'quantity', 'condition'],
  ...['disposition', 'reason', 'basis', 'inspection', 'inspected_at', 'unit_cost', 'cost', 'currency'],
];

/** Claims as CSV, one row a line; costs as decimal texts. */
export function claimsCsv(claims: readonly OpenClaim[]): string {
  const rows = claims.flatMap(({ lines, ...claim }) =>
    lines.map((line) => {
      const { unitCost, quantity } = line;
      return [
        ...[claim.number ?? '', claim.supplier, claim.period, claim.status, parseReturnKey(line.returnKey).returnId],
        ...[line.rma ?? '', line.orderNumber, line.lineId, line.sku],
        ...[String(quantity), line.condition, line.disposition, line.reason ?? '', line.basis],
        ...[line.inspectionId, line.inspectedAt],
        ...(unitCost
          ? [formatMoney(unitCost), formatMoney({ ...unitCost, minor: unitCost.minor * quantity }), unitCost.currency]
          : ['', '', '']),
      ];
    }),
  );
  return csvOf([COLUMNS, ...rows]);
}
