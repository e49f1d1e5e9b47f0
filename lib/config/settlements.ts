import * as z from 'zod';
import { isTimeZone } from '#core/kernel/calendar.ts';

/** What is agreed with a channel about a fee, as `crossdock settlements import --fees` takes it too. */
const feeAgreementSchema = z.strictObject({
  /** Our name of it, as rules give it (`commission`). */
  fee: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'name a fee as rules do, such as "commission"'),
  /** Hundredths of a percent of what `of` says. */
  basisPoints: z.int().min(0).max(10_000),
  of: z.enum(['goods', 'goods-and-shipping', 'paid']),
  /** Minor units an order, at least. */
  minimum: z.int().min(0).exactOptional(),
});

/** Any channel that files are dropped for may be named, also one that no connector reaches. */
const CHANNEL_ACCOUNT = /^[a-z][a-z0-9-]{0,30}\/[a-z0-9][a-z0-9-]{0,30}$/;

/** Agreements travel in the environment of a function, which holds four kilobytes in all. */
const MOST_AGREEMENTS = 20;

/** How the books take settlements of channels. */
export const settlementsSchema = z.strictObject({
  /** Zone in which the months of the books end. */
  timeZone: z.string().refine(isTimeZone, 'name a time zone as "Europe/Berlin"').default('UTC'),
  /** Last day of the periods that are closed: nothing is dated on it or before. */
  closedThrough: z.iso.date().optional(),
  /** `per-order`: the receivable is cleared on a line an order, where a settlement has few enough of them. */
  detail: z.enum(['summary', 'per-order']).default('summary'),
  /** By channel account; where nothing is agreed, no fee is judged. */
  fees: z
    .record(z.string(), z.array(feeAgreementSchema).min(1))
    .default({})
    .superRefine(refuseOtherNames)
    .refine((fees) => Object.values(fees).flat().length <= MOST_AGREEMENTS, `at most ${MOST_AGREEMENTS} agreements`)
    .refine(
      (fees) => Object.values(fees).every((list) => new Set(list.map(({ fee }) => fee)).size === list.length),
      'one agreement for each fee of an account',
    ),
});

function refuseOtherNames(fees: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const name of Object.keys(fees)) {
    if (CHANNEL_ACCOUNT.test(name)) continue;
    const message = `"${name}" is none: name an account as <channel>/<account>, such as "amazon/main"`;
    context.addIssue({ code: 'custom', path: [name], message });
  }
}
