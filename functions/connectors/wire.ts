import * as z from 'zod';
import { PoisonError } from '#core/kernel/errors.ts';
import { type ExactJson, ExactNumber } from '#core/kernel/exact-json.ts';

/** Building bricks for the wire schemas of connectors, over JSON whose numbers are kept as they were written. */

const LONGEST = 500;

/** A JSON number, its text kept. */
export const number = z.instanceof(ExactNumber, { error: 'expected a number' });

/** A quantity is judged by the rules of the business, so any whole number passes here, also zero and below. */
export const quantity = number.transform((given, context) => {
  if (given.integer !== undefined) return given.integer;
  context.addIssue({ code: 'custom', message: 'a quantity is a whole number', params: { code: 'QUANTITY_MALFORMED' } });
  return z.NEVER;
});

/** Units that moved, or whose money did: none and fewer than none make no sense, and nobody judges them later. */
export const positiveQuantity = quantity.transform((given, context) => {
  if (given > 0) return given;
  context.addIssue({ code: 'custom', message: 'a quantity here is above zero', params: { code: 'QUANTITY_INVALID' } });
  return z.NEVER;
});

/** Decimal text; whether its currency can hold it is checked where it becomes money. */
export const DECIMAL = /^-?\d{1,15}(\.\d{1,12})?$/;

export const currency = z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as "USD"');

/** A time with its offset; not turned into UTC yet, see `utc`. */
export const instant = z
  .string()
  .max(40)
  .refine(
    (text) => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) && Number.isFinite(Date.parse(text)),
    'expected a time such as "2026-07-01T12:00:00Z"',
  );

export const utc = (given: string): string => new Date(Date.parse(given)).toISOString();

/** Texts of people and shops: what is null, missing or blank is the same to us, and a very long one is cut. */
export const text = z
  .string()
  .nullish()
  .transform((given) => given?.trim().slice(0, LONGEST) || undefined);

/**
 * Reads a message by its schema. Throws PoisonError SCHEMA_MISMATCH, or the brick's own code, with the path of the first
 * fault; values are not quoted, for they may be personal.
 */
export function read<S extends z.ZodType>(schema: S, message: ExactJson, what: string): z.output<S> {
  const result = schema.safeParse(message);
  if (result.success) return result.data;
  const { issues } = result.error;
  const [issue] = issues;
  const path = (issue?.path ?? []).map(String).join('.');
  const code = issue?.code === 'custom' ? issue.params?.code : undefined;
  throw new PoisonError(
    typeof code === 'string' ? code : 'SCHEMA_MISMATCH',
    `${what} at "${path}": ${issue ? plain(issue) : 'not understood'}`,
    { context: { path, faults: issues.length } },
  );
}

/** zod's own texts name types and choices, never what was given. A union is told by its last choice. */
function plain(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_union' ? (issue.errors.at(-1)?.[0]?.message ?? issue.message) : issue.message;
}
