import { DAY_MS } from '../../kernel/calendar.ts';
import type { Reason } from '../../kernel/decision.ts';
import { never } from '../../kernel/decision.ts';
import type { OpenOrder } from '../../orders/state.ts';
import type { OpenReturn } from '../state.ts';
import { deliveryOf } from '../window.ts';
import { entriesWithin, type Profile, type ProfileEntry } from './profile.ts';

/**
 * The rules: pure functions over a return, its order, and what is remembered of the buyer and the address. Each is data:
 * what it looks for, from where on, and what it weighs. No rule learns, and each says why it fired.
 */
export type FraudRule = { readonly version: number; readonly weight: number } & (
  | {
      /** More returns, or more money back, in the last days than a buyer of good faith has. */
      readonly id: 'velocity';
      readonly windowDays: number;
      readonly maxReturns: number;
      /** By currency in minor units; a currency that is missing has no limit. */
      readonly maxRefunded: Readonly<Record<string, number>>;
    }
  | {
      /** Most of the buyer's refunds were paid for goods that never came back. */
      readonly id: 'keep-item-share';
      readonly windowDays: number;
      readonly minRefunds: number;
      readonly maxSharePercent: number;
    }
  | { readonly id: 'serial-mismatch' }
  | { readonly id: 'weight-mismatch'; readonly tolerancePercent: number }
  /** Received before its carrier first saw it: a label of another parcel, or a scan that was made up. */
  | { readonly id: 'early-receipt'; readonly graceHours: number }
  /** Used, and asked back when the time to do so was nearly over. */
  | { readonly id: 'wardrobing'; readonly afterDays: number }
  | { readonly id: 'address-cluster'; readonly windowDays: number; readonly maxBuyers: number }
);

export type FraudFacts = {
  /** Key of the return that is judged. */
  readonly key: string;
  readonly at: string;
  readonly requestedAt: string;
  readonly order: OpenOrder;
  readonly lineIds: readonly string[];
  /** One profile a hash key; none when nothing is known of who bought. */
  readonly buyer: readonly Profile[];
  readonly buyerHashes: readonly string[];
  readonly address: readonly Profile[];
  /** What came back, once it has. */
  readonly goods?: Pick<OpenReturn, 'receipts' | 'inspections' | 'firstScanAt'>;
};

/** Why a rule fires on these facts; undefined when it does not. No reason holds a hash. */
export function reasonToFire(rule: FraudRule, facts: FraudFacts): Reason | undefined {
  switch (rule.id) {
    case 'velocity':
      return velocity(rule, facts);
    case 'keep-item-share':
      return keepItemShare(rule, facts);
    case 'serial-mismatch':
      return serialMismatch(facts);
    case 'weight-mismatch':
      return weightMismatch(rule, facts);
    case 'early-receipt':
      return earlyReceipt(rule, facts);
    case 'wardrobing':
      return wardrobing(rule, facts);
    case 'address-cluster':
      return addressCluster(rule, facts);
    default:
      return never(rule);
  }
}

type Rule<I extends FraudRule['id']> = Extract<FraudRule, { id: I }>;

function velocity({ windowDays, maxReturns, maxRefunded }: Rule<'velocity'>, facts: FraudFacts): Reason | undefined {
  const before = buyerEntries(facts, windowDays);
  // The return that is judged is one more.
  const returns = before.length + 1;
  if (returns > maxReturns) {
    const message = `return number ${returns} of this buyer in ${windowDays} days; ${maxReturns} pass`;
    return { code: 'RETURNS_VELOCITY', message };
  }
  const { currency } = facts.order;
  const limit = Object.hasOwn(maxRefunded, currency) ? maxRefunded[currency] : undefined;
  const refunded = before.reduce((sum, one) => (one.currency === currency ? sum + one.refunded : sum), 0);
  if (limit === undefined || refunded <= limit) return undefined;
  const message = `${refunded} paid back to this buyer in ${windowDays} days; ${limit} pass (minor units of ${currency})`;
  return { code: 'REFUND_VELOCITY', message };
}

