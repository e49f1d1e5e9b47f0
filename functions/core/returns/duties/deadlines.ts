import type { CaseToOpen } from '../../cases/case.ts';
import { type Effects, effects, NO_EFFECTS } from '../../kernel/effects.ts';
import type { OpenReturn } from '../state.ts';
import { endOfBusinessDay } from './business-days.ts';
import type { Duty } from './duty.ts';

export type DutyStage = 'warning' | 'breach';

const PREFIX = 'duty/';
const STAGES: readonly DutyStage[] = ['warning', 'breach'];

export const dutyTimer = (id: string, stage: DutyStage): string => `${PREFIX}${stage}/${id}`;

/** The duty and stage in a timer's name; undefined when it is no duty's. */
export function parseDutyTimer(name: string): { readonly duty: string; readonly stage: DutyStage } | undefined {
  const stage = STAGES.find((one) => name.startsWith(`${PREFIX}${one}/`));
  return stage && { stage, duty: name.slice(`${PREFIX}${stage}/`.length) };
}

export const dutiesOfReturn = ({ authorization }: Pick<OpenReturn, 'authorization'>): readonly Duty[] =>
  authorization.terms?.duties ?? [];

/** When the first goods came, whatever the order of the reports. */
export const dutyBegins = ({ receipts }: Pick<OpenReturn, 'receipts'>): string | undefined =>
  receipts.map(({ occurredAt }) => occurredAt).sort()[0];

/** The first instant that is too late. */
export const breachOf = ({ within, calendar }: Duty, begins: string): string =>
  'hours' in within ? plusHours(begins, within.hours) : endOfBusinessDay(begins, within.businessDays, calendar);

/** A lead that is longer than the duty itself warns at once. */
export function warningOf(duty: Duty, begins: string): string {
  const warning = plusHours(breachOf(duty, begins), -duty.warnHours);
  return warning > begins ? warning : begins;
}

const plusHours = (instant: string, hours: number): string =>
  new Date(Date.parse(instant) + hours * 3_600_000).toISOString();

/** The buyer's money is on its way or nothing is owed: no marketplace can demand more. What the channel does not show is not. */
export const isDutyMet = (state: OpenReturn): boolean => {
  const { refund, finance, status } = state;
  if ((refund?.status === 'issued' && !refund.unconfirmed) || refund?.status === 'paid') return true;
  if (finance?.outcome === 'nothing-to-refund') return true;
  return ['closed', 'cancelled', 'refused', 'reversed', 'expired', 'rejected', 'overdue'].includes(status);
};

/** Sets the timers of the duties that have begun, or clears them and their cases when they are met. */
export function dutyTimers(state: OpenReturn): Effects {
  const begins = dutyBegins(state);
  const duties = dutiesOfReturn(state);
  if (duties.length === 0 || begins === undefined) return NO_EFFECTS;
  if (isDutyMet(state)) {
    return effects({
      clearTimers: duties.flatMap(({ id }) => STAGES.map((stage) => dutyTimer(id, stage))),
      closeCases: duties.flatMap(({ id }) => STAGES.map((stage) => caseCode(stage, id))),
    });
  }
  return effects({
    setTimers: duties.flatMap((duty) => [
      ...(state.duties?.[duty.id] === undefined
        ? [{ name: dutyTimer(duty.id, 'warning'), dueAt: warningOf(duty, begins) }]
        : []),
      ...(state.duties?.[duty.id] !== 'breached'
        ? [{ name: dutyTimer(duty.id, 'breach'), dueAt: breachOf(duty, begins) }]
        : []),
    ]),
  });
}

const caseCode = (stage: DutyStage, id: string): string =>
  `${stage === 'warning' ? 'DUTY_AT_RISK' : 'DUTY_BREACHED'}#${id}`;

/** What a person is told; the warning ends where the breach begins. */
export function dutyCase(state: OpenReturn, duty: Duty, stage: DutyStage, minorAtRisk: number): Effects {
  const { id, currency } = { id: state.authorization.id.returnId, currency: state.authorization.currency };
  const until = breachOf(duty, dutyBegins(state) ?? state.authorization.decidedAt);
  const opened: CaseToOpen = {
    code: caseCode(stage, duty.id),
    owner: 'customer-service',
    message:
      stage === 'warning'
        ? `return ${id} must be refunded before ${until} (${duty.source}), and is ${state.status}`
        : `return ${id} should have been refunded before ${until} (${duty.source}), and is ${state.status}`,
    suggestedFix: `crossdock explain ${id} shows what it waits for`,
    moneyAtRisk: { minor: minorAtRisk, currency },
  };
  return effects({ openCases: [opened], closeCases: stage === 'breach' ? [caseCode('warning', duty.id)] : [] });
}
