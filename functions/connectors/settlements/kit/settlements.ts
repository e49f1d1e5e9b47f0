import type { ReadLine, ReadOptions, SettlementPart } from '#application/ports/settlements.ts';
import { dateIn } from '#core/kernel/calendar.ts';
import { isCurrency } from '#core/kernel/money.ts';
import type { SettlementHeader, Telling } from '#core/settlements/line.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { ControlTotal } from './control.ts';
import { isoDay } from './dates.ts';

/** More settlements than any file of one account holds; each takes a little memory until the file has ended. */
const MOST_SETTLEMENTS = 10_000;

type Growing = {
  readonly currency: string;
  readonly control: ControlTotal;
  /** Line of the file that the settlement was first seen at. */
  readonly first: number;
  announced?: { readonly amount: number; readonly at: number };
  lines: ReadLine[];
};

export type Announcement = Pick<SettlementHeader, 'periodStart' | 'periodEnd'> & {
  readonly settlementId: string;
  /** When it is paid out, where the file tells it: a day (YYYY-MM-DD), or an instant, which has its day in the books' zone. */
  readonly deposit?: string;
  readonly currency: string;
  /** Minor units. */
  readonly amount: number;
  /** Line of the file that announces it. */
  readonly at: number;
};

/**
 * The settlements of a file while it is read: lines go on as they come, each settlement is announced once, and at the end
 * every one of them must come to what it announces.
 */
export class Settlements {
  readonly #of: { readonly format: string; readonly channel: string; readonly account: string; readonly told: Telling };
  readonly #timeZone: string;
  readonly #all = new Map<string, Growing>();
  #parts: SettlementPart[] = [];

  constructor(format: { readonly id: string; readonly channel: string; readonly told: Telling }, options: ReadOptions) {
    const { account, channel = format.channel, timeZone } = options;
    this.#timeZone = timeZone;
    this.#of = { format: format.id, channel, account, told: format.told };
  }

  announce({ settlementId, currency, amount, at, deposit, ...period }: Announcement): void {
    const settlement = this.#settlement(settlementId, currency, at);
    if (settlement.announced) {
      const message = `settlement ${settlementId} is announced twice, first at line ${settlement.announced.at}`;
      throw new SettlementRefused('SETTLEMENT_SUMMARY', at, message);
    }
    settlement.announced = { amount, at };
    const { channel, account, format, told } = this.#of;
    const id = { channel, account, settlementId };
    const dates = { ...period, ...(deposit !== undefined && { depositDate: dayOf(deposit, this.#timeZone, at) }) };
    this.#parts.push({ kind: 'header', header: { id, format, currency, ...dates, announced: amount, told } });
  }

  line(settlementId: string, currency: string, line: ReadLine): void {
    limit(line);
    const settlement = this.#settlement(settlementId, currency, line.at);
    settlement.control.add(line.amount);
    settlement.lines.push(line);
  }

  #settlement(settlementId: string, currency: string, at: number): Growing {
    const known = this.#all.get(settlementId);
    if (known !== undefined) {
      if (known.currency === currency) return known;
      const message = `settlement ${settlementId} is in ${known.currency}, and here in ${currency}: each has one currency`;
      throw new SettlementRefused('SETTLEMENT_CURRENCY', at, message);
    }
    if (settlementId.length > LONGEST_ID) throw tooLong('settlement id', settlementId, LONGEST_ID, at);
    if (settlementId === '')
      throw new SettlementRefused('SETTLEMENT_ROW', at, 'it does not say which settlement it is of');
    if (!isCurrency(currency)) {
      throw new SettlementRefused('SETTLEMENT_CURRENCY', at, `"${currency.slice(0, 20)}" is no currency of ISO 4217`);
    }
    if (this.#all.size >= MOST_SETTLEMENTS) {
      throw new SettlementRefused(
        'SETTLEMENT_TOO_LARGE',
        at,
        `more than ${MOST_SETTLEMENTS} settlements: split the file`,
      );
    }
    const made: Growing = { currency, control: new ControlTotal(currency), first: at, lines: [] };
    this.#all.set(settlementId, made);
    return made;
  }

  /** What has come so far and was not handed on yet. */
  parts(): SettlementPart[] {
    for (const [settlementId, settlement] of this.#all) {
      if (settlement.lines.length === 0) continue;
      const { currency, lines } = settlement;
      this.#parts.push({ kind: 'lines', settlementId, currency, lines });
      settlement.lines = [];
    }
    return this.#parts.splice(0);
  }

  /** Nothing more comes: proves every settlement. */
  end(): SettlementPart[] {
    if (this.#all.size === 0)
      throw new SettlementRefused('SETTLEMENT_EMPTY', undefined, 'the file holds no settlement');
    for (const [id, { announced, control, first }] of this.#all) {
      if (announced === undefined) {
        const message = `nothing in the file says what settlement ${id} pays out, so it can't be proved to be whole`;
        throw new SettlementRefused('SETTLEMENT_SUMMARY', first, message);
      }
      control.prove(announced.amount, announced.at, id);
    }
    return this.parts();
  }
}

/** Nothing is dated by a text that is no day: part of a settlement would be posted, and the ERP could never take the rest. */
function dayOf(deposit: string, timeZone: string, at: number): string {
  const day = isoDay(deposit, ['iso']) ?? (INSTANT.test(deposit) ? dateIn(timeZone, deposit) : undefined);
  if (day !== undefined) return day;
  const message = `"${deposit.slice(0, 30)}" is no day of a deposit, such as 2026-11-02`;
  throw new SettlementRefused('SETTLEMENT_DATE', at, message);
}

/** As readers of dates give them; they have looked whether there is such a time. */
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Ids become keys of rows and names of objects, which have limits of their own: what is longer are two columns run together. */
export const LONGEST_ID = 200;
export const LONGEST_SOURCE = 500;

function limit({ at, orderId, orderLineId, sku, transactionId, source, converted }: ReadLine): void {
  if (isLong(orderId)) throw tooLong('order id', orderId, LONGEST_ID, at);
  if (isLong(orderLineId)) throw tooLong('order line id', orderLineId, LONGEST_ID, at);
  if (isLong(sku)) throw tooLong('SKU', sku, LONGEST_ID, at);
  if (isLong(transactionId)) throw tooLong('transaction id', transactionId, LONGEST_ID, at);
  if (isLong(converted?.rate)) throw tooLong('exchange rate', converted?.rate, LONGEST_ID, at);
  if (source.length > LONGEST_SOURCE) throw tooLong('text that says what it is for', source, LONGEST_SOURCE, at);
}

const isLong = (id: string | undefined): boolean => id !== undefined && id.length > LONGEST_ID;

const tooLong = (what: string, given: string | undefined, most: number, at: number) =>
  new SettlementRefused('SETTLEMENT_ROW', at, `the ${what} has ${given?.length} characters, at most ${most} are taken`);
