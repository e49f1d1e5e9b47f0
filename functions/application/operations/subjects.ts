import type { Reason } from '#core/kernel/decision.ts';
import { TransientError } from '#core/kernel/errors.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { Cause, Handled } from '../aggregate.ts';
import type { CaseStore, OperationStore } from '../ports/store.ts';

/** The aggregates that plan operations and are told how they ended. */
export interface Subjects {
  /** Why a planned operation must not be sent any more, if so: its order was cancelled meanwhile. */
  unwanted(operation: Operation): Promise<Reason | undefined>;
  /** Writes an ended operation and what it means for its subject, in one transaction. */
  settle(ended: Operation, expectedRevision: number, now: string): Promise<void>;
  /** Writes a rejected operation that is planned again; answers why not when that can't be. */
  replan(again: Operation, expectedRevision: number, now: string): Promise<Reason | undefined>;
}

/** What one kind of aggregate does with its operations. */
export type SubjectHandler = {
  readonly unwanted?: (operation: Operation) => Promise<Reason | undefined>;
  /** Commits the outcome together with the operation's row. */
  readonly settle: (ended: Operation, expectedRevision: number, cause: Cause) => Promise<Handled<unknown>>;
  /** For operations that hold something of their subject (money): takes it again in the commit that writes the row. */
  readonly replan?: (again: Operation, expectedRevision: number, cause: Cause) => Promise<Handled<unknown>>;
};

/** Finds the aggregate by the first part of its key (`ORDER#…`). */
export function subjectsByKind(
  handlers: Readonly<Record<string, SubjectHandler>>,
  ports: { readonly operations: OperationStore; readonly cases: CaseStore },
): Subjects {
  const handlerOf = ({ key, subject }: Operation): SubjectHandler => {
    const handler = handlers[subject.slice(0, subject.indexOf('#'))];
    if (!handler) throw new Error(`${key} belongs to ${subject}, which this function does not know`);
    return handler;
  };
  return {
    unwanted: async (operation) => handlerOf(operation).unwanted?.(operation),
    async settle(ended, expectedRevision, now) {
      const cause = causeOf(ended, now);
      const handled = await handlerOf(ended).settle(ended, expectedRevision, cause);
      if (handled.kind === 'rejected') await recordUnwelcome(ports, ended, expectedRevision, handled.reason, now);
    },
    async replan(again, expectedRevision, now) {
      const { replan } = handlerOf(again);
      if (replan) {
        const handled = await replan(again, expectedRevision, causeOf(again, now));
        return handled.kind === 'rejected' ? handled.reason : undefined;
      }
      if (await ports.operations.save(again, expectedRevision)) return undefined;
      return { code: 'VERSION_CONFLICT', message: `${again.key} changed meanwhile: look again` };
    },
  };
}

const causeOf = ({ correlationId, key }: Operation, now: string): Cause => ({ now, correlationId, causationId: key });

/** What the partner did is a fact even when the aggregate refuses to hear it: the row is kept, and a person is told. */
async function recordUnwelcome(
  { operations, cases }: { readonly operations: OperationStore; readonly cases: CaseStore },
  ended: Operation,
  expectedRevision: number,
  reason: Reason,
  now: string,
): Promise<void> {
  await cases.open(
    ended.subject,
    {
      code: `OUTCOME_UNEXPECTED#${ended.kind}`,
      owner: 'integration',
      message: `${ended.key} ended as ${ended.status}, and ${ended.subject} can't take that: ${reason.code}: ${reason.message}`,
      suggestedFix: 'compare both sides with "crossdock explain", set right what is wrong, then close this case',
    },
    now,
  );
  if (!(await operations.save(ended, expectedRevision))) {
    throw new TransientError(
      'VERSION_CONFLICT',
      `${ended.key} changed while its end was written: it will be read again`,
    );
  }
}
