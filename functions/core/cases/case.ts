import type { Money } from '../kernel/money.ts';

/** Who decides a case. */
export const CASE_OWNERS = ['integration', 'erp', 'retail-operations', 'finance', 'customer-service'] as const;
export type CaseOwner = (typeof CASE_OWNERS)[number];

/**
 * What a person must decide. A case is known by its subject and code: the same trouble again raises its count, and it
 * closes by itself when the cause is gone.
 */
export type CaseToOpen = {
  /** SCREAMING_SNAKE, stable; may end in `#<part>` where one subject can have several of a kind (a shipment's id). */
  readonly code: string;
  readonly owner: CaseOwner;
  /** What happened, with ids and amounts; no personal data. */
  readonly message: string;
  /** What to do about it. */
  readonly suggestedFix: string;
  readonly moneyAtRisk?: Money;
};

export type Case = CaseToOpen & {
  /** Key of the aggregate, partner account or intake that it belongs to. */
  readonly subject: string;
  readonly status: 'open' | 'closed';
  readonly count: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly closedAt?: string;
};
