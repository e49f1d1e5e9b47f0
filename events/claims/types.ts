import { eventType } from '../event-type.ts';

export const claimClosedV1 = eventType(
  'claim.closed.v1',
  1,
  'What a supplier owes for a period is fixed and numbered; it never changes again.',
);

export const claimDocumentedV1 = eventType(
  'claim.documented.v1',
  1,
  'The ERP holds a credit note of the claim as a draft, for a person to settle with the supplier.',
);

export const claimDocumentRefusedV1 = eventType(
  'claim.document-refused.v1',
  1,
  'The ERP refuses a credit note of the claim; a case is open.',
);
