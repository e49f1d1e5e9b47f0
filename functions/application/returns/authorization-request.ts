import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { fingerprint } from '#core/kernel/fingerprint.ts';
import { isCurrency } from '#core/kernel/money.ts';
import { RESOLUTIONS } from '#core/returns/return.ts';

// The small form of zod comes without words for faults.
z.config(en());

const formed = (form: RegExp) => z.string().check(z.regex(form));

/** Ids go into keys, and keys into names that people type. */
const id = formed(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);
/** Connector and account names as they stand in keys. */
const name = formed(/^[a-z0-9][a-z0-9-]{0,31}$/);
/** Merchants make codes of words ("Missing Parts / Instructions"); what could hold an address or a name is refused. */
const reasonCode = formed(/^[A-Za-z0-9][A-Za-z0-9 _./&>()-]{0,63}$/);

const text = z.string().check(z.minLength(1), z.maxLength(100));

/** Whole minor units, none below zero; so few that sums over all lines are exact. */
const money = z.strictObject({
  minor: z.int().check(z.minimum(0), z.maximum(1_000_000_000_000)),
  currency: formed(/^[A-Z]{3}$/).check(z.refine(isCurrency, 'ISO 4217 lists no such currency')),
});

const replacementLine = z.strictObject({
  /** The platform's own id of it, once each. */
  lineId: id,
  sku: text,
  quantity: z.int().check(z.minimum(1), z.maximum(100_000)),
  /** For the whole line, without tax. */
  net: money,
  taxes: z
    .array(
      z.strictObject({
        title: z.optional(text),
        rate: z.optional(formed(/^\d{1,3}(\.\d{1,10})?$/)),
        amount: money,
        collectedBy: z.enum(['seller', 'marketplace']),
      }),
    )
    .check(z.maxLength(5)),
});

/** What goes out in an exchange, in the order's currency. */
const replacement = z.strictObject({
  lines: z
    .array(replacementLine)
    .check(z.minLength(1), z.maxLength(50), z.refine(areUnlike, 'each line has a lineId of its own')),
  /** What the buyer has paid already because the replacement is worth more. */
  collected: z.optional(money),
});

function areUnlike(lines: readonly { readonly lineId: string }[]): boolean {
  return new Set(lines.map(({ lineId }) => lineId)).size === lines.length;
}

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
  /** What the buyer wants for the goods: a refund when nothing is said. It may change later, by a message. */
  resolution: z.optional(z.enum(RESOLUTIONS)),
  /** Of an exchange; it may also be told later. */
  replacement: z.optional(replacement),
});

export type AuthorizationRequest = z.infer<typeof authorizationRequestSchema>;

/**
 * What makes two requests the same: the order, the lines and what is wanted for them. A platform that asks again may stamp another time on it, and
 * the buyer's words decide nothing.
 */
export const contentOf = ({ resolution, replacement: wanted, ...request }: AuthorizationRequest): string =>
  fingerprint({
    channel: request.channel,
    account: request.account,
    orderId: request.orderId,
    lines: request.lines.map(({ lineId, quantity, reasonCode: code }) => ({ lineId, quantity, reasonCode: code })),
    // Left out when nothing is said, so that requests of before either was taken stay what they were.
    ...(resolution !== undefined && { resolution }),
    ...(wanted && { replacement: wanted }),
  });
