import type { AccountConfig, Verification, WebhookVerifier } from '#application/ports/connector.ts';
import type { Clock } from '#application/ports/runtime.ts';
import { type SecretSource, secretValues } from '../aws/secrets.ts';
import type { HttpRequest } from './http-request.ts';

export type Authenticity = {
  readonly verifier: WebhookVerifier;
  /** The part of the account's secret that messages are signed with; it may hold two values. */
  readonly secretPart: string;
};

/** The same for an unknown account as for a wrong signature: who asks learns nothing from it. */
const UNKNOWN_ACCOUNT: Verification = { authentic: false, code: 'ACCOUNT_UNKNOWN', why: 'no such account' };

/**
 * Checks a message with every active secret of its account. One that fits none may be signed with a secret that was put in
 * place a moment ago, so they are read once more before it is refused.
 */
export async function authenticate(
  { verifier, secretPart }: Authenticity,
  message: Pick<HttpRequest, 'headers' | 'body'>,
  account: AccountConfig | undefined,
  { secrets, clock }: { readonly secrets: SecretSource; readonly clock: Clock },
): Promise<Verification> {
  if (!account) return UNKNOWN_ACCOUNT;
  const { secretName } = account;
  const now = Math.floor(Date.parse(clock.now()) / 1000);
  const secret = await secrets.get(secretName);
  const first = verifier.verify(message, secretValues(secretName, secret, secretPart), now);
  if (first.authentic) return first;
  const renewed = await secrets.refresh(secretName);
  return renewed ? verifier.verify(message, secretValues(secretName, renewed, secretPart), now) : first;
}
