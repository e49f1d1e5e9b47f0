import { type Assignment, assignSuppliers } from '#application/claims/assign-suppliers.ts';
import { closeClaim } from '#application/claims/close-claim.ts';
import { collectLines } from '#application/claims/collect-lines.ts';
import type { Store } from '#application/ports/store.ts';
import type { ClaimState, OpenClaim } from '#core/claims/claim.ts';
import { monthIn } from '#core/kernel/calendar.ts';
import type { Target } from '#core/operations/operation.ts';
import type { InspectedLine } from '#core/returns/return.ts';
import { House } from '../returns/house.ts';
import { authorize, inspected, RETURN_KEY, received, report, unit } from '../returns/samples.ts';

export const MUG = { sku: 'MUG-BLUE', supplier: 'acme', unitCost: { minor: 300, currency: 'USD' } };
export const MUG_FAULTY = unit('L2', 1, 'opened', 'quarantine');
export const FAULTY = [unit('L1', 2), MUG_FAULTY];

type Terms = {
  readonly erp?: Target;
  /** Gets between the use cases and the store. */
  readonly through?: (store: Store) => Store;
};

/** A return of two shirts (unwanted) and a mug (defective) that was authorized in November. */
export async function authorizedReturn({ erp, through = (store) => store }: Terms = {}) {
  const house = new House();
  await house.shippedOrder();
  await house.return(authorize);
  const ports = { store: through(house.store), monthOf: monthIn('UTC'), erpOf: () => erp };
  return {
    ...{ house, ports },
    claim: async (period = '2026-11', supplier = 'acme') =>
      (await house.store.load<ClaimState>(`CLAIM#${supplier}#${period}`))?.state as OpenClaim | undefined,
    inspect: (lines: readonly InspectedLine[], occurredAt: string, id?: string) =>
      house.return(report({ ...inspected(lines, undefined, id), occurredAt })),
    collect: () => collectLines(ports, RETURN_KEY, house.cause),
    assign: (...some: Assignment[]) => assignSuppliers(ports, some, true, house.cause),
    close: async (now = '2026-12-01T08:00:00.000Z', apply = true) =>
      closeClaim(ports, { supplier: 'acme', period: '2026-11' }, { by: 'op-7', apply }, { ...house.cause, now }),
  };
}

/** Received and found so, the day after. */
export async function inspectedAs(lines: readonly InspectedLine[], terms?: Terms) {
  const it = await authorizedReturn(terms);
  await it.house.return(report(received()), report(inspected(lines)));
  return it;
}

/** Received and found so in the month after. */
export async function inspectedInDecember(lines: readonly InspectedLine[]) {
  const it = await authorizedReturn();
  it.house.clock.advance(9 * 86_400);
  await it.house.return(report({ ...received(), occurredAt: '2026-12-03T09:00:00.000Z' }));
  await it.inspect(lines, '2026-12-03T12:00:00.000Z');
  return it;
}
