import { DAY_MS } from '#core/kernel/calendar.ts';
/**
 * Dates as settlement files write them. `iso`: 2026-10-31; `us`: 10/31/26 or 10/31/2026; `eu`: 31.10.2026; `gb`: 31/10/2026.
 * A time may follow, after a blank or a "T".
 */
export type DateStyle = 'iso' | 'us' | 'eu' | 'gb';

/** A day without a time is its noon in UTC, which is the same day in nearly every zone. */
export const NOON = 'T12:00:00Z';
const MOST_KNOWN = 5_000;

/** Reads instants of a file; texts in none of the styles are undefined. Times without an offset are of `timeZone`. */
export function instantReader(styles: readonly DateStyle[], timeZone = 'UTC'): (text: string) => string | undefined {
  const toUtc = timeZone === 'UTC' ? undefined : localTimes(timeZone);
  const days = new Map<string, string | undefined>();
  const dayOf = (text: string): string | undefined => {
    const known = days.get(text);
    if (known !== undefined) return known;
    if (days.size > MOST_KNOWN) days.clear();
    const day = isoDay(text, styles);
    days.set(text, day);
    return day;
  };
  return (text) => {
    const cut = dateLength(text);
    const day = dayOf(text.slice(0, cut));
    if (day === undefined) return undefined;
    return cut === text.length ? day + NOON : withTime(day, text.slice(cut + 1), toUtc);
  };
}

function dateLength(text: string): number {
  for (let at = 6; at < text.length && at <= 10; at++) {
    const char = text[at];
    if (char === ' ' || char === 'T') return at;
  }
  return text.length;
}

const TIME = /^(\d\d):(\d\d):(\d\d)(?:[.,]\d{1,9})?(?: ?(UTC|GMT|Z|[+-]\d\d:?\d\d))?$/;

function withTime(day: string, text: string, toUtc: ((local: string) => string) | undefined): string | undefined {
  const [, hours = '', minutes = '', seconds = '', zone] = TIME.exec(text) ?? [];
  if (hours === '' || hours > '23' || minutes > '59' || seconds > '59') return undefined;
  const local = `${day}T${hours}:${minutes}:${seconds}`;
  if (zone === undefined) return toUtc === undefined ? `${local}Z` : toUtc(local);
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return `${local}Z`;
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  return inSeconds(Date.parse(`${local}${offset}`));
}

const inSeconds = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

const FORMS: Readonly<Record<DateStyle, RegExp>> = {
  iso: /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
  us: /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}|\d\d)$/,
  eu: /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4}|\d\d)$/,
  gb: /^(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4}|\d\d)$/,
};

/** YYYY-MM-DD of a date in one of the styles, when there is such a day. */
export function isoDay(text: string, styles: readonly DateStyle[]): string | undefined {
  for (const style of styles) {
    const { year = '', month = '', day = '' } = FORMS[style].exec(text)?.groups ?? {};
    if (year === '') continue;
    const iso = `${year.padStart(4, '20')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    const at = Date.parse(`${iso}T00:00:00Z`);
    if (Number.isFinite(at) && new Date(at).toISOString().startsWith(iso)) return iso;
  }
  return undefined;
}

/** Local times of a zone in UTC. What an autumn hour says twice is taken for the first; what a spring hour skips, for after it. */
function localTimes(timeZone: string): (local: string) => string {
  const clock = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (epochMs: number): number => {
    const name = clock.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
    return sign === '-' ? -ms : ms;
  };
  const hours = new Map<string, number>();
  return (local) => {
    const hour = local.slice(0, 13);
    let offset = hours.get(hour);
    if (offset === undefined) {
      if (hours.size > MOST_KNOWN) hours.clear();
      const asUtc = Date.parse(`${hour}:00:00Z`);
      // The offset of the day before decides first: it is the one that an hour which comes twice has first.
      const guess = offsetAt(asUtc - offsetAt(asUtc - DAY_MS));
      offset = guess;
      hours.set(hour, offset);
    }
    return inSeconds(Date.parse(`${local}Z`) - offset);
  };
}
