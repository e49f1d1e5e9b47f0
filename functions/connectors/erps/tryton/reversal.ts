import { BusinessError } from '#core/kernel/errors.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { CreditMemoReversalContent } from '#core/returns/return.ts';

/**
 * `erp/credit-memo-reversal`: a posted credit memo of Tryton can't be cancelled, and what takes it back is for an accountant
 * to choose. So it is refused by name, which puts it in front of one.
 */
export async function refuseReversal(_calls: unknown, _bench: unknown, operation: Operation): Promise<never> {
  const { returnId, creditMemoRef } = operation.content as unknown as CreditMemoReversalContent;
  throw new BusinessError(
    'REVERSAL_BY_HAND',
    `credit memo ${creditMemoRef} of return ${returnId} is posted, and Tryton has no way back for that: an accountant reverses it in the ERP`,
  );
}
