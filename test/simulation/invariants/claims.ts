import type { ClaimLine, OpenClaim } from '#core/claims/claim.ts';
import type { SkuState } from '#core/claims/sku.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { Ground } from './ground.ts';
import type { Violation } from './safety.ts';

const violation = (subject: string, message: string): Violation => ({ invariant: 'I22', subject, message });

/**
 * I22: at rest all claims together hold each unit that the returns give to claim, once and from one supplier, at the cost of its
 * article where the claim is open; and whoever has to name a supplier has been asked. Counted here from the returns' states
 * alone.
 */
export function checkClaims(ground: Ground): Violation[] {
  const skus = new Map(ground.skus().map(({ key, state }) => [key.slice('SKU#'.length), state]));
  const claims = ground.claims().map(({ state }) => state);
  const due = new Map(ground.returns().flatMap(({ key, state }) => [...dueOf(key, state)]));
  return [...checkUnits(due, claims, skus, ground), ...claims.flatMap((claim) => checkCosts(claim, skus))];
}

type Due = { readonly sku: string; readonly units: number };
type Skus = ReadonlyMap<string, SkuState>;

function checkUnits(
  due: ReadonlyMap<string, Due>,
  claims: readonly OpenClaim[],
  skus: Skus,
  ground: Ground,
): Violation[] {
  const asked = new Set(
    ground.openCases().flatMap(({ code, subject }) => (code === 'SUPPLIER_UNKNOWN' ? [subject] : [])),
  );
  const claimed = Map.groupBy(
    claims.flatMap(({ supplier, lines }) => lines.map((line) => ({ supplier, line }))),
    ({ line }) => placeOf(line),
  );
  return [...new Set([...due.keys(), ...claimed.keys()])].flatMap((place) => {
    const { sku = '', units = 0 } = due.get(place) ?? {};
    const lines = claimed.get(place) ?? [];
    if (units > 0 && lines.length === 0 && skus.get(sku)?.supplier === undefined) {
      return asked.has(`SKU#${sku}`) ? [] : [violation(place, `nobody supplies ${sku}, and nobody is asked who does`)];
    }
    const bySupplier = Map.groupBy(lines, ({ supplier }) => supplier);
    const sums = [...bySupplier].map(([supplier, own]) => [
      supplier,
      own.reduce((sum, { line }) => sum + line.quantity, 0),
    ]);
    const owing = sums.filter(([, sum]) => sum !== 0);
    const right = units === 0 ? owing.length === 0 : owing.length === 1 && owing[0]?.[1] === units;
    return right
      ? []
      : [violation(place, `${units} units are to be claimed, and claims hold ${JSON.stringify(owing)}`)];
  });
}

/** What is taken back, and what a former supplier was asked for, stays at the cost that it was claimed at. */
const checkCosts = ({ supplier, period, status, lines }: OpenClaim, skus: Skus): Violation[] =>
  lines.flatMap(({ sku, quantity, unitCost }) => {
    const { supplier: owner, unitCost: said } = skus.get(sku) ?? {};
    if (status === 'closed' || quantity < 0 || owner !== supplier || said?.minor === unitCost?.minor) return [];
    return [
      violation(`CLAIM#${supplier}#${period}`, `${sku} costs ${said?.minor}, and the claim says ${unitCost?.minor}`),
    ];
  });

const placeOf = ({ returnKey, inspectionId, lineId }: ClaimLine): string => `${returnKey} ${inspectionId} ${lineId}`;

const ENDED_WITHOUT_GOODS = new Set(['rejected', 'review', 'cancelled', 'expired', 'refused']);
const FAULTS = new Set(['defective', 'quality', 'missing-parts', 'expired']);

/** Units to claim by return, inspection and line: what was found to be the maker's fault, up to what was authorized. */
function* dueOf(key: string, state: OpenReturn): Generator<[string, Due]> {
  if (ENDED_WITHOUT_GOODS.has(state.status) || state.receipts.length === 0) return;
  const units = new Map<string, Due>();
  for (const { lineId, sku, quantity } of state.authorized) {
    const at = state.authorization.lines.findIndex((line) => line.lineId === lineId);
    const reason = (state.reasons?.lines[at] ?? state.authorization.lines[at]?.reason)?.canonical ?? '';
    let left = quantity;
    for (const { inspectionId, lines } of state.inspections) {
      for (const line of lines) {
        const ours = line.condition !== 'wrong-item' && line.condition !== 'empty' && !line.rejected;
        if (line.lineId !== lineId || !ours) continue;
        const taken = Math.min(left, line.quantity);
        left -= taken;
        const faulty = FAULTS.has(reason) && line.condition !== 'new';
        if (taken === 0 || !(faulty || line.disposition === 'return-to-vendor')) continue;
        const place = `${key} ${inspectionId} ${lineId}`;
        units.set(place, { sku, units: (units.get(place)?.units ?? 0) + taken });
      }
    }
  }
  yield* units;
}
