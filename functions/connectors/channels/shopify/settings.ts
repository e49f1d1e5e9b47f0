import * as z from 'zod/mini';
import { formed, or } from '../../wire.ts';

/**
 * The deployment's word on one shop. The account's secret is JSON: `{"webhookSecrets": ["current", "previous"],
 * "accessToken": "shpat_…"}`; the first part is the app's client secret, the second the app's Admin API token for the shop.
 */

/** The version whose documents this connector was written to. */
export const API_VERSION = '2026-07';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const Endpoint = z.url({ protocol: /^https?$/ }).check(
  z.refine((text) => {
    if (!URL.canParse(text)) return true;
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || LOOPBACK.has(hostname);
  }, 'use https: an access token goes over this connection (http is taken for this machine only)'),
);

export const ShopifySettings = z.strictObject({
  /** The shop's permanent name, as its webhooks bear it. */
  shopDomain: formed(
    /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/,
    'give the permanent domain, such as "example.myshopify.com"',
  ),
  apiVersion: or(formed(/^20\d\d-(01|04|07|10)$/, 'give a released version such as "2026-07"'), API_VERSION),
  /**
   * Payouts of Shopify Payments that were issued on this day (UTC) or later are fetched by themselves. Left out, they come as
   * files only.
   */
  payouts: z.exactOptional(z.strictObject({ from: z.iso.date() })),
  /** Where the Admin API is, without path; the shop itself where none is given. */
  endpoint: z.exactOptional(Endpoint),
});

export type ShopifySettings = z.infer<typeof ShopifySettings>;

/** Reads an account's settings. Throws an Error that names each wrong setting with its path. */
export function parseSettings(given: unknown): ShopifySettings {
  const result = ShopifySettings.safeParse(given);
  if (result.success) return result.data;
  throw new Error(`the Shopify account's settings are not usable:\n${z.prettifyError(result.error)}`);
}

/** URL of the Admin GraphQL API. */
export function graphqlUrl({ endpoint, shopDomain, apiVersion }: ShopifySettings): string {
  return new URL(`/admin/api/${apiVersion}/graphql.json`, endpoint ?? `https://${shopDomain}`).href;
}
