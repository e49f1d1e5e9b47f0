import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { addDays } from '#core/kernel/calendar.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { addBusinessDays, toBusinessDay, weekdayOf } from '#core/returns/calendar.ts';
import { type WindowRules, windowOf } from '#core/returns/window.ts';
import { zones } from '#platform/zones.ts';
import { shippedOrder } from './samples.ts';

const RULES: WindowRules = {
  counting: 'calendar-days',
  calendar: { weekend: [6, 7], holidays: ['2026-12-25', '2026-12-28'] },
  transitDays: 3,
  zone: 'Europe/Berlin',
  buyerZones: { US: 'America/New_York', 'US-HI': 'Pacific/Honolulu' },
  extensions: [],
};

const german = (changes: Partial<OpenOrder> = {}): OpenOrder => ({
  ...shippedOrder({ customer: { type: 'consumer', taxExempt: false, country: 'DE' } }),
  ...changes,
});
const delivered = (deliveredAt: string, of?: string) =>
  ({ deliveredAt, reportedBy: 'carrier', ...(of !== undefined && { of }) }) as const;
const windowFor = (order: OpenOrder, rules: Partial<WindowRules> = {}, days = 30, lineId = 'L1') =>
  windowOf(order, lineId, days, { ...RULES, ...rules }, zones);

describe('the return window', () => {
  it('begins with the delivery where one is known', () => {
    for (const of of [undefined, 'OUT1']) {
      expect(windowFor(german({ deliveries: [delivered('2026-11-24T15:00:00.000Z', of)] }))).toEqual({
        from: 'delivery',
        since: '2026-11-24',
        until: '2026-12-24',
        zone: 'Europe/Berlin',
        endsAt: '2026-12-24T23:00:00.000Z',
      });
    }
  });

  it('knows a delivery by the number of the parcel, and takes none of another', () => {
    const order = german();
    const [shipment] = order.shipments;
    if (!shipment) throw new Error('the order was shipped');
    const parcel = { ...order, shipments: [{ ...shipment, trackingNumber: '1Z9' }] };
    expect(windowFor({ ...parcel, deliveries: [delivered('2026-11-24T15:00:00.000Z', '1Z9')] }).from).toBe('delivery');
    expect(windowFor({ ...parcel, deliveries: [delivered('2026-11-24T15:00:00.000Z', '1Z8')] }).from).toBe('shipment');
  });

  it('takes a parcel to need its days where nobody reports a delivery, and none where nothing was shipped', () => {
    expect(windowFor(german())).toMatchObject({ from: 'shipment', since: '2026-11-24', until: '2026-12-24' });
    expect(windowFor(german({ shipments: [] }))).toMatchObject({ from: 'order', since: '2026-11-20' });
  });

  it('counts from the last parcel that holds the line', () => {
    const order = german();
    const second = {
      shipmentId: 'OUT2',
      shippedAt: '2026-11-30T09:00:00.000Z',
      confirmed: false,
      lines: [{ lineId: 'L1', quantity: 1 }],
    };
    const both = {
      ...order,
      shipments: [...order.shipments, second],
      deliveries: [delivered('2026-11-23T09:00:00.000Z', 'OUT1')],
    };
    expect(windowFor(both)).toMatchObject({ from: 'shipment', since: '2026-12-03' });
    expect(windowFor(both, {}, 30, 'L2')).toMatchObject({ from: 'delivery', since: '2026-11-23' });
  });

  it('ends with the last day where the buyer is', () => {
    const order = german({ deliveries: [delivered('2026-11-24T03:00:00.000Z')] });
    const of = (country: string, region?: string) =>
      windowFor({ ...order, customer: { ...order.customer, country, ...(region && { region }) } });
    // 3 o'clock in the morning of UTC is the evening before in New York and in Honolulu.
    expect(of('US')).toMatchObject({ since: '2026-11-23', until: '2026-12-23', endsAt: '2026-12-24T05:00:00.000Z' });
    expect(of('US', 'HI')).toMatchObject({ zone: 'Pacific/Honolulu', endsAt: '2026-12-24T10:00:00.000Z' });
    expect(of('FR')).toMatchObject({ zone: 'Europe/Berlin', since: '2026-11-24' });
  });

  it.each([
    // Clocks go back on 1 November: the day has 25 hours. Forward on 14 March: 23.
    ['America/New_York', '2026-10-02T12:00:00.000Z', '2026-11-01', '2026-11-02T05:00:00.000Z'],
    ['America/New_York', '2027-02-12T12:00:00.000Z', '2027-03-14', '2027-03-15T04:00:00.000Z'],
    // In Santiago the clock skips midnight: the day begins at one.
    ['America/Santiago', '2026-08-06T15:00:00.000Z', '2026-09-05', '2026-09-06T04:00:00.000Z'],
  ])('ends at the end of the day in %s, whatever the clock does on it', (zone, deliveredAt, until, endsAt) => {
    const order = german({ deliveries: [delivered(deliveredAt)] });
    expect(windowFor(order, { zone })).toMatchObject({ until, endsAt });
  });

  it('is longer for what was bought in an extension, and never shorter', () => {
    const holidays = { name: 'holidays', boughtFrom: '2026-11-01', boughtTo: '2026-12-24', until: '2027-01-31' };
    const extensions = [{ ...holidays, name: 'less', until: '2027-01-15' }, holidays];
    const order = german({ deliveries: [delivered('2026-11-24T15:00:00.000Z')] });
    expect(windowFor(order, { extensions })).toMatchObject({ until: '2027-01-31', extension: 'holidays' });
    expect(windowFor({ ...order, placedAt: '2026-10-31T22:59:59.000Z' }, { extensions }).until).toBe('2026-12-24');
    // One second later it is the first of November in Berlin.
    expect(windowFor({ ...order, placedAt: '2026-10-31T23:00:00.000Z' }, { extensions }).until).toBe('2027-01-31');
    expect(windowFor(order, { extensions }, 90)).toMatchObject({ until: '2027-02-22' });
    expect(windowFor(order, { extensions }, 90).extension).toBeUndefined();
  });

  it('counts business days, or ends on one', () => {
    const order = german({ deliveries: [delivered('2026-12-23T15:00:00.000Z')] });
    // Thursday, then Christmas, a weekend and a holiday on Monday.
    expect(windowFor(order, { counting: 'business-days' }, 2).until).toBe('2026-12-29');
    expect(windowFor(order, { counting: 'to-business-day' }, 2).until).toBe('2026-12-29');
    expect(windowFor(order, { counting: 'to-business-day' }, 1).until).toBe('2026-12-24');
  });
});

