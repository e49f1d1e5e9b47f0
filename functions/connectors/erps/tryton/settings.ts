import * as z from 'zod/mini';
import { isTimeZone } from '#core/kernel/calendar.ts';
import { DISPOSITIONS, type Disposition } from '#core/returns/return.ts';
import { ACCOUNT_ROLES } from '#core/settlements/posting.ts';
import { formed, mapped } from '../../wire.ts';
import { canonicalDecimal } from './decimal.ts';

/**
 * The deployment's word on one Tryton account. Everything in the ERP is named by code or name, never by database id; the
 * secret is the JSON text `{"password": "…"}`, kept by the deployment and handed over at run time.
 */

const Code = z.string().check(z.trim(), z.minLength(1), z.maxLength(100));
const TimeOfDay = formed(/^([01]\d|2[0-3]):[0-5]\d$/, 'give a time of day such as "02:00"');

const Url = z.url({ protocol: /^https?$/ }).check(
  z.refine((text) => {
    if (!URL.canParse(text)) return true;
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  }, 'use https: a password goes over this connection (http is taken for this machine only)'),
);

const Maintenance = z.object({
  from: TimeOfDay,
  to: TimeOfDay,
  timeZone: z._default(z.string().check(z.refine(isTimeZone, 'give an IANA time zone such as "Europe/Berlin"')), 'UTC'),
  /** ISO days on which it begins: 1 = Monday … 7 = Sunday. */
  days: z.exactOptional(z.array(z.int().check(z.minimum(1), z.maximum(7))).check(z.minLength(1))),
});

const Tax = z.object({
  /** The channel's rate as a decimal text: "0.10" for 10 %. */
  rate: mapped(formed(/^0(\.\d{1,8})?$|^1$/, 'give the rate as a decimal text such as "0.10"'), canonicalDecimal),
  /** Name or description of the tax in the ERP. */
  name: Code,
});

const Products = z.object({
  /** Service product that carries shipping charges. */
  shipping: Code,
  /**
   * Service product, untaxed, that carries tax which the ERP does not compute itself. Without it an order whose tax is not
   * that of an ERP tax is rejected.
   */
  collectedTax: z.optional(Code),
  /** Service product that carries the credit for goods which the buyer keeps. */
  allowance: z.optional(Code),
  /** Service product for tips, duties and other fees; `fees` names one per kind of fee. */
  fee: z.optional(Code),
  fees: z._default(z.record(z.string(), Code), {}),
});

const Role = z
  .string()
  .check(
    z.refine(
      (text) => ACCOUNT_ROLES.some((role) => text === role || text.startsWith(`${role}/`)),
      `give a role of the account map: ${ACCOUNT_ROLES.join(', ')}, or one made narrower such as "fee/commission"`,
    ),
  );

const Settlements = z.strictObject({
  /** Code of the journal that settlements are posted to. */
  journal: Code,
  /** Code of the account that stands for each role; a narrower role that is not named takes that of the wider one. */
  accounts: z.record(Role, Code),
});

const SupplierClaims = z.strictObject({
  /** Code of the journal of supplier invoices. */
  journal: Code,
  /** Code of the account that takes what suppliers give back. */
  account: Code,
  /** Code of the account in which suppliers are owed. */
  payable: Code,
  /** Codes of the suppliers' parties by what claims call them, where they differ. */
  parties: z._default(z.record(z.string(), Code), {}),
});

export const TrytonSettings = z.strictObject({
  url: Url,
  database: Code,
  user: Code,
  shop: Code,
  /** Code of the party that stands for the channel's buyers. */
  party: Code,
  warehouse: Code,
  /** Locations of sellable stock and of returned goods that must not be sold. */
  storage: Code,
  quarantine: Code,
  /** Where returned units go; what is not named goes to quarantine, and restocked units to storage. */
  dispositionLocations: z._default(z.partialRecord(z.enum(DISPOSITIONS), Code), {}),
  paymentTerm: z.optional(Code),
  taxes: z._default(z.array(Tax), []),
  products: Products,
  /** Needed once settlements are posted here: without it their journals are rejected. */
  settlements: z.optional(Settlements),
  /** Needed once supplier claims are drafted here: without it they are rejected. */
  supplierClaims: z.optional(SupplierClaims),
  /** Warnings of the ERP that are answered with yes, by the last part of their name ("done", "check_move_quantity"). */
  acknowledgeWarnings: z._default(z.array(Code), []),
  maintenance: z._default(z.array(Maintenance), []),
  limits: z._default(
    z.object({
      concurrency: z.int().check(z.minimum(1), z.maximum(100)),
      perMinute: z.optional(z.int().check(z.minimum(1))),
    }),
    { concurrency: 4 },
  ),
});

export type TrytonSettings = z.infer<typeof TrytonSettings>;

/** Reads an account's settings. Throws an Error that names each wrong setting with its path. */
export function parseSettings(given: unknown): TrytonSettings {
  const result = TrytonSettings.safeParse(given);
  if (result.success) return result.data;
  throw new Error(`the Tryton account's settings are not usable:\n${z.prettifyError(result.error)}`);
}

export const locationFor = (settings: TrytonSettings, disposition: Disposition): string =>
  settings.dispositionLocations[disposition] ?? (disposition === 'restock' ? settings.storage : settings.quarantine);

/** The product that carries a fee of this kind, where one is named. */
export const productForFee = ({ products }: TrytonSettings, kind: string): string | undefined =>
  (Object.hasOwn(products.fees, kind) ? products.fees[kind] : undefined) ?? products.fee;

/** Code of the account for a role: its own, or that of the role before its last "/". */
export function accountFor(accounts: Readonly<Record<string, string>>, role: string): string | undefined {
  if (Object.hasOwn(accounts, role)) return accounts[role];
  const cut = role.lastIndexOf('/');
  return cut < 0 ? undefined : accountFor(accounts, role.slice(0, cut));
}
