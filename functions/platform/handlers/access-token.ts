import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { TransientError } from '#core/kernel/errors.ts';

/** What access tokens of one client must hold. */
export type TokenRules = {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly clientId: string;
  readonly audience?: string | undefined;
  readonly scope?: string | undefined;
};

export type TokenCheck = { readonly authentic: true } | { readonly authentic: false; readonly code: string };

/** Public keys of an authorization server, by the address of its key set; read again when a token names one that is new. */
export type KeySets = (jwksUri: string) => JWTVerifyGetKey;

/** Asymmetric ones only: a shared secret could be somebody else's as well, and `none` is nobody's. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];
const CLOCK_SKEW_SECONDS = 60;
/** Of the three seconds that a platform waits; the ERP has half of them. */
const KEYS_TIMEOUT_MS = 800;
const KEYS_KEPT_MS = 10 * 60 * 1000;

/** Keys over the network, kept for the sandbox. A token with a key that nobody knows asks at most every 30 seconds. */
export function remoteKeySets(): KeySets {
  const known = new Map<string, JWTVerifyGetKey>();
  return (jwksUri) => {
    const keys =
      known.get(jwksUri) ??
      createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: KEYS_TIMEOUT_MS, cacheMaxAge: KEYS_KEPT_MS });
    known.set(jwksUri, keys);
    return keys;
  };
}

/** The issuer that a token claims, before anything of it is proven: to find the rules that it must be held to. */
export function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/**
 * Whether an access token (RFC 9068, or a JWT like it) is one that a client got for us. Throws TransientError when the keys
 * can't be had: that is no fault of the caller.
 */
export async function checkToken(token: string, rules: TokenRules, keys: KeySets, now: string): Promise<TokenCheck> {
  const { issuer, audience, jwksUri } = rules;
  try {
    const { payload } = await jwtVerify(token, keys(jwksUri), {
      issuer,
      ...(audience !== undefined && { audience }),
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    });
    return claimsFit(payload, rules);
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
      return { authentic: false, code: 'TOKEN_KEY_UNKNOWN' };
    }
    if (error instanceof errors.JWTExpired) return { authentic: false, code: 'TOKEN_EXPIRED' };
    if (error instanceof errors.JWTClaimValidationFailed) return { authentic: false, code: 'TOKEN_CLAIMS_WRONG' };
    if (isAboutToken(error)) return { authentic: false, code: 'TOKEN_INVALID' };
    throw new TransientError('TOKEN_KEYS_UNAVAILABLE', `the keys at ${jwksUri} can't be read`, { cause: error });
  }
}

const isAboutToken = (error: unknown): boolean =>
  error instanceof errors.JWTInvalid ||
  error instanceof errors.JWSInvalid ||
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JOSEAlgNotAllowed ||
  error instanceof errors.JOSENotSupported;

function claimsFit(payload: JWTPayload, { clientId, scope }: TokenRules): TokenCheck {
  const client = payload.client_id ?? payload.azp ?? payload.appid ?? payload.sub;
  if (client !== clientId) return { authentic: false, code: 'TOKEN_OF_OTHER_CLIENT' };
  if (scope !== undefined && !scopesOf(payload).includes(scope)) return { authentic: false, code: 'SCOPE_MISSING' };
  return { authentic: true };
}

/** A text with blanks (RFC 8693, section 4.2), or a list, as some servers have it. */
function scopesOf({ scope, scp }: JWTPayload): unknown[] {
  const given = scope ?? scp;
  return Array.isArray(given) ? given : String(given ?? '').split(' ');
}
