import { type ClaimLine, type ClaimState, claimKey, isAccepting } from '#core/claims/claim.ts';
import { claimLinesOf } from '#core/claims/lines.ts';
import { placeLines, type ReadClaim } from '#core/claims/place.ts';
import { type SkuState, skuKey } from '#core/claims/sku.ts';
import { nextMonth } from '#core/kernel/calendar.ts';
import { TransientError } from '#core/kernel/errors.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { type Cause, handle, stage } from '../aggregate.ts';
import type { Store, Stored } from '../ports/store.ts';
import { handleTogether, type Together, writesOf } from '../returns/together.ts';
import { claimAggregate, skuAggregate } from './aggregates.ts';

export type ClaimPorts = {
  readonly store: Store;
  /** `2026-11`: the month of an instant in the merchant's zone. */
  readonly monthOf: (instant: string) => string;
};

/** No return is inspected ten years after it was decided. */
const MAX_PERIODS = 120;
const TRIES = 5;

/**
 * Brings the claims of all suppliers of a return into line with the return as it stands. The event only says that there is
 * something to read: told twice, late or out of order it comes to the same. A return that changed meanwhile is read again.
 */
export async function collectLines(ports: ClaimPorts, returnKey: string, cause: Cause): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const version = await collectOnce(ports, returnKey, cause);
    if ((await ports.store.load<OpenReturn>(returnKey))?.version === version) return;
  }
  throw new TransientError('VERSION_CONFLICT', `${returnKey} changed under ${TRIES} attempts: it will be read again`);
}

async function collectOnce(ports: ClaimPorts, returnKey: string, cause: Cause): Promise<number> {
  const { store } = ports;
  const stored = await store.load<OpenReturn>(returnKey);
  if (!stored) throw new Error(`${returnKey} was told of and is not there: was the table restored from a backup?`);
  // Nothing to claim and never anything: most returns. One that gave something may give nothing now.
  if (stored.state.inspections.length === 0) return stored.version;
  const skus = await skusOf(store, stored.state);
  const lines = withCosts(claimLinesOf(stored.state), skus);
  const since = ports.monthOf(stored.state.authorization.decidedAt);
  const owners = await ownersOf(ports, lines, skus, since);
  for (const supplier of suppliersOf(skus)) {
    const own = lines.filter(({ key }) => owners.get(key) === supplier);
    await place(ports, { supplier, returnKey, lines: own, since }, cause);
  }
  await tellSkus(store, returnKey, skus, lines, cause);
  return stored.version;
}

type Skus = ReadonlyMap<string, SkuState>;

const suppliersOf = (skus: Skus): string[] => [
  ...new Set(
    [...skus.values()].flatMap(({ supplier, formerSuppliers }) =>
      supplier === undefined ? formerSuppliers : [...formerSuppliers, supplier],
    ),
  ),
];

/** Whom each line is claimed from: the former supplier whose claims hold it, else the supplier of now. */
async function ownersOf(
  ports: ClaimPorts,
  lines: readonly ClaimLine[],
  skus: Skus,
  since: string,
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const { key, sku } of lines) {
    const supplier = skus.get(sku)?.supplier;
    if (supplier !== undefined) owners.set(key, supplier);
  }
  for (const former of new Set(lines.flatMap(({ sku }) => skus.get(sku)?.formerSuppliers ?? []))) {
    const claims = await readClaims(ports, former, since);
    const held = new Set(
      claims.flatMap(({ state }) => (state.status === 'none' ? [] : state.lines)).map(({ key }) => key),
    );
    for (const { key } of lines) if (held.has(key)) owners.set(key, former);
  }
  return owners;
}

/** SKUs that nobody supplies remember who waits for it, and those that somebody does forget it. */
async function tellSkus(
  store: Store,
  returnKey: string,
  skus: Skus,
  lines: readonly ClaimLine[],
  cause: Cause,
): Promise<void> {
  for (const [sku, { supplier, waiting }] of skus) {
    const gives = lines.some((line) => line.sku === sku);
    if (supplier === undefined && gives) await tellSku(store, { type: 'wait', sku, returnKey }, cause);
    if (waiting.includes(returnKey) && (supplier !== undefined || !gives)) {
      await tellSku(store, { type: 'collected', sku, returnKey }, cause);
    }
  }
}

const tellSku = (store: Store, command: { type: 'wait' | 'collected'; sku: string; returnKey: string }, cause: Cause) =>
  handle(store, skuAggregate, skuKey(command.sku), command, cause);

async function skusOf(store: Store, { authorized }: OpenReturn): Promise<Map<string, SkuState>> {
  const skus = [...new Set(authorized.map(({ sku }) => sku))];
  const states = await Promise.all(skus.map((sku) => store.load<SkuState>(skuKey(sku))));
  return new Map(skus.map((sku, index) => [sku, states[index]?.state ?? skuAggregate.decider.initial]));
}

const withCosts = (lines: readonly ClaimLine[], skus: ReadonlyMap<string, SkuState>): ClaimLine[] =>
  lines.map((line) => {
    const unitCost = skus.get(line.sku)?.unitCost;
    return { ...line, ...(unitCost && { unitCost }) };
  });

type Placing = {
  readonly supplier: string;
  readonly returnKey: string;
  /** All that the return gives to claim from the supplier. */
  readonly lines: readonly ClaimLine[];
  readonly since: string;
};

/** One supplier's claims in one transaction. */
async function place(ports: ClaimPorts, { supplier, returnKey, lines, since }: Placing, cause: Cause): Promise<void> {
  const wanted = lines.map((line) => ({ line, period: ports.monthOf(line.inspectedAt) }));
  const last = wanted
    .map(({ period }) => period)
    .sort()
    .at(-1);
  const decide = async (): Promise<Together<undefined>> => {
    const claims = await readClaims(ports, supplier, since, last);
    const parts = placeLines({ returnKey, wanted, claims }).map((change) => {
      const stored = claims.find(({ id }) => id.period === change.id.period)?.stored;
      return stage(claimAggregate, claimKey(change.id), { type: 'change-lines', ...change }, stored, cause);
    });
    const writes = writesOf(...parts);
    return writes.length === 0
      ? { kind: 'ignored', why: 'claimed', state: undefined }
      : { kind: 'staged', writes, state: undefined };
  };
  await handleTogether(ports.store, returnKey, decide, cause);
}

type StoredClaim = ReadClaim & { readonly stored: Stored<ClaimState> | undefined };

/** A supplier's claims from a period on, up to one that takes new lines of every period that is asked for. */
async function readClaims({ store }: ClaimPorts, supplier: string, from: string, to = from): Promise<StoredClaim[]> {
  const claims: StoredClaim[] = [];
  let period = from;
  for (let count = 0; count < MAX_PERIODS; count++) {
    const id = { supplier, period };
    const stored = await store.load<ClaimState>(claimKey(id));
    const state: ClaimState = stored?.state ?? { status: 'none' };
    claims.push({ id, state, stored });
    if (period >= to && isAccepting(state)) return claims;
    period = nextMonth(period);
  }
  throw new Error(`${supplier} has no claim that takes lines within ${MAX_PERIODS} periods from ${from}`);
}
