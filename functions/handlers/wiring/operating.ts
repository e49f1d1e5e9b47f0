import { claimSubject } from '#application/claims/claim-subject.ts';
import type { OperatorPorts } from '#application/operations/retry-operation.ts';
import { subjectsByKind } from '#application/operations/subjects.ts';
import { orderSubject } from '#application/orders/order-subject.ts';
import { refundSubject } from '#application/refunds/record-refund-outcome.ts';
import { replanRefund } from '#application/refunds/replan-refund.ts';
import { returnSubject } from '#application/returns/return-subject.ts';
import { settlementSubject } from '#application/settlements/settlement-subject.ts';
import { caseStore, operationStore, stateStore } from '#platform/aws/stores.ts';
import { clock, operationQueue } from '#platform/handlers/on-aws.ts';
import { orderPorts, refundPorts, returnPorts } from './aggregates.ts';
import { settlementPorts } from './settlements.ts';

/** The ports of a person who retries or settles operations: all kinds of subjects, for operations of any partner. */
export function operatorPorts(): OperatorPorts {
  const stores = { operations: operationStore(), cases: caseStore() };
  const refunds = { ...refundPorts(), ...returnPorts() };
  const subjects = subjectsByKind(
    {
      ORDER: orderSubject(orderPorts()),
      RETURN: returnSubject(returnPorts()),
      SETTLEMENT: settlementSubject(settlementPorts()),
      CLAIM: claimSubject({ store: stateStore() }),
      REFUND: {
        ...refundSubject(refunds),
        replan: (again, revision, cause) => replanRefund(refunds, again, revision, cause),
      },
    },
    stores,
  );
  return { ...stores, subjects, queue: operationQueue(), clock };
}