describe('days', () => {
  const dates = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10));

  it('are added and named as Temporal does it', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -500, max: 500 }), (date, days) => {
        const added = Temporal.PlainDate.from(date).add({ days });
        expect(addDays(date, days)).toBe(added.toString());
        expect(weekdayOf(addDays(date, days))).toBe(added.dayOfWeek);
      }),
    );
  });

  it('of business are as many as asked for', () => {
    const calendar = { weekend: [6, 7], holidays: ['2026-12-25'] };
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 40 }), (date, count) => {
        const end = addBusinessDays(date, count, calendar);
        let passed = 0;
        for (let day = addDays(date, 1); day <= end; day = addDays(day, 1))
          if (toBusinessDay(day, calendar) === day) passed += 1;
        expect(passed).toBe(count);
        expect(toBusinessDay(end, calendar)).toBe(end);
      }),
    );
  });

  it('begin where the date does, in every zone', () => {
    const zone = fc.constantFrom(
      'America/New_York',
      'Europe/London',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Pacific/Apia',
    );
    fc.assert(
      fc.property(dates, zone, (date, where) => {
        const begins = zones.startOf(date, where);
        expect(begins).toBe(
          new Date(Temporal.PlainDate.from(date).toZonedDateTime(where).epochMilliseconds).toISOString(),
        );
        const before = new Date(Date.parse(begins) - 1).toISOString();
        expect(zones.dateAt(begins, where) >= date).toBe(true);
        expect(zones.dateAt(before, where) < date).toBe(true);
      }),
    );
  });
});
