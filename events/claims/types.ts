import { eventType } from '../event-type.ts';

export const claimClosedV1 = eventType(
  'claim.closed.v1',
  1,
  'What a supplier owes for a period is fixed and numbered; it never changes again.',
);
