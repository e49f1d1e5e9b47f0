import { addDays } from '../kernel/calendar.ts';
import { never } from '../kernel/decision.ts';
import type { OpenOrder } from '../orders/state.ts';
import { addBusinessDays, type BusinessCalendar, toBusinessDay, type Zones } from './calendar.ts';

/**
 * How the return window is counted. The days may be counted as they come (`calendar-days`), on business days alone
 * (`business-days`), or as they come with an end that moves to the next business day (`to-business-day`, the rule of
 * Regulation (EEC, Euratom) 1182/71, article 3(4)).
 */
export type WindowRules = {
  readonly counting: 'calendar-days' | 'business-days' | 'to-business-day';
  readonly calendar: BusinessCalendar;
  /** Days that a parcel is taken to need, where nobody reports its delivery. */
  readonly transitDays: number;
  /** The merchant's zone (IANA): in it a day ends, unless the buyer's is known. */
  readonly zone: string;
  /** Buyers' zones by country ("DE") or country and region ("US-HI"), ISO 3166. */
  readonly buyerZones: Readonly<Record<string, string>>;
  /** Orders of certain days may come back longer ("bought 1 Nov to 24 Dec, until 31 Jan"). Dates, both ends counted. */
  readonly extensions: readonly WindowExtension[];
};

export type WindowExtension = {
  readonly name: string;
  readonly boughtFrom: string;
  readonly boughtTo: string;
  readonly until: string;
};

/** Until when a line may be asked back, and why until then. */
export type ReturnWindow = {
  /** What the days are counted from: the last delivery of the line, else its shipment, else the order. */
  readonly from: 'delivery' | 'shipment' | 'order';
  /** Local dates: the first is not counted, the last is the last on which a return may be asked for. */
  readonly since: string;
  readonly until: string;
  readonly zone: string;
  /** The instant at which the last day is over. */
  readonly endsAt: string;
  /** Name of the extension that made it longer. */
  readonly extension?: string;
};

/** The window of one line. Several parcels: the last one counts, to the buyer's favour. */
export function windowOf(
  order: OpenOrder,
  lineId: string,
  days: number,
  rules: WindowRules,
  zones: Zones,
): ReturnWindow {
  const zone = zoneOf(order, rules);
  const { from, since } = anchorOf(order, lineId, rules, zone, zones);
  const counted = lastDay(since, days, rules);
  const bought = zones.dateAt(order.placedAt, zone);
  const extension = rules.extensions
    .filter(({ boughtFrom, boughtTo, until }) => boughtFrom <= bought && bought <= boughtTo && until > counted)
    .reduce<WindowExtension | undefined>((best, one) => (best && best.until >= one.until ? best : one), undefined);
  const until = extension?.until ?? counted;
  const endsAt = zones.startOf(addDays(until, 1), zone);
  return { from, since, until, zone, endsAt, ...(extension && { extension: extension.name }) };
}

/** The buyer's zone where the policy knows it, else the merchant's. */
export function zoneOf({ customer }: OpenOrder, { zone, buyerZones }: WindowRules): string {
  const { country, region } = customer;
  if (country === undefined) return zone;
  return buyerZones[`${country}-${region ?? ''}`] ?? buyerZones[country] ?? zone;
}

type Anchor = Pick<ReturnWindow, 'from' | 'since'>;

function anchorOf(order: OpenOrder, lineId: string, { transitDays }: WindowRules, zone: string, zones: Zones): Anchor {
  const anchors = order.shipments
    .filter(({ lines }) => lines.some((line) => line.lineId === lineId))
    .map((shipment): Anchor => {
      const deliveredAt = deliveryOf(order, shipment);
      if (deliveredAt !== undefined) return { from: 'delivery', since: zones.dateAt(deliveredAt, zone) };
      return { from: 'shipment', since: addDays(zones.dateAt(shipment.shippedAt, zone), transitDays) };
    });
  return anchors.reduce<Anchor>((latest, one) => (latest.from === 'order' || one.since > latest.since ? one : latest), {
    from: 'order',
    since: zones.dateAt(order.placedAt, zone),
  });
}

/** When a shipment was delivered, as far as anybody said. A report may name the shipment, its parcel, or the whole order. */
export function deliveryOf(
  { deliveries = [] }: Pick<OpenOrder, 'deliveries'>,
  { shipmentId, trackingNumber }: { readonly shipmentId: string; readonly trackingNumber?: string },
): string | undefined {
  return deliveries
    .filter(({ of }) => of === undefined || of === shipmentId || of === trackingNumber)
    .map(({ deliveredAt }) => deliveredAt)
    .sort()
    .at(-1);
}

function lastDay(since: string, days: number, { counting, calendar }: WindowRules): string {
  switch (counting) {
    case 'calendar-days':
      return addDays(since, days);
    case 'business-days':
      return addBusinessDays(since, days, calendar);
    case 'to-business-day':
      return toBusinessDay(addDays(since, days), calendar);
    default:
      return never(counting);
  }
}
