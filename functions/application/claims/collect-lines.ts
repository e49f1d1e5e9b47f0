import { type ClaimLine, claimKey } from '#core/claims/claim.ts';
import { claimLinesOf } from '#core/claims/lines.ts';
import { placeLines } from '#core/claims/place.ts';
import { type SkuState, skuKey } from '#core/claims/sku.ts';
import { TransientError } from '#core/kernel/errors.ts';
import type { Money } from '#core/kernel/money.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { type Cause, stage } from '../aggregate.ts';
import type { Store } from '../ports/store.ts';
import { handleTogether, type Together, writesOf } from '../returns/together.ts';
import { claimAggregate, skuAggregate } from './aggregates.ts';
import { type Months, readClaims } from './read-claims.ts';
import { stopWaiting, wait } from './waiting.ts';

export type ClaimPorts = {
  readonly store: Store;
  /** `2026-11`: the month of an instant in the merchant's zone. */
  readonly monthOf: (instant: string) => string;
};

const TRIES = 5;

/**
 * Brings the claims of all suppliers of a return into line with the return as it stands. The event only says that there is
 * something to read: told twice, late or out of order it comes to the same. It is read again until nothing is left to change:
 * of several who collect at once, the last to write has then read what all the others wrote.
 */
export async function collectLines(ports: ClaimPorts, returnKey: string, cause: Cause): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (!(await collectOnce(ports, returnKey, cause))) return;
  }
  throw new TransientError('VERSION_CONFLICT', `${returnKey} changed under ${TRIES} attempts: it will be read again`);
}

/** Whether there was anything to change. */
async function collectOnce(ports: ClaimPorts, returnKey: string, cause: Cause): Promise<boolean> {
  const { store, monthOf } = ports;
  const stored = await store.load<OpenReturn>(returnKey);
  if (!stored) throw new Error(`${returnKey} was told of and is not there: was the table restored from a backup?`);
  // Nothing to claim and never anything: most returns. One that gave something may give nothing now.
  if (stored.state.inspections.length === 0) return false;
  const skus = await skusOf(store, stored.state);
  const lines = claimLinesOf(stored.state);
  const months = { from: monthOf(stored.state.authorization.decidedAt), to: monthOf(cause.now) };
  const owned = await ownedLines(store, lines, skus, months);
  let changed = false;
  for (const supplier of suppliersOf(skus)) {
    const own = owned.filter((one) => one.supplier === supplier).map(({ line }) => line);
    if (await place(ports, { supplier, returnKey, lines: own, months }, cause)) changed = true;
  }
  return (await tellSkus(store, returnKey, skus, lines, cause)) || changed;
}

type Skus = ReadonlyMap<string, SkuState>;

const suppliersOf = (skus: Skus): string[] => [
  ...new Set(
    [...skus.values()].flatMap(({ supplier, formerSuppliers }) =>
      supplier === undefined ? formerSuppliers : [...formerSuppliers, supplier],
    ),
  ),
];

type Owned = { readonly supplier: string; readonly line: ClaimLine };

/**
 * Whom each line is claimed from, at what cost: the former supplier whose claims hold it, at the cost it has there; else the
 * supplier of now, if anybody is said to be.
 */
async function ownedLines(store: Store, lines: readonly ClaimLine[], skus: Skus, months: Months): Promise<Owned[]> {
  const held = new Map<string, Owned>();
  for (const supplier of new Set(lines.flatMap(({ sku }) => skus.get(sku)?.formerSuppliers ?? []))) {
    for (const { state } of await readClaims(store, supplier, months)) {
      for (const line of state.status === 'none' ? [] : state.lines) held.set(line.key, { supplier, line });
    }
  }
  return lines.flatMap((line) => {
    const { supplier, unitCost, formerSuppliers = [] } = skus.get(line.sku) ?? {};
    const former = held.get(line.key);
    if (former && formerSuppliers.includes(former.supplier))
      return [{ supplier: former.supplier, line: withCost(line, former.line.unitCost) }];
    return supplier === undefined ? [] : [{ supplier, line: withCost(line, unitCost) }];
  });
}

const withCost = (line: ClaimLine, unitCost: Money | undefined): ClaimLine => ({
  ...line,
  ...(unitCost && { unitCost }),
});

/** SKUs that nobody supplies remember who waits for it, and those that somebody does forget it; whether there is more to do. */
async function tellSkus(
  store: Store,
  returnKey: string,
  skus: Skus,
  lines: readonly ClaimLine[],
  cause: Cause,
): Promise<boolean> {
  let changed = false;
  for (const [sku, state] of skus) {
    const gives = lines.some((line) => line.sku === sku);
    if (state.supplier !== undefined || !gives) await stopWaiting(store, sku, state, returnKey, cause);
    else if (await wait(store, sku, returnKey, cause)) changed = true;
  }
  return changed;
}

async function skusOf(store: Store, { authorized }: OpenReturn): Promise<Map<string, SkuState>> {
  const skus = [...new Set(authorized.map(({ sku }) => sku))];
  const states = await Promise.all(skus.map((sku) => store.load<SkuState>(skuKey(sku))));
  return new Map(skus.map((sku, index) => [sku, states[index]?.state ?? skuAggregate.decider.initial]));
}

type Placing = {
  readonly supplier: string;
  readonly returnKey: string;
  /** All that the return gives to claim from the supplier. */
  readonly lines: readonly ClaimLine[];
  readonly months: Months;
};

/** One supplier's claims in one transaction; whether any changed. */
async function place({ store, monthOf }: ClaimPorts, placing: Placing, cause: Cause): Promise<boolean> {
  const { supplier, returnKey, lines, months } = placing;
  const wanted = lines.map((line) => ({ line, period: earlier(monthOf(line.inspectedAt), months.to) }));
  const decide = async (): Promise<Together<undefined>> => {
    const claims = await readClaims(store, supplier, months);
    const parts = placeLines({ returnKey, wanted, claims }).map((change) => {
      const stored = claims.find(({ id }) => id.period === change.id.period)?.stored;
      return stage(claimAggregate, claimKey(change.id), { type: 'change-lines', ...change }, stored, cause);
    });
    const writes = writesOf(...parts);
    return writes.length === 0
      ? { kind: 'ignored', why: 'claimed', state: undefined }
      : { kind: 'staged', writes, state: undefined };
  };
  return (await handleTogether(store, returnKey, decide, cause)).kind === 'committed';
}

/** A warehouse whose clock is fast has inspected nothing in a month that has not come. */
const earlier = (one: string, other: string): string => (one < other ? one : other);
