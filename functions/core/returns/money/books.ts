import { addDays } from '../../kernel/calendar.ts';

/** Which days the books take postings for. Days are texts (`2026-11-30`): they sort as they follow each other. */
export type AccountingPeriods = {
  /** IANA zone in which the books' days begin and end. */
  readonly timeZone: string;
  /** First and last day of each closed period, both within it. */
  readonly closed: readonly { readonly from: string; readonly to: string }[];
};

/** The day a credit is posted on; or, while the books are closed, the first day on which it can be. */
export type CreditDay = { readonly open: string } | { readonly closedUntil: string };

/**
 * A credit is never dated into a closed period, and never ahead of its time: while today is closed it waits for the first
 * open day after it.
 */
export function creditDay(periods: AccountingPeriods | undefined, today: string): CreditDay {
  const opens = firstOpenDay(periods?.closed ?? [], today);
  return opens === today ? { open: today } : { closedUntil: opens };
}

function firstOpenDay(closed: AccountingPeriods['closed'], day: string): string {
  const period = closed.find(({ from, to }) => from <= day && day <= to);
  return period ? firstOpenDay(closed, addDays(period.to, 1)) : day;
}
