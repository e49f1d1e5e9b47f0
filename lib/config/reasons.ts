import * as z from 'zod';
import { REASON_PURPOSES } from '#core/returns/reasons/channel-codes.ts';
import { CANONICAL_REASONS, normalCode } from '#core/returns/reasons.ts';

/** What a merchant says about reasons for returns (docs/reasons.md): versions of maps, each with its beginning. */

export const instant = z.iso.datetime({ offset: true });
const reasonCode = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9 _./&>()-]{0,63}$/, 'a code is as a returns platform sends it');
const canonicalReason = z.enum(CANONICAL_REASONS);

/** A merchant's own words for reasons, over those that Crossdock brings along (docs/reasons.md). */
const reasonMapSchema = z
  .strictObject({
    /** A platform, or one account of it: "generic/main". */
    source: z.string().regex(/^[a-z][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)?$/, 'name a source as "amazon" or "generic/main"'),
    version: z.string().min(1).max(40),
    effectiveFrom: instant,
    codes: z.record(reasonCode, canonicalReason),
  })
  .superRefine(({ codes }, context) => {
    const normal = Object.keys(codes).map(normalCode);
    const twice = normal.find((code, index) => normal.indexOf(code) !== index);
    if (twice !== undefined) {
      const message = `"${twice}" is given twice: codes are the same whatever their case`;
      context.addIssue({ code: 'custom', path: ['codes'], message });
    }
  })
  .transform(({ codes, ...map }) => ({
    ...map,
    layer: 'merchant' as const,
    codes: Object.fromEntries(Object.entries(codes).map(([code, reason]) => [normalCode(code), reason])),
  }));

const reverseCodes = z.partialRecord(canonicalReason, z.string().min(1).max(100)).default({});

const reverseMapSchema = z
  .strictObject({
    channel: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'a channel is lower case letters, digits and hyphens, 31 at most'),
    purpose: z.enum(REASON_PURPOSES),
    version: z.string().min(1).max(40),
    effectiveFrom: instant,
    exact: reverseCodes,
    nearest: reverseCodes,
    /** Told for reasons that are named nowhere; a vague one ("OTHER") is told for the reason "other" alone. */
    fallback: z.string().min(1).max(100).optional(),
  })
  .transform((map) => ({ ...map, layer: 'merchant' as const }));

export const reasonsSchema = z.strictObject({
  maps: z
    .array(reasonMapSchema)
    .superRefine(refuseSameBeginning(({ source }) => source))
    .default([]),
  reverse: z
    .array(reverseMapSchema)
    .superRefine(refuseSameBeginning(({ channel, purpose }) => `${channel}, ${purpose}`))
    .default([]),
});

/** Of two versions that begin at one instant nobody could tell which holds. */
export function refuseSameBeginning<T extends { readonly effectiveFrom: string }>(of: (version: T) => string) {
  return (versions: readonly T[], context: z.RefinementCtx): void => {
    const names = versions.map((one) => `${of(one)} from ${new Date(one.effectiveFrom).toISOString()}`);
    for (const [index, one] of names.entries()) {
      if (names.indexOf(one) === index) continue;
      const message = `two versions for ${one}: give each its own beginning`;
      context.addIssue({ code: 'custom', path: [index, 'effectiveFrom'], message });
    }
  };
}
