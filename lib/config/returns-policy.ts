import * as z from 'zod';
import { isTimeZone } from '#core/kernel/calendar.ts';
import type { ReturnPolicy } from '#core/returns/policy.ts';
import { CANONICAL_REASONS } from '#core/returns/reasons.ts';
import { DISPOSITIONS } from '#core/returns/return.ts';
import { byCurrency, returnSettlementSchema } from './return-settlement.ts';

/** The merchant's policy for returns: governed data, versioned and dated, reviewed and deployed as the code is. */

const days = z.int().min(1).max(365);
const date = z.iso.date();
const country = z.string().regex(/^[A-Z]{2}$/, 'use ISO 3166-1 alpha-2 codes such as "US"');
const pattern = z.string().min(1).max(100);
const attribute = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'an attribute is lower case, such as "hazmat"');
const zone = z.string().refine(isTimeZone, 'use a zone of the IANA database such as "America/New_York"');

const windowSchema = z.strictObject({
  counting: z.enum(['calendar-days', 'business-days', 'to-business-day']).default('calendar-days'),
  calendar: z
    .strictObject({
      weekend: z.array(z.int().min(1).max(7)).max(6, 'a week has one business day at least').default([6, 7]),
      holidays: z.array(date).max(200).default([]),
    })
    .prefault({}),
  transitDays: z.int().min(0).max(60).default(0),
  zone: zone.default('UTC'),
  /** By country ("DE") or country and region ("US-HI"). */
  buyerZones: z.record(z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/), zone).default({}),
  extensions: z
    .array(
      z
        .strictObject({ name: z.string().min(1).max(60), boughtFrom: date, boughtTo: date, until: date })
        .refine(
          ({ boughtFrom, boughtTo, until }) => boughtFrom <= boughtTo && boughtTo <= until,
          'give boughtFrom, boughtTo and until in their order',
        ),
    )
    .max(50)
    .default([]),
});

const conditionsSchema = z.strictObject({
  channels: z
    .array(z.string().regex(/^[a-z0-9-]+\/([a-z0-9-]+|\*)$/, 'name "<channel>/<account>" or "<channel>/*"'))
    .exactOptional(),
  skus: z.array(pattern).exactOptional(),
  attributes: z.array(attribute).exactOptional(),
  countries: z.array(country).exactOptional(),
  notCountries: z.array(country).exactOptional(),
  customerType: z.enum(['consumer', 'business']).exactOptional(),
  reasons: z.array(z.enum(CANONICAL_REASONS)).exactOptional(),
  sellerFault: z.boolean().exactOptional(),
  valueFrom: byCurrency.exactOptional(),
  valueUpTo: byCurrency.exactOptional(),
});

const ruleSchema = z.strictObject({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{1,40}$/, 'a code is upper case, such as "HAZMAT"'),
  message: z.string().min(1).max(200),
  when: conditionsSchema,
  effect: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('reject') }),
    z.strictObject({ kind: z.literal('review') }),
    z.strictObject({ kind: z.literal('keep-item') }),
    z.strictObject({ kind: z.literal('window'), days }),
    z.strictObject({ kind: z.literal('disposition'), disposition: z.enum(DISPOSITIONS) }),
  ]),
});

const authorizationFields = {
  /** Stands in every decision, so that one can be explained later. */
  version: z.string().min(1).max(60),
  /** Days after the delivery in which a return is taken. */
  windowDays: days,
  finalSaleSkus: z.array(z.string().min(1)).default([]),
  window: windowSchema.exactOptional(),
  items: z
    .array(z.strictObject({ skus: z.array(pattern).min(1), attributes: z.array(attribute).min(1) }))
    .exactOptional(),
  rules: z.array(ruleSchema).max(200).exactOptional(),
};

/** What is left out of an amendment stays as it was. */
const amendmentSchema = z.strictObject({
  ...authorizationFields,
  effectiveFrom: date,
  windowDays: days.exactOptional(),
  finalSaleSkus: z.array(z.string().min(1)).exactOptional(),
});

export const returnsSchema = z
  .strictObject({
    ...authorizationFields,
    /** Days a parcel may take to come in. */
    receiptDays: days,
    /** Days an inspection may take. */
    inspectionDays: days,
    /** By ISO 4217 currency, in minor units: a refund above it, or in another currency, waits for finance. */
    autoApproveUpTo: byCurrency,
    settlement: returnSettlementSchema.exactOptional(),
    judgedBy: z.enum(['order-day', 'request-day']).exactOptional(),
    amendments: z.array(amendmentSchema).max(50).exactOptional(),
  })
  .refine(({ version, amendments = [] }) => isDistinct([version, ...amendments.map((one) => one.version)]), {
    path: ['amendments'],
    message: 'two versions have one name: a decision could not be explained by it',
  })
  .refine(({ amendments = [] }) => isDistinct(amendments.map(({ effectiveFrom }) => effectiveFrom)), {
    path: ['amendments'],
    message: 'two amendments begin on one day: make them one',
  }) satisfies z.ZodType<ReturnPolicy>;

const isDistinct = (names: readonly string[]): boolean => new Set(names).size === names.length;
