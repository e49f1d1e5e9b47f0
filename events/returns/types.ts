import { eventType } from '../event-type.ts';

export const returnAuthorizedV1 = eventType(
  'return.authorized.v1',
  2,
  'Units of an order may come back; the return-to-refund workflow begins.',
);

export const returnRejectedV1 = eventType('return.rejected.v1', 2, 'A return was asked for and refused.');

export const returnReferredV1 = eventType(
  'return.referred.v1',
  2,
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

export const returnInspectedV1 = eventType('return.inspected.v1', 2, 'Goods of the return were looked at.');

export const returnAssessedV1 = eventType('return.assessed.v1', 2, 'What is refunded and credited is fixed.');

export const returnApprovedV1 = eventType('return.approved.v1', 1, 'A person approved the refund.');

export const returnRefusedV1 = eventType('return.refused.v1', 1, 'A person refused the refund; the return has ended.');

export const returnReceiptedV1 = eventType('return.receipted.v1', 1, 'The ERP holds an item receipt for the goods.');

export const returnCreditedV1 = eventType('return.credited.v1', 1, 'The ERP has posted the credit memo.');

export const returnStockedV1 = eventType('return.stocked.v1', 1, 'The units are where their disposition says.');

export const returnStepRefusedV1 = eventType(
  'return.step-refused.v1',
  2,
  'The ERP refuses a step for a business reason; a case is open.',
);

export const returnRefundedV1 = eventType('return.refunded.v1', 1, 'The buyer has the money back.');

export const returnClosedV1 = eventType('return.closed.v1', 1, 'Everything about the return is done.');

export const returnCancelledV1 = eventType('return.cancelled.v1', 1, 'The returns platform cancelled the return.');

export const returnExpiredV1 = eventType('return.expired.v1', 1, 'The goods did not come in time.');

export const returnDeliveredV1 = eventType('return.delivered.v1', 1, 'A carrier has brought the parcel to the house.');

export const returnLostV1 = eventType('return.lost.v1', 1, 'A carrier has lost the parcel; a case is open.');

export const returnReceiptClosedV1 = eventType(
  'return.receipt-closed.v1',
  1,
  'Some of the goods came, and the rest is no longer waited for.',
);

export const returnKeptV1 = eventType('return.kept.v1', 1, 'The buyer keeps the goods and is paid all the same.');

export const returnResolutionChosenV1 = eventType(
  'return.resolution-chosen.v1',
  1,
  'The buyer wants a refund, an exchange or store credit; it counts until the refund is assessed.',
);

export const returnStoreCreditIssuedV1 = eventType(
  'return.store-credit-issued.v1',
  1,
  'The returns platform has issued store credit or a gift card, to whom by reference.',
);

export const returnRefundAdvancedV1 = eventType(
  'return.refund-advanced.v1',
  1,
  'The buyer is refunded before the goods are received.',
);

export const returnClawbackDueV1 = eventType(
  'return.clawback-due.v1',
  1,
  'The buyer owes what was refunded before receipt; a case is open.',
);

export const returnClawbackEndedV1 = eventType(
  'return.clawback-ended.v1',
  1,
  'The buyer owes nothing any more: goods came after all, or a person settled it.',
);

export const returnApprovalLapsedV1 = eventType(
  'return.approval-lapsed.v1',
  1,
  'An approval was not given or not used in its time; it must be asked for again.',
);

export const returnExchangedV1 = eventType(
  'return.exchanged.v1',
  1,
  'The ERP holds a sales order for what goes out in exchange.',
);

export const returnReversedV1 = eventType(
  'return.reversed.v1',
  1,
  'The refund was given up and its credit memo taken back; the return has ended.',
);

export const returnDutyAtRiskV1 = eventType(
  'return.duty-at-risk.v1',
  1,
  'A time that the marketplace gives for the refund is nearly over; a case is open.',
);

export const returnDutyBreachedV1 = eventType(
  'return.duty-breached.v1',
  1,
  'A time that the marketplace gives for the refund is over; a case is open.',
);
