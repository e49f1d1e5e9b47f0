import '../platform/support.ts';
import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { vi } from 'vitest';
import { parseSettings } from '#connectors/generic/settings.ts';
import { verifier } from '#connectors/generic/verify.ts';
import type { KeySets } from '#platform/handlers/access-token.ts';
import { apiHandler } from '#platform/handlers/api.ts';
import type { ApiAccount } from '#platform/handlers/api-clients.ts';
import { routed } from '#platform/handlers/api-routes.ts';
import { replaying } from '#platform/handlers/replay.ts';
import { MemoryLimiter } from '#platform/memory/limiter.ts';
import { MemoryReplays } from '#platform/memory/replays.ts';
import { MemorySecrets } from '#platform/memory/secrets.ts';
import { authorizationRoutes } from '../../../functions/handlers/returns/authorization-routes.ts';
import { returnRoutes } from '../../../functions/handlers/returns/return-routes.ts';
import { context, writtenDuring } from '../platform/support.ts';
import { House } from './house.ts';
import { NOW } from './samples.ts';

export const ISSUER = 'https://login.example.com/';
const AUDIENCE = 'https://api.example.com';
export const ROLE = 'arn:aws:iam::123456789012:role/service/returns-platform';

const SECRETS = Object.fromEntries(
  ['main', 'other', 'token'].map((account) => [
    account,
    `whsec_${Buffer.from(account.padEnd(32, '-')).toString('base64')}`,
  ]),
);

/** What clients are set up with; `main` may do all, `other` has few requests and one channel, `token` signs nothing. */
const SETTINGS: Record<string, object> = {
  main: { limits: { perMinute: 60_000, burst: 10_000 } },
  other: { limits: { perMinute: 60, burst: 3 }, channels: ['shopify/main'] },
  token: {
    hmac: false,
    oauth: { issuer: ISSUER, jwksUri: `${ISSUER}keys`, clientId: 'loop', audience: AUDIENCE, scope: 'returns' },
    iam: { roleArn: ROLE },
  },
};

export type Asked = {
  readonly method?: 'GET' | 'POST';
  readonly route?: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly identity?: { readonly userArn: string | null };
};

export const AUTHORIZATIONS = '/v1/returns/authorizations';
export const ELIGIBILITY = '/v1/returns/eligibility';

export const aRequest = (changes: object = {}) => ({
  returnId: 'R1',
  channel: 'shopify',
  account: 'main',
  orderId: '5001',
  requestedAt: NOW,
  lines: [{ lineId: 'L1', quantity: 1, reasonCode: 'UNWANTED' }],
  ...changes,
});

/** The API's real handlers over stores in memory, with one shipped order. */
export class ApiHouse extends House {
  /** Log lines and metrics. */
  readonly written: string[] = [];
  readonly replays = new MemoryReplays();
  readonly limiter = new MemoryLimiter();
  readonly keys = vi.fn<KeySets>();
  deadline: (milliseconds: number) => AbortSignal = () => new AbortController().signal;
  readonly #handlers = [authorizationRoutes, returnRoutes] as const;
  #signed = 0;

  static async open(): Promise<ApiHouse> {
    const house = new ApiHouse();
    await house.shippedOrder();
    return house;
  }

