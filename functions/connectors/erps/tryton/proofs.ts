import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Calls } from './calls.ts';
import { sameDecimal, sumDecimals } from './decimal.ts';
import { decimal, ids, quantity } from './wire.ts';

/**
 * What the ERP should guarantee and does not on every database: five confirmations at once make several shipments or
 * invoices on SQLite, and an unbalanced journal entry is posted there (both are held on PostgreSQL). Each proof reads the documents
 * again and refuses what is not in order; the operation then ends as a case for the ERP's owner, and a retry goes through
 * once the ERP has been mended.
 */

/** No line of the sale is moved, or invoiced, for more units than it sells (or takes back). */
export async function proveMadeOnce(
  calls: Calls,
  sale: { lines: readonly number[]; number: string | null },
): Promise<void> {
  const lines = await calls.read('sale.line', sale.lines, {
    quantity: z.nullable(quantity),
    moves: ids,
    invoice_lines: ids,
  });
  const moves = await calls.read(
    'stock.move',
    lines.flatMap((line) => line.moves),
    { quantity, state: z.string() },
  );
  const invoiced = await calls.read(
    'account.invoice.line',
    lines.flatMap((line) => line.invoice_lines),
    { quantity, 'invoice.': z.object({ state: z.string() }) },
  );
  const moved = unitsById(moves, ({ state }) => state);
  const billed = unitsById(invoiced, (line) => line['invoice.'].state);
  for (const line of lines) {
    const sold = Math.abs(line.quantity ?? 0);
    refuseMore(sold, sum(line.moves, moved), 'SHIPMENT', 'move', sale.number);
    refuseMore(sold, sum(line.invoice_lines, billed), 'INVOICE', 'invoice', sale.number);
  }
}

/** Units by record; what is cancelled counts for nothing, and returns are invoiced with negative quantities. */
const unitsById = <T extends { id: number; quantity: number }>(rows: readonly T[], stateOf: (row: T) => string) =>
  new Map(rows.map((row) => [row.id, stateOf(row) === 'cancelled' ? 0 : Math.abs(row.quantity)]));

const sum = (which: readonly number[], units: ReadonlyMap<number, number>): number =>
  which.reduce((all, one) => all + (units.get(one) ?? 0), 0);

function refuseMore(sold: number, made: number, what: string, verb: string, sale: string | null): void {
  if (made <= sold) return;
  throw new BusinessError(
    `DUPLICATE_${what}S`,
    `the ERP is to ${verb} ${made} units for a line of ${sold} of sale ${sale}: cancel the ${what.toLowerCase()} that is one too many there, then retry the operation`,
  );
}

/** Debit and credit of a journal entry are equal, exactly. */
export async function proveBalanced(calls: Calls, move: number): Promise<void> {
  const shape = { debit: decimal, credit: decimal };
  const lines = await calls.find('account.move.line', [['move', '=', move]], shape);
  const debit = sumDecimals(lines.map((line) => line.debit.decimal));
  const credit = sumDecimals(lines.map((line) => line.credit.decimal));
  if (lines.length > 0 && sameDecimal(debit, credit)) return;
  throw new BusinessError(
    'JOURNAL_UNBALANCED',
    `the ERP's journal entry with id ${move} is not balanced (debit less credit is not zero over ${lines.length} lines): correct it in the ERP's books, then retry the operation`,
  );
}

/** A return has one shipment and one credit memo; its key of the ERP must not lead to two. */
export function theOnly<T>(found: readonly T[], what: string, of: string): T | undefined {
  if (found.length <= 1) return found[0];
  const code = `DUPLICATE_${what.toUpperCase().replaceAll(' ', '_')}S`;
  throw new BusinessError(
    code,
    `the ERP made ${found.length} ${what}s for return ${of}: cancel those that are too many there, then retry the operation`,
  );
}
