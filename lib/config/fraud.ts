import * as z from 'zod';
import type { RuleSet } from '#core/returns/fraud/judge.ts';
import { instant, refuseSameBeginning } from './reasons.ts';

/** Fraud rules of a stage (docs/fraud-controls.md): sets of rules with versions, each with its beginning. */

const windowDays = z.int().min(1).max(400, 'nothing is remembered for longer than 400 days');
const count = z.int().min(1).max(200, 'no more than 200 returns of one buyer are remembered');
const percent = z.int().min(0).max(100);

const base = {
  /** Raised with every change of the rule; stands in every verdict. */
  version: z.int().min(1),
  weight: z.int().min(1).max(1000),
};

const ruleSchema = z.discriminatedUnion('id', [
  z.strictObject({
    ...base,
    id: z.literal('velocity'),
    windowDays,
    maxReturns: count,
    maxRefunded: z
      .record(z.string().regex(/^[A-Z]{3}$/, 'use ISO 4217 codes such as "USD"'), z.int().min(0))
      .default({}),
  }),
  z.strictObject({
    ...base,
    id: z.literal('keep-item-share'),
    windowDays,
    minRefunds: count,
    maxSharePercent: percent,
  }),
  z.strictObject({ ...base, id: z.literal('serial-mismatch') }),
  z.strictObject({ ...base, id: z.literal('weight-mismatch'), tolerancePercent: percent }),
  z.strictObject({ ...base, id: z.literal('early-receipt'), graceHours: z.int().min(0).max(240) }),
  z.strictObject({ ...base, id: z.literal('wardrobing'), afterDays: z.int().min(1).max(365) }),
  z.strictObject({ ...base, id: z.literal('address-cluster'), windowDays, maxBuyers: count }),
]);

const ruleSetSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'a set is lower case letters, digits and hyphens, 31 at most'),
    version: z.string().min(1).max(40),
    effectiveFrom: instant,
    /** `shadow` judges and is recorded, and changes nothing. */
    mode: z.enum(['live', 'shadow']),
    /** Scores from which a refund waits for a person, and from which the return itself does. */
    holdFrom: z.int().min(1),
    reviewFrom: z.int().min(1),
    rules: z.array(ruleSchema).min(1).max(20),
  })
  .superRefine(({ holdFrom, reviewFrom, rules }, context) => {
    if (reviewFrom < holdFrom) {
      const message = `${reviewFrom} is below holdFrom (${holdFrom}): what a person must decide on is held too`;
      context.addIssue({ code: 'custom', path: ['reviewFrom'], message });
    }
    for (const [index, { id }] of rules.entries()) {
      if (rules.findIndex((rule) => rule.id === id) === index) continue;
      context.addIssue({ code: 'custom', path: ['rules', index, 'id'], message: `"${id}" is in the set twice` });
    }
  }) satisfies z.ZodType<RuleSet>;

export const fraudSchema = z.strictObject({
  ruleSets: z
    .array(ruleSetSchema)
    .superRefine(refuseSameBeginning(({ name }) => name))
    .default([]),
});
