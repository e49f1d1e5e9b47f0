import { z } from 'zod';

/** What deployment says of a shop. The API is called at the shop's own domain over https; the local run names a loopback address. */
const Settings = z.strictObject({
  shopDomain: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, "is the shop's own domain, such as acme.myshopify.com"),
  apiVersion: z.string().regex(/^20\d\d-(01|04|07|10)$/, 'is a release of the Admin API, such as 2026-07'),
  endpoint: z
    .string()
    .regex(/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+$/, 'is for local runs only: http://127.0.0.1:PORT')
    .optional(),
});

export type ShopifySettings = z.infer<typeof Settings>;

/** Throws with the name of what is wrong. */
export function parseSettings(value: unknown): ShopifySettings {
  const parsed = Settings.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`Shopify settings: ${issue?.path.join('.') || 'the whole'} ${issue?.message}`);
}

export const adminUrl = ({ shopDomain, apiVersion, endpoint }: ShopifySettings): string =>
  `${endpoint ?? `https://${shopDomain}`}/admin/api/${apiVersion}/graphql.json`;
