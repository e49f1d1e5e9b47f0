import * as z from 'zod/mini';
import type { Reason } from '#core/kernel/decision.ts';

/** Bricks that the documents of this connector share. */

/** `5001` → `gid://shopify/Order/5001` (https://shopify.dev/docs/api/usage/gids). */
export const gid = (type: string, id: string): string => `gid://shopify/${type}/${id}`;

/** `gid://shopify/Refund/929361462` → `929361462`, which is how webhooks and the admin name it. */
export const bareId = (given: string): string => given.slice(given.lastIndexOf('/') + 1).replace(/\?.*$/, '');

export const money = z.object({ amount: z.string(), currencyCode: z.string() });

/** `refundCreate` and `fulfillmentCreate` name no code: https://shopify.dev/docs/api/admin-graphql/latest/objects/UserError */
export const userErrors = z.array(z.object({ field: z.nullable(z.array(z.string())), message: z.string() }));

export type UserErrors = z.infer<typeof userErrors>;

const SHOWN = 300;

/** The refusal in words: Shopify's own, with the fields it names. */
export const refusal = (code: string, errors: UserErrors): Reason => ({
  code,
  message: errors
    .map(({ field, message }) => (field ? `${message} (${field.join('.')})` : message))
    .join('; ')
    .slice(0, SHOWN),
});

export const rejected = (code: string, message: string): { readonly kind: 'rejected'; readonly reason: Reason } => ({
  kind: 'rejected',
  reason: { code, message },
});
