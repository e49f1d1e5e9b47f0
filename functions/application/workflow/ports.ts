import type { ReturnPolicy } from '#core/returns/policy.ts';
import type { Clock, Faults, IdSource, Log } from '../ports/runtime.ts';
import type { WaitStore } from '../ports/store.ts';
import type { WorkflowEngine } from '../ports/workflow.ts';
import type { RefundPorts } from '../refunds/stage-refund.ts';
import type { ReturnPorts } from '../returns/change-return.ts';

/** What the steps of return-to-refund work with. */
export type WorkflowPorts = ReturnPorts &
  RefundPorts & {
    /** The merchant's rules; what they say of books and advances is read. */
    readonly policy: Pick<ReturnPolicy, 'settlement'>;
    readonly waits: WaitStore;
    readonly engine: WorkflowEngine;
    readonly clock: Clock;
    readonly ids: IdSource;
    readonly log: Log;
    readonly faults: Faults;
  };
