import { eventType } from '../event-type.ts';

export const refundPlannedV1 = eventType(
  'refund.planned.v1',
  1,
  'Money of the order is reserved, and the channel is asked to pay it back; sent again when a refused one is retried.',
);

export const refundIssuedV1 = eventType('refund.issued.v1', 1, 'The channel has taken the refund.');

export const refundConfirmedV1 = eventType('refund.confirmed.v1', 1, 'The channel reports our refund as made.');

export const refundRefusedV1 = eventType(
  'refund.refused.v1',
  1,
  'The channel refuses the refund; its money is free again and a case is open.',
);

export const refundUnconfirmedV1 = eventType(
  'refund.unconfirmed.v1',
  1,
  'The channel took the refund and does not show it as paid when it is asked; a case is open.',
);

export const refundRecordedV1 = eventType('refund.recorded.v1', 1, 'The channel made a refund by itself.');
