import { INSPECTION_DEADLINE, RECEIPT_DEADLINE } from '#core/returns/reactions.ts';
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
  await changeReturn(ports, subject, () => ({ type: commandOf(name), at: now }), cause);
  return 'done';
}

function commandOf(name: string): 'expire' | 'note-inspection-missed' {
  if (name === RECEIPT_DEADLINE) return 'expire';
  if (name === INSPECTION_DEADLINE) return 'note-inspection-missed';
  throw new Error(`a return has no timer "${name}"`);
}