  /** Sends a request as it is. */
  async send(asked: Asked): Promise<APIGatewayProxyResult & { readonly json: Record<string, unknown> }> {
    const { method = 'POST', route = AUTHORIZATIONS, path = {}, query = {}, body = '', headers = {}, identity } = asked;
    const event = {
      httpMethod: method,
      resource: route,
      pathParameters: path,
      queryStringParameters: query,
      headers,
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
      requestContext: { identity: identity ?? {} },
    } as unknown as APIGatewayProxyEvent;
    const handler = apiHandler({ maxBodyBytes: 256 * 1024, ids: this.ports.ids, run: this.#run() });
    const { result, text } = await writtenDuring(() => handler(event, context));
    this.written.push(text);
    return { ...result, json: result.body === '' ? {} : JSON.parse(result.body) };
  }

  /** The same, signed by an account in the way that the route asks for. */
  ask(asked: Asked, account = 'main') {
    const { method = 'POST', route = AUTHORIZATIONS, path = {}, query = {}, body = '' } = asked;
    const bytes = Buffer.from(body);
    const target = route.replaceAll(/\{(\w+)\}/g, (_all, name) => encodeURIComponent(path[name] ?? ''));
    const parameters = new URLSearchParams(Object.entries(query).sort()).toString();
    const line = `${method} ${target}${parameters === '' ? '' : `?${parameters}`}\n`;
    const whole = [AUTHORIZATIONS, ELIGIBILITY].includes(route) ? bytes : Buffer.concat([Buffer.from(line), bytes]);
    const signed = this.sign(whole, account);
    const media = bytes.length > 0 ? { 'content-type': 'application/json' } : {};
    return this.send({ ...asked, headers: { ...media, ...signed, ...asked.headers } });
  }

  authorize(changes: object = {}, account = 'main') {
    return this.ask({ body: JSON.stringify(aRequest(changes)) }, account);
  }

  get(route: string, path: Record<string, string>, query: Record<string, string> = {}, account = 'main') {
    return this.ask({ method: 'GET', route, path, query }, account);
  }

  cancel(returnId: string, account = 'main', body = '') {
    return this.ask({ route: '/v1/returns/{returnId}/cancel', path: { returnId }, body }, account);
  }

  /** Standard Webhooks over raw bytes; the reference library knows texts only. */
  sign(bytes: Uint8Array, account: string): Record<string, string> {
    const id = `msg_${++this.#signed}`;
    const second = String(Math.floor(Date.parse(this.clock.now()) / 1000));
    const key = Buffer.from((SECRETS[account] ?? '').slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${second}.`).update(bytes).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': second, 'webhook-signature': `v1,${signature}` };
  }

  get accounts(): ApiAccount[] {
    return Object.entries(SETTINGS).map(([account, api]) => ({
      connector: 'generic',
      account,
      secretName: account,
      settings: { api },
      rules: parseSettings({ api }).api,
    }));
  }

  #run() {
    const { erp, erpDeadline: _deadline, reasons, ...ports } = this.ports;
    const [authorizations, returns] = this.#handlers;
    const replay = replaying(this.replays);
    const now = () => this.clock.now();
    const routes = [
      ...authorizations(() => ({
        ...ports,
        reasonsOf: () => reasons,
        erp: () => erp,
        deadline: (milliseconds) => this.deadline(milliseconds),
        now,
        replay,
      })),
      ...returns(() => ({ ...ports, foreignIds: this.store.journalReader, now })),
    ];
    return routed(routes, () => ({
      accounts: this.accounts,
      verifier,
      secrets: new MemorySecrets(
        new Map(
          Object.entries(SECRETS).map(([account, secret]) => [account, JSON.stringify({ webhookSecrets: [secret] })]),
        ),
      ),
      keys: this.keys,
      limiter: this.limiter,
      clock: this.clock,
    }));
  }
}

/** An authorization server: tokens with its key, and the key set that proves them. */
export async function authorizationServer(alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const kid = 'key-1';
  const jwk = { ...(await exportJWK(publicKey)), kid, alg };
  return {
    keySet: createLocalJWKSet({ keys: [jwk] }),
    token: (claims: JWTPayload = {}, now = NOW) => {
      const second = Math.floor(Date.parse(now) / 1000);
      const usual = { iss: ISSUER, aud: AUDIENCE, client_id: 'loop', scope: 'returns orders', iat: second };
      return new SignJWT({ ...usual, exp: second + 300, ...claims })
        .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
        .sign(privateKey);
    },
  };
}
