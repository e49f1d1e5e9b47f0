import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { fingerprint } from '#core/kernel/fingerprint.ts';

// The small form of zod comes without words for faults.
z.config(en());

const formed = (form: RegExp) => z.string().check(z.regex(form));

/** Ids go into keys, and keys into names that people type. */
const id = formed(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);
/** Connector and account names as they stand in keys. */
const name = formed(/^[a-z0-9][a-z0-9-]{0,31}$/);
/** Merchants make codes of words ("Missing Parts / Instructions"); what could hold an address or a name is refused. */
const reasonCode = formed(/^[A-Za-z0-9][A-Za-z0-9 _./&>()-]{0,63}$/);

/** `POST /v1/returns/authorizations`: what a returns platform asks. */
export const authorizationRequestSchema = z.strictObject({
  /** The platform's own id: the same request again carries the same one. */
  returnId: id,
  /** Marketplace account that the order came from, and the marketplace's id of it. */
  channel: name,
  account: name,
  orderId: formed(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/),
  requestedAt: z.iso.datetime({ offset: true }),
  lines: z
    .array(
      z.strictObject({
        lineId: id,
        quantity: z.int().check(z.minimum(1), z.maximum(100_000)),
        reasonCode,
        /** The buyer's own words: taken so that platforms need not strip them, and kept nowhere. */
        note: z.optional(z.string().check(z.maxLength(2_000))),
      }),
    )
    .check(z.minLength(1), z.maxLength(100)),
});

export type AuthorizationRequest = z.infer<typeof authorizationRequestSchema>;

/**
 * What makes two requests the same: the order and the lines. A platform that asks again may stamp another time on it, and
 * the buyer's words decide nothing.
 */
export const contentOf = ({ channel, account, orderId, lines }: AuthorizationRequest): string =>
  fingerprint({
    channel,
    account,
    orderId,
    lines: lines.map(({ lineId, quantity, reasonCode: code }) => ({ lineId, quantity, reasonCode: code })),
  });
