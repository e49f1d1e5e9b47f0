import * as z from 'zod/mini';

/** Any text but the empty one. */
export const textSchema = z.string().check(z.minLength(1));

/** Whole units, at least one. */
export const unitsSchema = z.int().check(z.positive());

/** Amounts: whole minor units of an ISO 4217 currency. */
export const moneySchema = z.strictObject({ minor: z.int(), currency: z.string().check(z.regex(/^[A-Z]{3}$/)) });

/** A day of the books. */
export const daySchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

export const reasonSchema = z.strictObject({
  code: z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/)),
  message: z.string(),
});

export const lineQuantitySchema = z.strictObject({ lineId: textSchema, quantity: unitsSchema });

export const lineQuantitiesSchema = z.array(lineQuantitySchema).check(z.minLength(1));

export const orderRefSchema = {
  /** The channel's own id of the order. */
  orderId: textSchema,
  /** The number people use. */
  orderNumber: textSchema,
};
