import { addDays } from '../kernel/calendar.ts';

/** Days as people count them: a date is `2026-11-25`, without a zone; a zone (IANA name) turns it into instants. */

/** Which date it is somewhere, and when a date begins there. Clocks are put forward and back: only a zone database knows. */
export type Zones = {
  /** The local date at an instant (ISO 8601 in UTC). */
  dateAt(instant: string, zone: string): string;
  /** The instant at which a date begins: midnight, or the first moment after it where the clock skips midnight. */
  startOf(date: string, zone: string): string;
};

/** Which days count. `weekend`: 1 is Monday, 7 is Sunday (ISO 8601). */
export type BusinessCalendar = { readonly weekend: readonly number[]; readonly holidays: readonly string[] };

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

export const isBusinessDay = (date: string, { weekend, holidays }: BusinessCalendar): boolean =>
  !weekend.includes(weekdayOf(date)) && !holidays.includes(date);

/** The date itself if it is a business day, else the next that is one. */
export function toBusinessDay(date: string, calendar: BusinessCalendar): string {
  if (calendar.weekend.length >= 7) throw new Error('a calendar whose every day is a weekend has no business day');
  let day = date;
  while (!isBusinessDay(day, calendar)) day = addDays(day, 1);
  return day;
}

/** The `count`th business day after a date, which itself is not counted. */
export function addBusinessDays(date: string, count: number, calendar: BusinessCalendar): string {
  let day = date;
  for (let left = count; left > 0; left--) day = toBusinessDay(addDays(day, 1), calendar);
  return day;
}
