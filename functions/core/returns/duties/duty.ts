import type { BusinessCalendar } from './business-days.ts';

/**
 * What a marketplace demands of the seller by a time. It begins with the first receipt of goods and is met when the buyer's
 * money, credit or replacement is on its way.
 */
export type Duty = {
  /** Stands in timers, cases and events: `refund-after-receipt`. */
  readonly id: string;
  readonly within: { readonly hours: number } | { readonly businessDays: number };
  readonly calendar: BusinessCalendar;
  /** Hours before the breach at which a person is warned. */
  readonly warnHours: number;
  /** Where the marketplace says so; stands in the case. */
  readonly source: string;
};
