import type { ReturnStatus } from './state.ts';

/** Every move a return may make; a test proves that each status can be reached and that the decider makes no other move. */
export const RETURN_TRANSITIONS: Readonly<Record<ReturnStatus, readonly ReturnStatus[]>> = {
  none: ['authorized', 'rejected', 'review'],
  rejected: [],
  // Goods may arrive while a person still thinks about the return; an approval then finds them.
  review: ['authorized', 'rejected', 'in-transit', 'received', 'inspected', 'kept', 'cancelled'],
  // An inspection can be reported before its receipt: the receipt then completes both.
  authorized: ['in-transit', 'received', 'inspected', 'kept', 'cancelled', 'expired', 'overdue'],
  'in-transit': ['received', 'inspected', 'kept', 'cancelled', 'expired', 'overdue'],
  received: ['inspected', 'kept', 'awaiting-approval', 'approved', 'closed', 'cancelled'],
  // Another parcel arrives: its goods are not inspected yet.
  inspected: ['received', 'kept', 'awaiting-approval', 'approved', 'closed', 'cancelled'],
  // The buyer keeps the goods: the credit is all there is to do.
  kept: ['awaiting-approval', 'approved', 'cancelled'],
  // Paid before receipt, and the goods did not come in time; they may come after all, or the channel has not paid.
  overdue: ['received', 'inspected', 'kept', 'closed', 'authorized', 'in-transit'],
  'awaiting-approval': ['approved', 'refused', 'cancelled'],
  // An approval that nobody has used lapses. Without goods there is nothing to receive, and what was paid in advance is done
  // with its credit.
  approved: ['receipted', 'credited', 'refunded', 'awaiting-approval'],
  receipted: ['credited'],
  credited: ['stocked', 'refunded', 'reversed'],
  // Paid before receipt: closed as soon as the goods are where they belong.
  stocked: ['refunded', 'reversed'],
  refunded: ['closed'],
  closed: [],
  reversed: [],
  refused: [],
  cancelled: [],
  expired: [],
};
