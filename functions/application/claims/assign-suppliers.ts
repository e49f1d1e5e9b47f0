import { type SkuState, skuKey } from '#core/claims/sku.ts';
import { canonicalJson } from '#core/kernel/fingerprint.ts';
import type { Money } from '#core/kernel/money.ts';
import { type Cause, handle, stage } from '../aggregate.ts';
import { skuAggregate } from './aggregates.ts';
import { type ClaimPorts, collectLines } from './collect-lines.ts';
import { readOpenClaims } from './read-claims.ts';
import { allWaiting } from './waiting.ts';

export type Assignment = { readonly sku: string; readonly supplier: string; readonly unitCost?: Money };
export type Assigned = { readonly read: number; readonly changed: number; readonly collected: number };

/**
 * Says who supplies which SKU at what cost. Collects what returns had to claim and nobody to claim it from, and what lies in
 * open claims at another cost. Cut off in the middle it is run again: returns that wait are known until they are collected, and
 * costs are compared with those of the claims.
 */
export async function assignSuppliers(
  ports: ClaimPorts,
  assignments: readonly Assignment[],
  apply: boolean,
  cause: Cause,
): Promise<Assigned> {
  let changed = 0;
  let collected = 0;
  const collect = async (returns: Iterable<string>): Promise<void> => {
    for (const returnKey of returns) {
      await collectLines(ports, returnKey, cause);
      collected += 1;
    }
  };
  for (const assignment of assignments) {
    const key = skuKey(assignment.sku);
    const command = { type: 'assign', ...assignment } as const;
    const staged = stage(skuAggregate, key, command, await ports.store.load<SkuState>(key), cause);
    if (staged.kind === 'staged') changed += 1;
    if (!apply) continue;
    await handle(ports.store, skuAggregate, key, command, cause);
    await collect(await allWaiting(ports.store, assignment.sku));
  }
  if (apply) {
    for (const [supplier, some] of Map.groupBy(assignments, (one) => one.supplier)) {
      await collect(await pricedOtherwise(ports, supplier, some, cause.now));
    }
  }
  return { read: assignments.length, changed, collected };
}

/** Returns with lines in open claims of a supplier that do not cost what they are said to. */
async function pricedOtherwise(
  { store, monthOf }: ClaimPorts,
  supplier: string,
  assignments: readonly Assignment[],
  now: string,
): Promise<Set<string>> {
  const assigned = new Map(assignments.map((one) => [one.sku, one]));
  const claims = await readOpenClaims(store, supplier, monthOf(now));
  const lines = claims.flatMap((claim) => claim.lines);
  // What is taken back costs what it did when it was claimed.
  const wrong = lines.filter(({ sku, quantity, unitCost }) => {
    const said = assigned.get(sku);
    return quantity > 0 && said && canonicalJson(said.unitCost ?? null) !== canonicalJson(unitCost ?? null);
  });
  return new Set(wrong.map(({ returnKey }) => returnKey));
}
