import type { SubjectHandler } from '../operations/subjects.ts';
import { changeReturn, type ReturnPorts } from './change-return.ts';
import { returnOutcome } from './return-outcome.ts';

/** Tells returns how their operations ended. */
export const returnSubject = (ports: ReturnPorts): SubjectHandler => ({
  settle: (ended, expectedRevision, cause) =>
    changeReturn(ports, ended.subject, () => returnOutcome(ended), cause, {
      operation: { row: ended, expectedRevision },
    }),
});
