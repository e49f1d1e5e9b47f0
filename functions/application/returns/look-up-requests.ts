import * as z from 'zod/mini';
import { authorizationRequestSchema } from './authorization-request.ts';

const { returnId, channel, account } = authorizationRequestSchema.shape;

/** `GET /v1/returns/{returnId}` */
export const returnQuestionSchema = z.strictObject({ returnId });

/** `POST /v1/returns/{returnId}/cancel`: the body may be left out. */
export const cancelRequestSchema = z.strictObject({
  /** For the platform's own log: taken, and kept nowhere. */
  reason: z.optional(z.string().check(z.maxLength(500))),
});

/** `GET /v1/orders/{reference}` */
export const orderQuestionSchema = z.strictObject({
  /** The channel's id, or the number that people use. */
  reference: z.string().check(z.regex(/^#?[A-Za-z0-9][A-Za-z0-9._:/ -]{0,99}$/)),
  channel: z.optional(channel),
  account: z.optional(account),
});
