import { type LineQuantity, unitsOf } from '../../kernel/quantity.ts';
import { type AuthorizedLine, creditFor } from '../credit.ts';
import type { CreditLine, Disposition, InspectedLine } from '../return.ts';
import type { ReturnFacts, StockMove } from '../state.ts';
import { unitsReceived } from '../status.ts';

/**
 * Which units of a return are taken back, as far as receipts and inspections go. Where they disagree the smaller number
 * counts: money that was not paid can still be paid, and a person is told (discrepancies.ts).
 */
export type Accepted = {
  readonly lines: readonly CreditLine[];
  readonly moves: readonly StockMove[];
  /** Units of ours beyond what was authorized, by line: they are put aside and nothing is credited for them. */
  readonly surplus: readonly LineQuantity[];
};

/** Units that are nothing of ours, or that the inspection does not take back, bring no receipt, no credit and no refund. */
const isOurs = ({ condition, rejected }: InspectedLine): boolean =>
  condition !== 'wrong-item' && condition !== 'empty' && !rejected;

/** A damaged unit is never sold again, whatever the report says. */
export const destinationOf = ({ condition, disposition }: InspectedLine): Disposition =>
  condition === 'damaged' && disposition === 'restock' ? 'quarantine' : disposition;

export function acceptedGoods(facts: ReturnFacts): Accepted {
  const lines: CreditLine[] = [];
  const moves: StockMove[] = [];
  for (const line of facts.authorized) {
    const { credit, units } = acceptLine(facts, line);
    if (!credit) continue;
    lines.push(credit);
    moves.push(...units);
  }
  return { lines, moves: merged(moves), surplus: surplusOf(facts) };
}

/** What is ours and beyond what was authorized, as far as both receipts and inspections bear it out. */
function surplusOf(facts: ReturnFacts): LineQuantity[] {
  return facts.authorized.flatMap(({ lineId, quantity }) => {
    const ours = unitsOf(inspectedLines(facts, lineId).filter(isOurs));
    const over = Math.min(unitsReceived(facts, lineId), ours) - quantity;
    return over > 0 ? [{ lineId, quantity: over }] : [];
  });
}

function acceptLine(
  facts: ReturnFacts,
  line: AuthorizedLine,
): { readonly credit?: CreditLine; readonly units: StockMove[] } {
  const inspected = inspectedLines(facts, line.lineId);
  const ours = inspected.filter(isOurs);
  const foreign = unitsOf(inspected) - unitsOf(ours);
  const arrived = Math.max(0, unitsReceived(facts, line.lineId) - foreign);
  let left = Math.min(line.quantity, arrived, unitsOf(ours));
  if (left === 0) return { units: [] };
  const credit = creditFor(line, left);
  const units: StockMove[] = [];
  for (const one of ours) {
    const quantity = Math.min(left, one.quantity);
    if (quantity > 0) units.push({ sku: line.sku, quantity, disposition: destinationOf(one) });
    left -= quantity;
  }
  return { credit, units };
}

/** What inspections say of one line, in the order of their ids. */
export const inspectedLines = ({ inspections }: Pick<ReturnFacts, 'inspections'>, lineId: string): InspectedLine[] =>
  inspections.flatMap(({ lines }) => lines).filter((line) => line.lineId === lineId);

function merged(moves: readonly StockMove[]): StockMove[] {
  const sums = new Map<string, StockMove>();
  for (const move of moves) {
    const key = `${move.disposition} ${move.sku}`;
    sums.set(key, { ...move, quantity: move.quantity + (sums.get(key)?.quantity ?? 0) });
  }
  return [...sums.values()];
}
