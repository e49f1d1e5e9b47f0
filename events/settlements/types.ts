import { eventType } from '../event-type.ts';

export const settlementImportedV1 = eventType(
  'settlement.imported.v1',
  1,
  'A settlement was read whole, its lines are kept; sent again when it was collected again with another content.',
);

export const settlementMatchedV1 = eventType(
  'settlement.matched.v1',
  1,
  'All orders have been told what the settlement says of them; differences by cause. Sent again when they change.',
);

export const settlementBlockedV1 = eventType(
  'settlement.blocked.v1',
  1,
  'The settlement may not be posted: lines that no rule knows, or money that nothing explains; a case is open.',
);

export const settlementPostedV1 = eventType(
  'settlement.posted.v1',
  1,
  'The ERP holds a move of the settlement; `complete` with the last of its parts.',
);

export const settlementAdjustedV1 = eventType(
  'settlement.adjusted.v1',
  1,
  'The ERP holds a move over what a settlement changed after it was posted; it names the first posting.',
);

export const settlementPostingRefusedV1 = eventType(
  'settlement.posting-refused.v1',
  1,
  'The ERP refuses a move of the settlement; a case is open.',
);

export const settlementCollectionDueV1 = eventType(
  'settlement.collection-due.v1',
  1,
  'Channels change settlements for weeks: it is time to collect this one again.',
);
