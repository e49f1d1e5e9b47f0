import * as z from 'zod/mini';

/**
 * What an account of Standard Webhooks may be set up with. Whoever sends messages may also call our API: each account is a
 * client of it, and sees the returns of its own account only.
 */

const https = z.url({ protocol: /^https$/, error: 'give an https:// address' });

const oauth = z
  .strictObject({
    /** The authorization server, as it names itself in tokens (`iss`). */
    issuer: https,
    /** Where its public keys are (RFC 7517). */
    jwksUri: https,
    /** Id of the client there: `client_id` of the token (RFC 9068), or `azp`, `appid` or `sub` where a server uses those. */
    clientId: z.string().check(z.minLength(1)),
    /** `aud` that tokens for us have. Some servers (Amazon Cognito) give none: then a scope is asked for. */
    audience: z.optional(z.string().check(z.minLength(1))),
    scope: z.optional(z.string().check(z.minLength(1))),
  })
  .check(z.refine(({ audience, scope }) => (audience ?? scope) !== undefined, 'give an audience, a scope or both'));

const api = z.strictObject({
  /** Whether requests signed with the account's webhook secret are taken. */
  hmac: z._default(z.boolean(), true),
  oauth: z.optional(oauth),
  /** The role whose AWS credentials sign requests (SigV4) to the routes below /iam. */
  iam: z.optional(
    z.strictObject({
      roleArn: z.string().check(z.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'give the ARN of a role')),
    }),
  ),
  /** Channel accounts whose orders it may ask about ("shopify/main"); all of them when left out. */
  channels: z.optional(z.array(z.string().check(z.regex(/^[a-z0-9-]+\/[a-z0-9-]+$/)))),
  /** Requests a minute in the long run, and at once. */
  limits: z._default(
    z.strictObject({
      perMinute: z.int().check(z.minimum(1), z.maximum(60_000)),
      burst: z.int().check(z.minimum(1), z.maximum(10_000)),
    }),
    { perMinute: 600, burst: 100 },
  ),
});

const settings = z.strictObject({ api: z.prefault(api, {}) });

export type ApiClientSettings = z.infer<typeof api>;

/** Reads an account's settings. Throws with every fault named. */
export function parseSettings(given: unknown): { readonly api: ApiClientSettings } {
  const parsed = settings.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`).join('; '),
  );
}
