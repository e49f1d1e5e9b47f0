import type { CloseClaimPorts } from '#application/claims/close-claim.ts';
import type { ClaimPorts } from '#application/claims/collect-lines.ts';
import { monthIn } from '#core/kernel/calendar.ts';
import { stateStore } from '#platform/aws/stores.ts';
import { jsonEnv, once } from '#platform/env.ts';
import { targetOf } from './routing.ts';

type Terms = { readonly zone: string; readonly erp: Readonly<Record<string, string>> };

/** Claims by the months of the merchant's zone, booked by the ERP account that the supplier has, as deployed. */
export const claimPorts = once((): ClaimPorts & CloseClaimPorts => {
  const { zone, erp } = jsonEnv('SUPPLIER_CLAIMS', (given) => given as Terms);
  return {
    store: stateStore(),
    monthOf: monthIn(zone),
    erpOf: (supplier) => {
      const name = Object.hasOwn(erp, supplier) ? erp[supplier] : erp.default;
      return name === undefined ? undefined : targetOf(name);
    },
  };
});
