import type { Reason } from '#core/kernel/decision.ts';
import type { Operation } from '#core/operations/operation.ts';

/** The aggregates that plan operations and are told how they ended. */
export interface Subjects {
  /** Why a planned operation must not be sent any more, if so: its order was cancelled meanwhile. */
  unwanted(operation: Operation): Promise<Reason | undefined>;
  /** Writes an ended operation and what it means for its subject, in one transaction. */
  settle(ended: Operation, expectedRevision: number, now: string): Promise<void>;
}