function keepItemShare(
  { windowDays, minRefunds, maxSharePercent }: Rule<'keep-item-share'>,
  facts: FraudFacts,
): Reason | undefined {
  const paid = buyerEntries(facts, windowDays).filter(({ refunded }) => refunded > 0);
  const kept = paid.filter((one) => one.kept).length;
  if (paid.length < minRefunds || kept * 100 <= maxSharePercent * paid.length) return undefined;
  const message = `${kept} of ${paid.length} refunds of this buyer in ${windowDays} days were paid without goods coming back; ${maxSharePercent} % pass`;
  return { code: 'REFUNDS_WITHOUT_RETURN', message };
}

function serialMismatch({ goods }: FraudFacts): Reason | undefined {
  const lines = reported(goods).filter(
    ({ serial }) => serial && normalSerial(serial.expected) !== normalSerial(serial.found),
  );
  if (lines.length === 0) return undefined;
  return { code: 'SERIAL_MISMATCH', message: `another unit than was sold came back for line ${named(lines)}` };
}

const normalSerial = (serial: string): string => serial.replaceAll(/[\s-]/g, '').toUpperCase();

function weightMismatch({ tolerancePercent }: Rule<'weight-mismatch'>, { goods }: FraudFacts): Reason | undefined {
  const lines = reported(goods).filter(
    ({ weightGrams: weight }) =>
      weight && Math.abs(weight.found - weight.expected) * 100 > tolerancePercent * weight.expected,
  );
  if (lines.length === 0) return undefined;
  const message = `line ${named(lines)} weighs more than ${tolerancePercent} % more or less than it must`;
  return { code: 'WEIGHT_MISMATCH', message };
}

function earlyReceipt({ graceHours }: Rule<'early-receipt'>, { goods }: FraudFacts): Reason | undefined {
  const [received] = (goods?.receipts ?? []).map(({ occurredAt }) => occurredAt).sort();
  const scanned = goods?.firstScanAt;
  if (received === undefined || scanned === undefined) return undefined;
  if (Date.parse(received) >= Date.parse(scanned) - graceHours * 60 * 60 * 1000) return undefined;
  return { code: 'RECEIVED_BEFORE_SCAN', message: `received ${received}, and its carrier first scanned it ${scanned}` };
}

function wardrobing({ afterDays }: Rule<'wardrobing'>, facts: FraudFacts): Reason | undefined {
  const { goods, order, requestedAt } = facts;
  const used = (goods?.inspections ?? [])
    .flatMap(({ lines }) => lines)
    .filter(({ condition }) => condition === 'opened');
  const late = used.filter(({ lineId }) => {
    const had = hadSince(order, lineId);
    return had !== undefined && Date.parse(requestedAt) - Date.parse(had) >= afterDays * DAY_MS;
  });
  if (late.length === 0) return undefined;
  const message = `line ${named(late)} came back used, and was asked back ${afterDays} days or more after the buyer had it`;
  return { code: 'USED_AND_LATE', message };
}

function addressCluster({ windowDays, maxBuyers }: Rule<'address-cluster'>, facts: FraudFacts): Reason | undefined {
  const { key, at, address, buyerHashes } = facts;
  const others = entriesWithin(address, { at, days: windowDays, without: key }).flatMap(({ buyer }) =>
    buyer === undefined || buyerHashes.includes(buyer) ? [] : [buyer],
  );
  const buyers = new Set(others).size + 1;
  if (buyers <= maxBuyers) return undefined;
  const message = `${buyers} buyers returned goods from one address in ${windowDays} days; ${maxBuyers} pass`;
  return { code: 'ADDRESS_CLUSTER', message };
}

const buyerEntries = ({ buyer, at, key }: FraudFacts, days: number): ProfileEntry[] =>
  entriesWithin(buyer, { at, days, without: key });

const reported = (goods: FraudFacts['goods']) =>
  [...(goods?.receipts ?? []), ...(goods?.inspections ?? [])].flatMap(({ lines }) => lines);

/** Since when the buyer has all of a line: delivered as far as anybody said, else shipped. */
const hadSince = (order: OpenOrder, lineId: string): string | undefined =>
  order.shipments
    .filter(({ lines }) => lines.some((line) => line.lineId === lineId))
    .map((shipment) => deliveryOf(order, shipment) ?? shipment.shippedAt)
    .sort()
    .at(-1);

const named = (lines: readonly { readonly lineId: string }[]): string =>
  [...new Set(lines.map(({ lineId }) => lineId))].join(', ');
