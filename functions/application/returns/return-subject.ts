import type { Reason } from '#core/kernel/decision.ts';
import { isLeftOut } from '#core/returns/decide-step.ts';
import { stepOfKind } from '#core/returns/operations.ts';
import type { ReturnState } from '#core/returns/state.ts';
import type { SubjectHandler } from '../operations/subjects.ts';
import { changeReturn, type ReturnPorts } from './change-return.ts';
import { returnOutcome } from './return-outcome.ts';

/** Tells returns how their operations ended. */
export const returnSubject = (ports: ReturnPorts): SubjectHandler => ({
  async unwanted({ subject, kind }): Promise<Reason | undefined> {
    const step = stepOfKind(kind);
    const state = (await ports.store.load<ReturnState>(subject))?.state;
    if (step !== 'exchange' || !state || state.status === 'none' || !isLeftOut(step, state)) return undefined;
    return { code: 'EXCHANGE_DROPPED', message: 'the buyer of this return is paid instead: nothing goes out' };
  },
  settle: (ended, expectedRevision, cause) =>
    changeReturn(ports, ended.subject, () => returnOutcome(ended), cause, {
      operation: { row: ended, expectedRevision },
    }),
});
