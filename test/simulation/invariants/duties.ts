import type { Duty } from '#core/returns/duties/duty.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { Ground, Held } from './ground.ts';
import type { Violation } from './safety.ts';

const HOUR = 3_600_000;
/** The sweep comes every minute and may be missed or late; whoever is told half an hour late is told too late. */
const SLACK_MS = HOUR / 2;

const violation = (subject: string, message: string): Violation => ({ invariant: 'I17', subject, message });

/**
 * I17: a duty's clock rings once for each of its stages, at the right time of its own calendar and never before, and is
 * silent once the duty is met. The times are reckoned here by walking the zone's days, in another way than the core does.
 */
export function checkDutyChange(
  { now }: Ground,
  key: string,
  before: Held<OpenReturn> | undefined,
  { state }: Held<OpenReturn>,
): Violation[] {
  return dutiesOf(state).flatMap((duty) => {
    const [was, is] = [before?.state.duties?.[duty.id], state.duties?.[duty.id]];
    if (was === is) return [];
    const begins = beginOf(state);
    if (begins === undefined || is === undefined) return [violation(key, `${duty.id} rang, and had not begun`)];
    if (before && isPaid(before.state)) return [violation(key, `${duty.id} rang after it was met`)];
    const due = breachOf(duty, begins) - (is === 'warned' ? duty.warnHours * HOUR : 0);
    return Date.parse(now) >= Math.max(due, begins)
      ? []
      : [violation(key, `${duty.id} is ${is} at ${now}, before ${new Date(due).toISOString()}`)];
  });
}

/** A duty that was not met in its time has rung by now, and each stage left one event in the history. */
export function checkDuties(ground: Ground): Violation[] {
  const rung = STAGES.map((type) => Map.groupBy(ground.eventsOf(type), ({ subject }) => subject));
  return ground.returns().flatMap(({ key, state }) => {
    const begins = beginOf(state);
    return dutiesOf(state).flatMap((duty) => {
      const found = rung.flatMap((byReturn, at) => {
        const times = (byReturn.get(key) ?? []).filter(({ data }) => data.duty === duty.id).length;
        return times > 1 ? [violation(key, `${duty.id} rang ${times} times: ${STAGES[at]}`)] : [];
      });
      if (begins === undefined || !isOpen(state) || Date.parse(ground.now) < breachOf(duty, begins) + SLACK_MS)
        return found;
      return state.duties?.[duty.id] === 'breached'
        ? found
        : [
            ...found,
            violation(
              key,
              `${duty.id} was to be met by ${new Date(breachOf(duty, begins)).toISOString()}, and nobody was told`,
            ),
          ];
    });
  });
}

const STAGES = ['return.duty-at-risk.v1', 'return.duty-breached.v1'];

const dutiesOf = ({ authorization }: OpenReturn): readonly Duty[] => authorization.terms?.duties ?? [];

function beginOf({ receipts }: OpenReturn): number | undefined {
  return receipts.length === 0 ? undefined : Math.min(...receipts.map(({ occurredAt }) => Date.parse(occurredAt)));
}

/** What the channel took and does not show is no money on its way. */
const isPaid = ({ refund }: OpenReturn): boolean =>
  refund?.status === 'paid' || (refund?.status === 'issued' && !refund.unconfirmed);

const DONE = new Set<OpenReturn['status']>([
  ...(['closed', 'cancelled', 'refused', 'reversed', 'expired', 'rejected', 'overdue'] as const),
]);

const isOpen = (state: OpenReturn): boolean =>
  !isPaid(state) && !DONE.has(state.status) && state.finance?.outcome !== 'nothing-to-refund';

/** Epoch milliseconds of the first instant that is too late, found by going forward in steps of a quarter of an hour. */
function breachOf({ within, calendar }: Duty, begins: number): number {
  if ('hours' in within) return begins + within.hours * HOUR;
  const { timeZone, weekend = [6, 7], holidays = [] } = calendar;
  const dayAt = dayTeller(timeZone);
  let left = within.businessDays;
  let day = dayAt(begins);
  for (let at = begins - (begins % QUARTER) + QUARTER; ; at += QUARTER) {
    const now = dayAt(at);
    if (now === day) continue;
    if (left === 0) return at;
    day = now;
    const weekday = new Date(`${day}T12:00:00Z`).getUTCDay() || 7;
    if (!weekend.includes(weekday) && !holidays.includes(day)) left -= 1;
  }
}

const QUARTER = HOUR / 4;
const tellers = new Map<string, Intl.DateTimeFormat>();

function dayTeller(timeZone: string): (at: number) => string {
  const known = tellers.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  tellers.set(timeZone, known);
  return (at) => known.format(at);
}
