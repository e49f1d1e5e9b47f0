/** Days, months and time zones as texts: `2026-10-31`, `2026-10`, `Europe/Berlin`. They sort as they follow each other. */

/** A month of the seller's books (`2026-10`). */
export type Month = string;

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether the runtime knows a zone of the IANA database by that name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells the month of an instant in a time zone; throws RangeError for a zone that there is not. Month ends fall on quarters of an hour in every zone, so an answer serves
 * all instants of its quarter, and a settlement of a million lines asks the calendar a few thousand times.
 */
export function monthIn(timeZone: string): (instant: string) => Month {
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const known = new Map<string, Month>();
  // Lines of one transaction stand together and have one instant.
  let last = { instant: '', month: '' };
  return (instant) => {
    if (instant === last.instant) return last.month;
    const quarter = quarterOf(instant);
    let month = known.get(quarter);
    if (month === undefined) {
      if (known.size > MOST_KNOWN) known.clear();
      month = dayOf(calendar, instant).slice(0, 7);
      known.set(quarter, month);
    }
    last = { instant, month };
    return month;
  };
}

const MOST_KNOWN = 20_000;

/** The date (YYYY-MM-DD) of an instant in a time zone. */
export const dateIn = (timeZone: string, instant: string): string =>
  dayOf(new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }), instant);

function dayOf(calendar: Intl.DateTimeFormat, instant: string): string {
  const parts = calendar.formatToParts(Date.parse(instant));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** `2026-10-31T23:59:59Z` → `2026-10-31T233`, the last quarter of that hour. */
function quarterOf(instant: string): string {
  const minute = Number(instant.slice(14, 16));
  return `${instant.slice(0, 13)}${Math.floor(minute / 15)}`;
}

/** The last day of a month, or the first of the next. */
export const lastDayOf = (month: Month): string => addDays(`${nextMonth(month)}-01`, -1);

export function nextMonth(month: Month): Month {
  const [year = 0, at = 0] = month.split('-').map(Number);
  return at === 12 ? `${pad(year + 1, 4)}-01` : `${pad(year, 4)}-${pad(at + 1, 2)}`;
}

export const monthBefore = (month: Month): Month => addDays(`${month}-01`, -1).slice(0, 7);

/** The date so many days after a date. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The instant so many times 24 hours after an instant. */
export const daysAfter = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * DAY_MS).toISOString();

/** Whole days from one instant (or date) to another; none when the second is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / DAY_MS));

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
