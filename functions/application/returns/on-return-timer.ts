import type { ReturnCommand } from '#core/returns/decider.ts';
import { parseDutyTimer } from '#core/returns/duties/deadlines.ts';
import { APPROVAL_EXPIRY, INSPECTION_DEADLINE, RECEIPT_DEADLINE } from '#core/returns/timers.ts';
import type { IdSource } from '../ports/runtime.ts';
import type { DueTimer } from '../ports/store.ts';
import { changeReturn, type ReturnPorts } from './change-return.ts';

export type ReturnTimerPorts = ReturnPorts & { readonly ids: IdSource };

/** A deadline of a return has come. Early, late or doubled it does no harm: the return knows how far it is. */
export async function onReturnTimer(
  ports: ReturnTimerPorts,
  { subject, name }: Pick<DueTimer, 'subject' | 'name'>,
  now: string,
): Promise<'done'> {
  const cause = { now, correlationId: ports.ids.next(), causationId: `${subject}/TIMER#${name}` };
  await changeReturn(ports, subject, () => commandOf(name, now), cause);
  return 'done';
}

function commandOf(name: string, at: string): ReturnCommand {
  const duty = parseDutyTimer(name);
  if (duty) return { type: 'note-duty', at, ...duty };
  switch (name) {
    case RECEIPT_DEADLINE:
      return { type: 'expire', at };
    case INSPECTION_DEADLINE:
      return { type: 'note-inspection-missed', at };
    case APPROVAL_EXPIRY:
      return { type: 'lapse-approval', at };
    default:
      throw new Error(`a return has no timer "${name}"`);
  }
}
