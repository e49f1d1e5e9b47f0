import { z } from 'zod';
import { PoisonError } from '#core/kernel/errors.ts';
import { type ExactJson, NumberText } from '#core/kernel/exact-json.ts';

/** Building bricks for the wire schemas of connectors, over JSON whose numbers are kept as texts. */

const number = z.instanceof(NumberText);
const LONGEST = 500;

/** An id as text, whether it came as a number or as a text; ids exceed what a float can hold. */
export const id = z.union([z.string().min(1).max(200), number.transform(({ text }) => text)]);

/** A decimal amount as text; partners send both forms, sometimes in one message. */
export const decimal = z
  .union([z.string().max(40), number.transform(({ text }) => text)])
  .pipe(z.string().regex(/^-?\d{1,15}(\.\d{1,12})?$/, 'is not a decimal amount such as 12.34'));

/** A whole number; a fraction is refused, a sign is left to the rules of the business. */
export const integer = z
  .union([z.string().max(20), number.transform(({ text }) => text)])
  .pipe(z.string().regex(/^-?\d{1,15}$/, 'is not a whole number'))
  .transform(Number);

export const text = z.string().max(LONGEST);

/** A text that may be null or missing, undefined when it is empty. */
export const optionalText = text.nullish().transform((value) => (value === null || value === '' ? undefined : value));

/** An ISO 8601 instant with any offset, as one in UTC. */
export const instant = z
  .string()
  .max(40)
  .refine((value) => /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value)), 'is not an ISO 8601 time')
  .transform((value) => new Date(Date.parse(value)).toISOString());

/** Reads a message by its schema. Throws PoisonError with the path and fault of each field, and never a value. */
export function readWire<S extends z.ZodType>(schema: S, json: ExactJson, what: string): z.output<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map((issue) => `${pathOf(issue.path)}: ${plain(issue)}`);
  const more = parsed.error.issues.length - faults.length;
  throw new PoisonError(
    'MESSAGE_MALFORMED',
    `${what} can't be read: ${faults.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    { context: { path: pathOf(parsed.error.issues[0]?.path ?? []) } },
  );
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? '(the whole)' : path.map(String).join('.');

/** zod's own texts name types and options, never what was given; unions are told by their last choice. */
function plain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return issue.errors.at(-1)?.[0]?.message ?? issue.message;
  return issue.message;
}
