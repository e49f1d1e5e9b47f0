import * as z from 'zod';

/** Amounts: whole minor units of an ISO 4217 currency. */
export const moneySchema = z.strictObject({ minor: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) });

export const reasonSchema = z.strictObject({ code: z.string().regex(/^[A-Z][A-Z0-9_]*$/), message: z.string() });

export const lineQuantitySchema = z.strictObject({ lineId: z.string().min(1), quantity: z.int().positive() });

export const lineQuantitiesSchema = z.array(lineQuantitySchema).min(1);

export const orderRefSchema = {
  /** The channel's own id of the order. */
  orderId: z.string().min(1),
  /** The number people use. */
  orderNumber: z.string().min(1),
};
