import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { PoisonError } from '#core/kernel/errors.ts';
import { type ExactJson, ExactNumber } from '#core/kernel/exact-json.ts';

/**
 * Building bricks for the wire schemas of connectors, over JSON whose numbers are kept as they were written. The small form
 * of zod takes a sixth of the room in a bundle; it comes without words for faults.
 */
z.config(en());

const LONGEST = 500;

/** A schema whose output is made of another's. */
export const mapped = <S extends z.ZodMiniType, T>(schema: S, make: (given: z.output<S>) => T) =>
  z.pipe(schema, z.transform<z.output<S>, T>(make));

/** What is null or missing is `otherwise`. */
export const or = <S extends z.ZodMiniType, const T>(schema: S, otherwise: T) =>
  mapped(z.nullish(schema), (given) => given ?? otherwise);

/** A JSON number, its text kept. */
export const number = z.instanceof(ExactNumber, { error: 'expected a number' });

/** A number as what `make` takes it for; where that is nothing, the fault has the words and the code of our own. */
const judged = <T>(code: string, message: string, make: (given: ExactNumber) => T | undefined) =>
  z.pipe(
    number,
    z.transform((given, context) => {
      const made = make(given);
      if (made !== undefined) return made;
      context.issues.push({ code: 'custom', message, params: { code }, input: given });
      return z.NEVER;
    }),
  );

/** A quantity is judged by the rules of the business, so any whole number passes here, also zero and below. */
export const quantity = judged('QUANTITY_MALFORMED', 'a quantity is a whole number', ({ integer }) => integer);

/** Units that moved, or whose money did: none and fewer than none make no sense, and nobody judges them later. */
export const positiveQuantity = judged(
  'QUANTITY_INVALID',
  'a quantity here is a whole number above zero',
  ({ integer }) => (integer !== undefined && integer > 0 ? integer : undefined),
);

/** Decimal text; whether its currency can hold it is checked where it becomes money. */
export const DECIMAL = /^-?\d{1,15}(\.\d{1,12})?$/;

/** A text of this form, else the fault has these words. */
export const formed = (form: RegExp, message: string) => z.string().check(z.regex(form, message));

export const currency = formed(/^[A-Z]{3}$/, 'expected a currency code such as "USD"');

/** A time with its offset; not turned into UTC yet, see `utc`. */
export const instant = z.string().check(
  z.maxLength(40),
  z.refine(
    (given) => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(given) && Number.isFinite(Date.parse(given)),
    'expected a time such as "2026-07-01T12:00:00Z"',
  ),
);

export const utc = (given: string): string => new Date(Date.parse(given)).toISOString();

/** Texts of people and shops: what is null, missing or blank is the same to us, and a very long one is cut. */
export const text = mapped(
  z.nullish(z.string()),
  (given): string | undefined => given?.trim().slice(0, LONGEST) || undefined,
);

/**
 * Reads a message by its schema. Throws PoisonError SCHEMA_MISMATCH, or the brick's own code, with the path of the first
 * fault; values are not quoted, for they may be personal.
 */
export function read<S extends z.ZodMiniType>(schema: S, message: ExactJson, what: string): z.output<S> {
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
