import { eventType } from '../event-type.ts';

export const caseOpenedV1 = eventType(
  'case.opened.v1',
  1,
  'Something waits for a person. Sent once per case; a case that comes up again while open only raises its count.',
);

export const caseClosedV1 = eventType('case.closed.v1', 1, 'The cause of a case is gone, or a person closed it.');
