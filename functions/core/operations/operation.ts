import type { Reason } from '../kernel/decision.ts';
import type { Json } from '../kernel/fingerprint.ts';

/**
 * An operation is one write to a partner, and the only way to make one. It is known by a permanent key that is business
 * identity (`erp/sales-order/shopify/main/5001`), never a message id; key and row never expire.
 */

/** What an operation does; the first segment of its key says on which side of the house the partner stands. */
export const OPERATION_KINDS = [
  'erp/sales-order',
  'erp/item-receipt',
  'erp/credit-memo',
  'erp/stock-move',
  'erp/journal',
  'erp/supplier-claim',
  'erp/credit-memo-reversal',
  'channel/fulfillment',
  'channel/refund',
  'channel/refund-confirmation',
] as const;

/** Operations that undo another: when one fails, what it was to undo stands, and engineers are told as well. */
export const COMPENSATING: readonly string[] = ['erp/credit-memo-reversal'];

export type OperationKind = (typeof OPERATION_KINDS)[number];

/** The partner account that carries the operation out. */
export type Target = { readonly connector: string; readonly account: string };

export type JsonObject = { readonly [key: string]: Json };

/** What is planned: everything the executor and a later reader need, and no personal data (see `subject`). */
export type PlannedOperation = {
  readonly key: string;
  readonly kind: OperationKind;
  readonly target: Target;
  /** Key of the aggregate that planned it and that the outcome is told to; personal data is read from there. */
  readonly subject: string;
  readonly content: JsonObject;
};

export type OperationStatus = 'planned' | 'attempting' | 'unknown' | 'deferred' | 'applied' | 'rejected';

export type Operation = PlannedOperation & {
  /** Of `content`: the same key with another fingerprint is a conflict, never a second write. */
  readonly fingerprint: string;
  readonly status: OperationStatus;
  /** Raised with every change of the row; each write is conditional on it. */
  readonly revision: number;
  /** Calls begun, probes not counted. */
  readonly attempts: number;
  /** How often a person has had it planned again after a refusal; a refusal had no effect, so what follows is a new try. */
  readonly generation?: number;
  readonly plannedAt: string;
  readonly correlationId: string;
  /** Who holds the right to call the partner until when; set while `attempting`. */
  readonly lease?: { readonly owner: string; readonly until: string };
  /** Set from the first call whose end we did not see until a probe has settled it. */
  readonly unknownSince?: string;
  /** No call and no probe before this instant. */
  readonly notBefore?: string;
  /** When the sweep hands it to its queue again. Every operation that has not ended has one: nothing can be forgotten. */
  readonly dueAt?: string;
  /** The partner's own id of what was made. */
  readonly ref?: string;
  /** What else the partner said that the business needs (document numbers, amounts): small and without personal data. */
  readonly facts?: JsonObject;
  /** Why it was rejected, deferred or left unknown. */
  readonly reason?: Reason;
  readonly endedAt?: string;
};

/** Key of the aggregate's own part of an operation key: `erp/sales-order` + `shopify/main/5001`. */
export const operationKey = (kind: OperationKind, ...identity: readonly string[]): string =>
  [kind, ...identity].join('/');

export const isEnded = ({ status }: Pick<Operation, 'status'>): boolean =>
  status === 'applied' || status === 'rejected';

/** What a connector answers to a write. */
export type Outcome =
  | { readonly kind: 'applied'; readonly ref: string; readonly facts?: JsonObject }
  | { readonly kind: 'rejected'; readonly reason: Reason }
  /** The request may have reached the partner and we can't tell what became of it. */
  | { readonly kind: 'unknown'; readonly cause: string }
  /** Refused before any effect because we call too often. */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds?: number }
  /** The partner can't be reached and certainly did not act (connection refused, maintenance page). */
  | { readonly kind: 'unavailable'; readonly cause: string; readonly until?: string };

/** What a connector answers to the question "did this operation happen?". */
export type ProbeAnswer =
  | { readonly kind: 'found'; readonly ref: string; readonly facts?: JsonObject }
  | { readonly kind: 'absent' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'unavailable'; readonly cause: string; readonly until?: string };

/** How far a connector's reads can be trusted, per kind of operation; declared in its manifest. */
export type ProbePolicy =
  /** A read after the lease has ended shows every effect: absent means absent. */
  | { readonly read: 'authoritative' }
  /** Effects show up to this many seconds late; absent before that means nothing, after it a person decides. */
  | { readonly read: 'lagging'; readonly visibilityLagSeconds: number }
  /** The partner can't be asked: a person decides. */
  | { readonly read: 'impossible' };
