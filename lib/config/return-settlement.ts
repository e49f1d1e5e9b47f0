import * as z from 'zod';
import { isTimeZone } from '#core/kernel/calendar.ts';

const days = z.int().min(1).max(365);
export const byCurrency = z.record(z.string().regex(/^[A-Z]{3}$/, 'use ISO 4217 codes such as "USD"'), z.int().min(0));
const day = z.iso.date('give a day such as "2026-11-30"');
const timeZone = z.string().refine(isTimeZone, 'give an IANA time zone such as "America/Los_Angeles"');

const dutySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,50}$/, 'an id is lower case letters, digits and hyphens'),
  within: z.union([
    z.strictObject({ hours: z.int().min(1).max(2_000) }),
    z.strictObject({ businessDays: z.int().min(1).max(60) }),
  ]),
  calendar: z.strictObject({
    timeZone,
    /** ISO weekdays, 1 for Monday. */
    weekend: z.array(z.int().min(1).max(7)).max(6).exactOptional(),
    holidays: z.array(day).exactOptional(),
  }),
  warnHours: z.int().min(1).max(500),
  source: z.string().min(1).max(200),
});

/** How returns are settled; every part may be left out. */
export const returnSettlementSchema = z.strictObject({
  /** Days after its first receipt in which the rest of a return is waited for; 0 settles what comes first. */
  partialDays: z.int().min(0).max(60).default(0),
  /** Days after which an approval that was not given, or not used, lapses. */
  approvalDays: days.default(7),
  /** A refund above it needs two approvers. */
  twoApproversAbove: byCurrency.exactOptional(),
  /** Refunds up to these amounts are paid before the goods come. */
  instantRefund: z.strictObject({ when: z.enum(['authorized', 'first-scan']), upTo: byCurrency }).exactOptional(),
  /** A credit up to it for goods that the buyer keeps needs no approval. */
  keepItemUpTo: byCurrency.exactOptional(),
  /** Days on which nothing may be posted; a credit memo waits for the first open day. */
  periods: z
    .strictObject({
      timeZone,
      closed: z.array(
        z
          .strictObject({ from: day, to: day })
          .refine(({ from, to }) => from <= to, 'a period ends on the day it begins, or later'),
      ),
    })
    .exactOptional(),
  /** In place of the marketplace's own duties, by channel or by channel/account. */
  duties: z.record(z.string(), z.array(dutySchema)).exactOptional(),
});
