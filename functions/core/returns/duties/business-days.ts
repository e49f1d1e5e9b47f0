import { Temporal } from 'temporal-polyfill';

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
export const dayIn = (timeZone: string, instant: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/**
 * End of the n-th business day after the day of `since`, as the first instant that is too late. The day on which it begins
 * does not count. Days end at midnight of their zone, so one of them may last 23 or 25 hours.
 */
export function endOfBusinessDay(since: string, n: number, calendar: BusinessCalendar): string {
  let day = Temporal.Instant.from(since).toZonedDateTimeISO(calendar.timeZone).toPlainDate();
  for (let counted = 0; counted < n; ) {
    day = day.add({ days: 1 });
    if (isBusinessDay(day, calendar)) counted += 1;
  }
  const over = day.add({ days: 1 }).toZonedDateTime({ timeZone: calendar.timeZone });
  return new Date(over.epochMilliseconds).toISOString();
}

const isBusinessDay = (day: Temporal.PlainDate, { weekend = WEEKEND, holidays = [] }: BusinessCalendar): boolean =>
  !weekend.includes(day.dayOfWeek) && !holidays.includes(day.toString());
