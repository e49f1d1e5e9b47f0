import type { Operation } from '#core/operations/operation.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { stepOfKind } from '#core/returns/operations.ts';

/** What an ended operation means for its return. */
export function returnOutcome(operation: Operation): ReturnCommand {
  if (operation.kind === 'erp/credit-memo-reversal') return reversalOutcome(operation);
  const step = stepOfKind(operation.kind);
  if (!step) {
    throw new Error(`${operation.key} has a return as its subject, and ${operation.kind} is no return's operation`);
  }
  if (operation.status !== 'applied') {
    const reason = operation.reason ?? { code: 'REJECTED', message: 'the partner refused without a reason' };
    return { type: 'record-step-outcome', step, outcome: { kind: 'refused', reason } };
  }
  const { ref, facts } = operation;
  if (ref === undefined) throw new Error(`${operation.key} is applied without the partner's id`);
  const total = facts?.total;
  return {
    type: 'record-step-outcome',
    step,
    outcome: {
      kind: 'applied',
      ref,
      // A document that the ERP has not numbered, or that was settled by hand, is known by its id.
      number: typeof facts?.number === 'string' && facts.number !== '' ? facts.number : ref,
      ...(typeof total === 'number' && { total }),
    },
  };
}

function reversalOutcome({ status, ref, reason }: Operation): ReturnCommand {
  if (status === 'applied' && ref !== undefined) {
    return { type: 'record-compensation', outcome: { kind: 'applied', ref } };
  }
  const refused = reason ?? { code: 'REJECTED', message: 'the partner refused without a reason' };
  return { type: 'record-compensation', outcome: { kind: 'refused', reason: refused } };
}
