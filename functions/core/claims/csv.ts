import { formatMoney } from '../kernel/money.ts';
import { parseReturnKey } from '../returns/return.ts';
import type { OpenClaim } from './claim.ts';

const COLUMNS = [
  ...['claim', 'supplier', 'period', 'status', 'return', 'rma', 'order', 'line', 'sku', 'quantity', 'condition'],
  ...['disposition', 'reason', 'basis', 'inspection', 'inspected_at', 'unit_cost', 'cost', 'currency'],
];

/** Claims as CSV (RFC 4180), one row a line; costs as decimal texts. */
export function claimsCsv(claims: readonly OpenClaim[]): string {
  const rows = claims.flatMap(({ lines, ...claim }) =>
    lines.map((line) => {
      const { unitCost, quantity } = line;
      return [
        ...[claim.number ?? '', claim.supplier, claim.period, claim.status, parseReturnKey(line.returnKey).returnId],
        ...[line.rma ?? '', line.orderNumber, line.lineId, line.sku].map(asText),
        ...[String(quantity), line.condition, line.disposition, line.reason ?? '', line.basis],
        ...[asText(line.inspectionId), line.inspectedAt],
        ...(unitCost
          ? [formatMoney(unitCost), formatMoney({ ...unitCost, minor: unitCost.minor * quantity }), unitCost.currency]
          : ['', '', '']),
      ];
    }),
  );
  return [COLUMNS, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/** Ids come from outside, and a spreadsheet runs what begins like a formula. */
const asText = (field: string): string => (/^[=+\-@\t\r]/.test(field) ? `'${field}` : field);
