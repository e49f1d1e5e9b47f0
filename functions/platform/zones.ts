import { fromEpochMilliseconds, toZonedDateTimeISO } from 'temporal-polyfill/fns/Instant';
import { create, toString as textOf, toZonedDateTime } from 'temporal-polyfill/fns/PlainDate';
import { toPlainDate } from 'temporal-polyfill/fns/ZonedDateTime';
import type { Zones } from '#core/returns/calendar.ts';

/**
 * Zones by the runtime's own zone database, read by Temporal. Its function form is a third of the size of the classes; both
 * go when Node has Temporal itself. Throws RangeError for a zone that there is not; the stage's schema lets none through.
 */
export const zones: Zones = {
  dateAt: (instant, zone) => textOf(toPlainDate(toZonedDateTimeISO(fromEpochMilliseconds(Date.parse(instant)), zone))),
  startOf(date, zone) {
    const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
    return new Date(toZonedDateTime(create(year, month, day), zone).epochMilliseconds).toISOString();
  },
};
