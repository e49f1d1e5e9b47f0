import type { ClaimPorts } from '#application/claims/collect-lines.ts';
import { monthIn } from '#application/claims/month.ts';
import { stateStore } from '#platform/aws/stores.ts';
import { jsonEnv, once } from '#platform/env.ts';

/** Claims by the months of the merchant's zone, as deployed. */
export const claimPorts = once(
  (): ClaimPorts => ({
    store: stateStore(),
    monthOf: jsonEnv('SUPPLIER_CLAIMS', (given) => monthIn((given as { readonly zone: string }).zone)),
  }),
);
