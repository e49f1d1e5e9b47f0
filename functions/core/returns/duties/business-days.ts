import { fromEpochMilliseconds, toZonedDateTimeISO } from 'temporal-polyfill/fns/Instant';
import {
  addDays,
  type Record as Day,
  dayOfWeek,
  toString as textOf,
  toZonedDateTime,
} from 'temporal-polyfill/fns/PlainDate';
import { toPlainDate } from 'temporal-polyfill/fns/ZonedDateTime';

/** Which days count, and where they begin: a holiday that is missing makes a deadline earlier, never later. */
export type BusinessCalendar = {
  /** IANA zone: `America/Los_Angeles`. */
  readonly timeZone: string;
  /** ISO weekdays that do not count, 1 for Monday; Saturday and Sunday when missing. */
  readonly weekend?: readonly number[];
  /** Days that do not count, `YYYY-MM-DD`. */
  readonly holidays?: readonly string[];
};

const WEEKEND = [6, 7];

/** The day in a zone at an instant, `YYYY-MM-DD`. */
export const dayIn = (timeZone: string, instant: string): string => textOf(dayAt(timeZone, instant));

const dayAt = (timeZone: string, instant: string): Day =>
  toPlainDate(toZonedDateTimeISO(fromEpochMilliseconds(Date.parse(instant)), timeZone));

/**
 * End of the n-th business day after the day of `since`, as the first instant that is too late. The day on which it begins
 * does not count. Days end at midnight of their zone, so one of them may last 23 or 25 hours.
 */
export function endOfBusinessDay(since: string, n: number, calendar: BusinessCalendar): string {
  let day = dayAt(calendar.timeZone, since);
  for (let counted = 0; counted < n; ) {
    day = addDays(day, 1);
    if (isBusinessDay(day, calendar)) counted += 1;
  }
  return new Date(toZonedDateTime(addDays(day, 1), calendar.timeZone).epochMilliseconds).toISOString();
}

const isBusinessDay = (day: Day, { weekend = WEEKEND, holidays = [] }: BusinessCalendar): boolean =>
  !weekend.includes(dayOfWeek(day)) && !holidays.includes(textOf(day));
