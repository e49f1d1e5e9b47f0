import * as z from 'zod/mini';
import { isTimeZone } from '#core/kernel/calendar.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';

const column = z.string().check(z.minLength(1), z.maxLength(200));
const name = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'expected lower case, digits and hyphens'));

const lineClass = z.union([
  z.strictObject({
    kind: z.enum(['sale', 'shipping', 'discount', 'chargeback', 'adjustment', 'advertising', 'payout']),
  }),
  z.strictObject({ kind: z.literal('tax'), collectedBy: z.enum(['seller', 'marketplace']) }),
  z.strictObject({ kind: z.literal('fee'), fee: name }),
  z.strictObject({
    kind: z.literal('refund'),
    of: z.enum(['sale', 'shipping', 'discount', 'own-tax', 'marketplace-tax']),
  }),
  z.strictObject({ kind: z.literal('reserve'), move: z.enum(['held', 'released']) }),
]);

/** What the columns of a file mean: declared once for a channel that Crossdock has no format of. */
const mapping = z.strictObject({
  /** Channel as it stands in keys. */
  channel: name,
  /** Of these declarations: a date. */
  version: z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/, 'expected a date such as "2026-11-01"')),
  told: z.enum(['by-part', 'as-charged', 'as-owed']),
  delimiter: z._default(z.enum([',', ';', '\t', '|']), ','),
  quotes: z._default(z.boolean(), true),
  /** Lines before the header. */
  skip: z._default(z.int().check(z.minimum(0), z.maximum(100)), 0),
  decimals: z.enum(['point', 'comma']),
  dates: z.enum(['iso', 'us', 'eu', 'gb']),
  /** Of times that have no offset. */
  timeZone: z.string().check(z.refine(isTimeZone, 'expected a time zone such as "Europe/Berlin"')),
  settlementId: z.union([z.strictObject({ column }), z.strictObject({ value: z.string().check(z.minLength(1)) })]),
  currency: z.union([z.strictObject({ column }), z.strictObject({ value: z.string().check(z.length(3)) })]),
  columns: z.strictObject({
    /** One signed column, or one for what comes to the seller and one for what goes. */
    amount: z.union([column, z.strictObject({ credit: column, debit: column })]),
    date: column,
    /** Columns whose words say what a line is for. */
    words: z.array(column).check(z.minLength(1), z.maxLength(5)),
    orderId: z.optional(column),
    orderLineId: z.optional(column),
    sku: z.optional(column),
    quantity: z.optional(column),
    transactionId: z.optional(column),
  }),
  /** Rows that say what is paid out: found by the words of the first word column; their amount stands in `column`. */
  control: z.strictObject({
    words: z.string().check(z.minLength(1)),
    column,
    /** `paid-out`: the row takes the payout off the balance, so that it is announced with the other sign. */
    sign: z._default(z.enum(['as-is', 'paid-out']), 'as-is'),
    depositDate: z.optional(column),
  }),
  rules: z
    .array(z.strictObject({ words: z.string().check(z.minLength(1)), class: lineClass }))
    .check(z.maxLength(2_000)),
});

export type Mapping = z.output<typeof mapping>;

/** A mapping from its JSON. Throws SettlementRefused SETTLEMENT_MAPPING with the path of the first fault. */
export function mappingOf(given: unknown): Mapping {
  if (given === undefined) {
    throw new SettlementRefused(
      'SETTLEMENT_MAPPING',
      undefined,
      'a CSV file needs a mapping that says what its columns mean',
    );
  }
  const result = mapping.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String).join('.');
  throw new SettlementRefused(
    'SETTLEMENT_MAPPING',
    undefined,
    `mapping at "${path}": ${issue?.message ?? 'not understood'}`,
  );
}
