import { z } from 'zod';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Calls } from './calls.ts';
import { sameDecimal, sumDecimals } from './decimal.ts';
import { decimal, ids, quantity } from './wire.ts';

/**
 * What the ERP should guarantee and does not on every database: five confirmations at once make up to four shipments on
 * SQLite, and an unbalanced journal entry is posted there (both are held on PostgreSQL). Each proof reads the documents
 * again and refuses what is not in order; the operation then ends as a case for the ERP's owner, and a retry goes through
 * once the ERP has been mended.
 */

/** No line of the sale is moved by more units than it sells (or takes back). */
export async function proveMovedOnce(
  calls: Calls,
  sale: { lines: readonly number[]; number: string | null },
): Promise<void> {
  const lines = await calls.read('sale.line', sale.lines, { quantity: quantity.nullable(), moves: ids });
  const moves = await calls.read(
    'stock.move',
    lines.flatMap((line) => line.moves),
    { quantity, state: z.string() },
  );
  const moved = new Map(moves.map((move) => [move.id, move.state === 'cancelled' ? 0 : move.quantity]));
  for (const line of lines) {
    const units = line.moves.reduce((sum, move) => sum + (moved.get(move) ?? 0), 0);
    const sold = Math.abs(line.quantity ?? 0);
    if (units <= sold) continue;
    throw new BusinessError(
      'DUPLICATE_SHIPMENTS',
      `the ERP plans to move ${units} units for a line of ${sold} of sale ${sale.number}: cancel the shipment that is one too many there, then retry the operation`,
    );
  }
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
