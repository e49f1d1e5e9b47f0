import { accepted, type Decision, ignored } from '../../kernel/decision.ts';
import type { ReturnEvent } from '../events.ts';
import type { OpenReturn } from '../state.ts';
import { type DutyStage, dutiesOfReturn, dutyBegins, isDutyMet } from './deadlines.ts';

type Noted = { readonly duty: string; readonly stage: DutyStage; readonly at: string };

/** A duty's timer has come. Each stage is told once, a warning never after its breach, and nothing once the duty is met. */
export function noteDuty({ duty, stage, at }: Noted, state: OpenReturn): Decision<ReturnEvent> {
  if (!dutiesOfReturn(state).some(({ id }) => id === duty)) return ignored(`the return has no duty ${duty}`);
  if (dutyBegins(state) === undefined || isDutyMet(state)) return ignored('the duty is met, or has not begun');
  const told = state.duties?.[duty];
  if (told === 'breached' || (told === 'warned' && stage === 'warning')) return ignored('a person was told');
  return accepted({ type: 'return.duty-noted', duty, stage, at });
}
