import { PoisonError } from '#core/kernel/errors.ts';
import { type ReturnProgress, returnKey } from '#core/returns/return.ts';
import { happenedBy } from '../intake/report-time.ts';
import type { Taker } from '../intake/take-message.ts';
import { changeReturn, type ReturnPorts } from './change-return.ts';

/** Takes what a returns platform or a warehouse reports of a return. Throws PoisonError for what can't be recorded. */
export const takeReturnProgress =
  (ports: ReturnPorts): Taker<'return-progress'> =>
  async ({ returnId, progress }, cause, inbox) => {
    const subject = returnKey(returnId);
    const report = inOurTime(progress);
    happenedBy(cause.now, `the report "${report.type}" of a return`, report.occurredAt, subject);
    const handled = await changeReturn(
      ports,
      subject,
      () => ({ type: 'record-progress', progress: report }),
      cause,
      inbox ? { inbox: { ...inbox, subject } } : {},
    );
    if (handled.kind === 'rejected') {
      throw new PoisonError(handled.reason.code, handled.reason.message, { context: { subject } });
    }
    return { kind: handled.kind, subject, ...(handled.kind === 'ignored' && { why: handled.why }) };
  };

/** Times in one spelling, because which of two reports is newer is read off them. */
function inOurTime(progress: ReturnProgress): ReturnProgress {
  const time = Date.parse(progress.occurredAt);
  if (Number.isNaN(time)) {
    const message = `"${progress.occurredAt}" is not a time: send ISO 8601 with an offset`;
    throw new PoisonError('TIME_INVALID', message);
  }
  return { ...progress, occurredAt: new Date(time).toISOString() };
}
