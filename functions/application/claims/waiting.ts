import { type SkuState, skuKey } from '#core/claims/sku.ts';
import { type WaitingState, waitingKey } from '#core/claims/waiting.ts';
import { type Cause, type Handled, handle } from '../aggregate.ts';
import type { Store } from '../ports/store.ts';
import { skuAggregate, waitingAggregate } from './aggregates.ts';

/** Returns that wait to be told who supplies a SKU. The SKU's own row names the first of them, rows beside it the others. */

/** Notes that a return waits, unless somebody has said meanwhile who supplies the SKU; whether there is anything new. */
export async function wait(store: Store, sku: string, returnKey: string, cause: Cause): Promise<boolean> {
  const handled = await handle(store, skuAggregate, skuKey(sku), { type: 'wait', sku, returnKey }, cause);
  const { supplier, waiting, overflows } = stateOf(handled);
  if (supplier !== undefined) return true;
  if (!overflows || waiting.includes(returnKey)) return handled.kind === 'committed';
  for (let nth = 1; ; nth++) {
    const added = await handle(store, waitingAggregate, waitingKey(sku, nth), { type: 'add', returnKey }, cause);
    if (stateOf(added).returns.includes(returnKey)) return added.kind === 'committed';
  }
}

export async function stopWaiting(
  store: Store,
  sku: string,
  { waiting, overflows }: SkuState,
  returnKey: string,
  cause: Cause,
): Promise<void> {
  if (waiting.includes(returnKey)) {
    await handle(store, skuAggregate, skuKey(sku), { type: 'collected', sku, returnKey }, cause);
  }
  const rows = overflows ? await furtherRows(store, sku) : [];
  for (const { key, state } of rows) {
    if (state.returns.includes(returnKey)) {
      await handle(store, waitingAggregate, key, { type: 'remove', returnKey }, cause);
    }
  }
}

/** Keys of the returns. Read after somebody has said who supplies the SKU these are all there will be: nobody waits from then on. */
export async function allWaiting(store: Store, sku: string): Promise<string[]> {
  const { waiting = [], overflows } = (await store.load<SkuState>(skuKey(sku)))?.state ?? {};
  const rows = overflows ? await furtherRows(store, sku) : [];
  return [...new Set([...waiting, ...rows.flatMap(({ state }) => state.returns)])];
}

type FurtherRow = { readonly key: string; readonly state: WaitingState };

async function furtherRows(store: Store, sku: string): Promise<FurtherRow[]> {
  const rows: FurtherRow[] = [];
  for (let nth = 1; ; nth++) {
    const key = waitingKey(sku, nth);
    const stored = await store.load<WaitingState>(key);
    if (!stored) return rows;
    rows.push({ key, state: stored.state });
  }
}

function stateOf<S>(handled: Handled<S>): S {
  if (handled.kind === 'seen') throw new Error('what has no inbox mark was never seen');
  return handled.state;
}
