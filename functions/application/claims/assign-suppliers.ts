import { type SkuState, skuKey } from '#core/claims/sku.ts';
import type { Money } from '#core/kernel/money.ts';
import { type Cause, handle, stage } from '../aggregate.ts';
import { skuAggregate } from './aggregates.ts';
import { type ClaimPorts, collectLines } from './collect-lines.ts';
import { allWaiting } from './waiting.ts';

export type Assignment = { readonly sku: string; readonly supplier: string; readonly unitCost?: Money };
export type Assigned = { readonly read: number; readonly changed: number; readonly collected: number };

/**
 * Says who supplies which SKU at what cost, and collects what returns had to claim and nobody to claim it from. Cut off in
 * the middle it is run again: returns that wait are known until they are collected.
 */
export async function assignSuppliers(
  ports: ClaimPorts,
  assignments: readonly Assignment[],
  apply: boolean,
  cause: Cause,
): Promise<Assigned> {
  let changed = 0;
  let collected = 0;
  for (const assignment of assignments) {
    const key = skuKey(assignment.sku);
    const stored = await ports.store.load<SkuState>(key);
    const staged = stage(skuAggregate, key, { type: 'assign', ...assignment }, stored, cause);
    if (staged.kind === 'staged') changed += 1;
    if (!apply) continue;
    await handle(ports.store, skuAggregate, key, { type: 'assign', ...assignment }, cause);
    for (const returnKey of await allWaiting(ports.store, assignment.sku)) {
      await collectLines(ports, returnKey, cause);
      collected += 1;
    }
  }
  return { read: assignments.length, changed, collected };
}
