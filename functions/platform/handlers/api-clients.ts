import type { AccountConfig, WebhookVerifier } from '#application/ports/connector.ts';
import type { Clock } from '#application/ports/runtime.ts';
import type { RequestedBy } from '#core/returns/state.ts';
import type { SecretSource } from '../aws/secrets.ts';
import { checkToken, claimedIssuer, type KeySets, type TokenRules } from './access-token.ts';
import { authenticate } from './authenticate.ts';
import type { HttpRequest } from './http-request.ts';
import { Refusal, Unauthorized } from './problem.ts';

/** How a partner account may call our API. */
export type ClientRules = {
  readonly hmac: boolean;
  readonly oauth?: TokenRules | undefined;
  readonly iam?: { readonly roleArn: string } | undefined;
  readonly channels?: readonly string[] | undefined;
  readonly limits: { readonly perMinute: number; readonly burst: number };
};

export type ApiAccount = AccountConfig & { readonly rules: ClientRules };

/** A partner account that has shown who it is. */
export type ApiClient = ApiAccount & { readonly proof: RequestedBy['proof'] };

export type ClientPorts = {
  readonly accounts: readonly ApiAccount[];
  readonly verifier: WebhookVerifier;
  readonly secrets: SecretSource;
  readonly keys: KeySets;
  readonly clock: Clock;
};

/** What a client's signature is over: the body alone where everything stands in it, else method and target too. */
export type Signs = 'body' | 'request';

/** Names the account that a signature is of, so that no other account's secrets are tried. Optional. */
const ACCOUNT_HEADER = 'x-crossdock-account';

/**
 * The client that sent a request: by AWS credentials on the routes for them, by a bearer token, or by the signature of
 * Standard Webhooks. Throws Unauthorized; Refusal 403 for a good token without the scope.
 */
export async function clientOf(request: HttpRequest, signs: Signs, ports: ClientPorts): Promise<ApiClient> {
  if (request.principal !== undefined) return byRole(request.principal, ports);
  const { authorization = '' } = request.headers;
  const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization) ?? [];
  if (token !== undefined) return byToken(token, ports);
  return bySignature(request, signs, ports);
}

function byRole(principal: string, { accounts }: ClientPorts): ApiClient {
  const role = roleOf(principal);
  const account = accounts.find(({ rules }) => rules.iam && roleOf(rules.iam.roleArn) === role);
  if (!account || role === undefined) throw new Unauthorized('PRINCIPAL_UNKNOWN');
  return { ...account, proof: 'role' };
}

/** Account and name of a role. A session of it names neither its path nor IAM: `arn:aws:sts::1:assumed-role/name/session`. */
function roleOf(arn: string): string | undefined {
  const [, account, kind, rest = ''] =
    /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):(role|assumed-role)\/(.+)$/.exec(arn) ?? [];
  if (account === undefined) return undefined;
  const parts = rest.split('/');
  return `${account}/${kind === 'role' ? parts.at(-1) : parts[0]}`;
}

async function byToken(token: string, { accounts, keys, clock }: ClientPorts): Promise<ApiClient> {
  const issuer = claimedIssuer(token);
  let code = 'TOKEN_ISSUER_UNKNOWN';
  for (const account of accounts) {
    const { oauth } = account.rules;
    if (!oauth || oauth.issuer !== issuer) continue;
    const checked = await checkToken(token, oauth, keys, clock.now());
    if (checked.authentic) return { ...account, proof: 'token' };
    code = checked.code;
    if (code === 'SCOPE_MISSING') throw new Refusal(403, code, `the token lacks the scope ${oauth.scope}`);
  }
  throw new Unauthorized(code);
}

async function bySignature(request: HttpRequest, signs: Signs, ports: ClientPorts): Promise<ApiClient> {
  if (request.headers['webhook-signature'] === undefined) throw new Unauthorized('CREDENTIALS_MISSING');
  const named = request.headers[ACCOUNT_HEADER];
  const message = signs === 'body' ? request : { headers: request.headers, body: signedBytes(request) };
  let code = 'ACCOUNT_UNKNOWN';
  for (const account of ports.accounts) {
    if (!account.rules.hmac || (named !== undefined && account.account !== named)) continue;
    const proof = { verifier: ports.verifier, secretPart: 'webhookSecrets' };
    const checked = await authenticate(proof, message, account, ports);
    if (checked.authentic) return { ...account, proof: 'signature' };
    code = checked.code;
  }
  throw new Unauthorized(code);
}

/**
 * `GET /v1/orders/%231001?account=main&channel=shopify`, a line break, the body: without its target a signature over an empty
 * body would be good for any request for five minutes. Parts of the path are percent-encoded, parameters in order.
 */
export function signedBytes({ method, route, path, query, body }: HttpRequest): Uint8Array {
  const target = route.replaceAll(/\{(\w+)\+?\}/g, (_all, name: string) => encodeURIComponent(path[name] ?? ''));
  const parameters = Object.entries(query)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  const line = `${method} ${target}${parameters === '' ? '' : `?${parameters}`}\n`;
  return Buffer.concat([Buffer.from(line, 'utf8'), body]);
}

/** Throws Refusal 403 when a client asks about orders of a channel account that it is not set up for. */
export function mayAskAbout({ rules: { channels } }: ApiClient, channel: string, account: string): void {
  if (channels === undefined || channels.includes(`${channel}/${account}`)) return;
  throw new Refusal(403, 'CHANNEL_NOT_ALLOWED', `this client is not set up for orders of ${channel}/${account}`);
}
