import { eventType } from '../event-type.ts';

export const returnAuthorizedV1 = eventType(
  'return.authorized.v1',
  1,
  'Units of an order may come back; the return-to-refund workflow begins.',
);

export const returnRejectedV1 = eventType('return.rejected.v1', 1, 'A return was asked for and refused.');

export const returnReferredV1 = eventType(
  'return.referred.v1',
  1,
  'The policy leaves a return to a person; a case is open.',
);

export const returnReasonRenormalizedV1 = eventType(
  'return.reason-renormalized.v1',
  1,
  'A later map reads reasons of the return otherwise; nothing that was decided changes.',
);

export const returnDispatchedV1 = eventType('return.dispatched.v1', 1, 'The buyer has sent the goods.');

export const returnReceivedV1 = eventType(
  'return.received.v1',
  1,
  'Goods of the return arrived. Lines are as reported, also when they are more or others than authorized.',
);

export const returnInspectedV1 = eventType('return.inspected.v1', 1, 'Goods of the return were looked at.');

export const returnAssessedV1 = eventType('return.assessed.v1', 2, 'What is refunded and credited is fixed.');

export const returnApprovedV1 = eventType('return.approved.v1', 1, 'A person approved the refund.');

export const returnRefusedV1 = eventType('return.refused.v1', 1, 'A person refused the refund; the return has ended.');

export const returnReceiptedV1 = eventType('return.receipted.v1', 1, 'The ERP holds an item receipt for the goods.');

export const returnCreditedV1 = eventType('return.credited.v1', 1, 'The ERP has posted the credit memo.');

export const returnStockedV1 = eventType('return.stocked.v1', 1, 'The units are where their disposition says.');

export const returnStepRefusedV1 = eventType(
  'return.step-refused.v1',
  1,
  'The ERP refuses a step for a business reason; a case is open.',
);

export const returnRefundedV1 = eventType('return.refunded.v1', 1, 'The buyer has the money back.');

export const returnClosedV1 = eventType('return.closed.v1', 1, 'Everything about the return is done.');

export const returnCancelledV1 = eventType('return.cancelled.v1', 1, 'The returns platform cancelled the return.');

export const returnExpiredV1 = eventType('return.expired.v1', 1, 'The goods did not come in time.');
