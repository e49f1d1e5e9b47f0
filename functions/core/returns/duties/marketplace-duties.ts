import type { BusinessCalendar } from './business-days.ts';
import type { Duty } from './duty.ts';

const PACIFIC: BusinessCalendar = { timeZone: 'America/Los_Angeles' };

/**
 * What marketplaces demand once returned goods are in the house. Holidays are left to the merchant's own rules: without them
 * a deadline comes a day early, never a day late.
 */
export const MARKETPLACE_DUTIES: Readonly<Record<string, readonly Duty[]>> = {
  amazon: [
    {
      id: 'refund-after-receipt',
      within: { businessDays: 2 },
      calendar: PACIFIC,
      warnHours: 12,
      source: 'Amazon, customer returns for seller-fulfilled orders: refund within two business days of receipt',
    },
  ],
  walmart: [
    {
      id: 'refund-after-receipt',
      within: { hours: 48 },
      calendar: PACIFIC,
      warnHours: 12,
      source: 'Walmart Marketplace, returns policy: refund within 48 hours of receipt',
    },
  ],
  ebay: [
    {
      id: 'refund-after-receipt',
      within: { businessDays: 2 },
      calendar: PACIFIC,
      warnHours: 12,
      source: 'eBay, seller responsibilities for returns: refund within two business days of receipt',
    },
  ],
};

/** Duties for orders of a channel account: the merchant's own, for the account or the channel, else the marketplace's. */
export function dutiesOf(
  { channel, account }: { readonly channel: string; readonly account: string },
  own: Readonly<Record<string, readonly Duty[]>> = {},
): readonly Duty[] {
  for (const name of [`${channel}/${account}`, channel]) if (Object.hasOwn(own, name)) return own[name] ?? [];
  return Object.hasOwn(MARKETPLACE_DUTIES, channel) ? (MARKETPLACE_DUTIES[channel] ?? []) : [];
}
