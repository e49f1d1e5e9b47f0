import * as z from 'zod/mini';
import type { ReadOptions, SettlementFormat, SettlementPart } from '#application/ports/settlements.ts';
import type { ExactJson } from '#core/kernel/exact-json.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { classifier } from '#core/settlements/rules.ts';
import { currency, instant, mapped, number, or, utc } from '../../wire.ts';
import { documentOf, minorOf, readDocument } from '../kit/json.ts';
import { Settlements } from '../kit/settlements.ts';
import { sourceOf } from '../kit/words.ts';
import { rules } from './rules.ts';

const MIRAKL = { id: 'mirakl', channel: 'mirakl', told: 'by-part' } as const;

const decimal = mapped(number, ({ decimal: text, text: given }) => text ?? given);
const named = or(z.object({ id: z.string() }), undefined);

/** A row of TL02 or TL03 (transaction logs). Amounts are JSON numbers, signed as the seller sees them. */
const log = z.object({
  id: z.string(),
  type: z.string().check(z.minLength(1), z.maxLength(100)),
  amount: decimal,
  amount_credited: or(decimal, undefined),
  amount_debited: or(decimal, undefined),
  currency_iso_code: currency,
  date_created: instant,
  payment_state: or(z.string(), undefined),
  seller_billing_cycle_id: or(z.union([z.string(), mapped(number, ({ text }) => text)]), ''),
  entities: or(z.object({ order: named, order_line: named, refund: named }), {
    order: undefined,
    order_line: undefined,
    refund: undefined,
  }),
});

const document = z.union([z.object({ data: z.array(log) }), mapped(z.array(log), (data) => ({ data }))]);

/** Transaction logs of a Mirakl marketplace as JSON: the answers of TL02, or the file of TL03. */
export const mirakl: SettlementFormat = {
  id: MIRAKL.id,
  label: 'Mirakl transaction logs (TL02, TL03 as JSON)',
  channel: MIRAKL.channel,
  mapping: 'none',
  rules,
  async *read(bytes, options) {
    yield* parts(await documentOf(bytes), options);
  },
};

type Log = z.output<typeof log>;

/** A settlement is a billing cycle in one currency; its PAYMENT says what was paid out. */
function parts(json: ExactJson, options: ReadOptions): SettlementPart[] {
  const { data } = readDocument(document, json, 'transaction logs');
  const classify = classifier(options.rules ?? rules);
  const settlements = new Settlements(MIRAKL, options);
  for (const [index, one] of data.entries()) {
    const at = index + 1;
    const { type, currency_iso_code: of, date_created, entities } = one;
    const amount = amountOf(one, at);
    const settlementId = cycleOf(one, at);
    const postedAt = `${utc(date_created).slice(0, 19)}Z`;
    if (type === 'PAYMENT') {
      settlements.announce({ settlementId, currency: of, amount: -amount, at, deposit: postedAt });
      continue;
    }
    const source = sourceOf(type);
    const known = classify(source);
    settlements.line(settlementId, of, {
      at,
      ...(known && { class: known }),
      amount,
      postedAt,
      ...(entities.order && { orderId: entities.order.id }),
      ...(entities.order_line && { orderLineId: entities.order_line.id }),
      transactionId: one.id,
      source,
    });
  }
  return settlements.end();
}

function amountOf({ amount, amount_credited, amount_debited, currency_iso_code: of }: Log, at: number): number {
  const signed = minorOf(amount, of, at, 'amount');
  if (amount_credited === undefined || amount_debited === undefined) return signed;
  const credited = minorOf(amount_credited, of, at, 'amount_credited');
  const debited = minorOf(amount_debited, of, at, 'amount_debited');
  // Both are magnitudes in some versions and signed in others; the sum of what moved is the same.
  if (Math.abs(credited) - Math.abs(debited) === signed) return signed;
  const message = `amount is ${signed}, credited less debited is ${Math.abs(credited) - Math.abs(debited)} (minor units)`;
  throw new SettlementRefused('SETTLEMENT_ROW', at, message);
}

function cycleOf({ seller_billing_cycle_id: cycle, currency_iso_code: of }: Log, at: number): string {
  if (cycle !== '') return `${cycle}.${of}`;
  throw new SettlementRefused(
    'SETTLEMENT_ROW',
    at,
    'it is in no billing cycle yet: ask for the logs of one that is paid',
  );
}
