/**
 * Maintenance windows of a partner: times of day, in its own time zone, at which it must not be called. A window may run
 * past midnight; it then belongs to the day on which it begins.
 */
export type MaintenanceWindow = {
  /** "22:00" */
  readonly from: string;
  /** "04:00"; the first minute at which calls are allowed again. */
  readonly to: string;
  /** IANA name, such as "Europe/Amsterdam". */
  readonly timeZone: string;
  /** Days on which it begins, ISO: 1 = Monday … 7 = Sunday. Every day when left out. */
  readonly days?: readonly number[];
};

const DAY = 24 * 60;

/** When the partner may be called again, if `now` lies in a window (the latest end when windows overlap). */
export function closedUntil(windows: readonly MaintenanceWindow[], now: string): string | undefined {
  const minutes = windows.map((window) => minutesLeft(window, now)).filter((left) => left > 0);
  if (minutes.length === 0) return undefined;
  const start = Math.floor(Date.parse(now) / 60_000) * 60_000;
  return new Date(start + Math.max(...minutes) * 60_000).toISOString();
}

function minutesLeft({ from, to, timeZone, days }: MaintenanceWindow, now: string): number {
  const { day, minute } = localTime(now, timeZone);
  const begin = minutesOf(from);
  const end = minutesOf(to);
  const length = (end - begin + DAY) % DAY;
  const runsOn = (weekday: number): boolean => days === undefined || days.includes(weekday);
  const sinceBegin = (minute - begin + DAY) % DAY;
  const beganToday = minute >= begin;
  const beganOn = beganToday ? day : ((day + 5) % 7) + 1;
  return sinceBegin < length && runsOn(beganOn) ? length - sinceBegin : 0;
}

function localTime(instant: string, timeZone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) + 1;
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

function minutesOf(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!match) throw new Error(`"${time}" is not a time of day: write it as 22:00`);
  return Number(match[1]) * 60 + Number(match[2]);
}
