import type { Reason } from '#core/kernel/decision.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { RefundCommand } from '#core/refunds/decider.ts';
import type { RefundState } from '#core/refunds/refund.ts';
import type { SubjectHandler } from '../operations/subjects.ts';
import { handleTogether } from '../returns/together.ts';
import { loadRefund, type RefundPorts, stageRefund } from './stage-refund.ts';

/** Tells refunds how their operations ended; the order's money moves in the same transaction. */
export const refundSubject = (ports: RefundPorts): SubjectHandler => ({
  async unwanted({ subject, kind }): Promise<Reason | undefined> {
    const state = (await ports.store.load<RefundState>(subject))?.state;
    // A look moves no money.
    if (!state || state.status === 'planned' || kind === 'channel/refund-confirmation') return undefined;
    const message = `the refund is ${state.status}: no money of the order is held for it`;
    return { code: 'REFUND_NOT_RESERVED', message };
  },
  settle: (ended, expectedRevision, cause) =>
    handleTogether(
      ports.store,
      ended.subject,
      async () => stageRefund(ports, await loadRefund(ports.store, ended.subject), refundOutcome(ended), cause),
      cause,
      { operation: { row: ended, expectedRevision } },
    ),
});

/** What an ended operation means for its refund. */
export function refundOutcome(operation: Operation): RefundCommand {
  if (operation.kind === 'channel/refund-confirmation') return confirmationOutcome(operation);
  if (operation.kind !== 'channel/refund') {
    throw new Error(`${operation.key} has a refund as its subject, and ${operation.kind} is no refund's operation`);
  }
  if (operation.status !== 'applied') {
    const reason = operation.reason ?? { code: 'REJECTED', message: 'the channel refused without a reason' };
    return { type: 'record-refusal', reason };
  }
  const { ref, facts } = operation;
  if (ref === undefined) throw new Error(`${operation.key} is applied without the channel's id`);
  const amount = facts?.amount;
  return {
    type: 'record-issue',
    ref,
    ...(typeof amount === 'number' && { amount }),
    ...(operation.endedAt !== undefined && { at: operation.endedAt }),
  };
}

function confirmationOutcome({ key, status, ref, facts, reason }: Operation): RefundCommand {
  if (status !== 'applied') {
    return {
      type: 'record-unconfirmed',
      reason: reason ?? { code: 'REJECTED', message: 'the channel does not know it' },
    };
  }
  if (ref === undefined || typeof facts?.amount !== 'number') {
    throw new Error(`${key} is applied without the channel's id and amount`);
  }
  return { type: 'confirm', ref, amount: facts.amount };
}
