import { describe, expect, it } from 'vitest';
import { parseSettings } from '#connectors/generic/settings.ts';
import {
  ApiHouse,
  AUTHORIZATIONS,
  aRequest,
  authorizationServer,
  ELIGIBILITY,
  ISSUER,
  ROLE,
} from '../returns/api-house.ts';

const RETURN = '/v1/returns/{returnId}';
const body = JSON.stringify(aRequest());
const json = { 'content-type': 'application/json' };

describe('a client that signs', () => {
  it('is known by its secret, whichever account it is', async () => {
    const house = await ApiHouse.open();
    expect((await house.authorize({}, 'main')).statusCode).toBe(200);
    expect((await house.authorize({}, 'other')).statusCode).toBe(200);
  });

  it('may name its account, and is then held to it', async () => {
    const house = await ApiHouse.open();
    const named = (account: string) => house.ask({ body, headers: { 'x-crossdock-account': account } }, 'main');
    expect((await named('main')).statusCode).toBe(200);
    expect((await named('other')).statusCode).toBe(401);
    expect((await named('nobody')).statusCode).toBe(401);
  });

  it('is refused where its account takes no signatures', async () => {
    const house = await ApiHouse.open();
    expect((await house.authorize({}, 'token')).statusCode).toBe(401);
  });

  it('is refused when nothing, or something else, is signed', async () => {
    const house = await ApiHouse.open();
    const signed = house.sign(Buffer.from(body), 'main');
    expect((await house.send({ body, headers: json })).statusCode).toBe(401);
    expect((await house.send({ body: `${body} `, headers: { ...json, ...signed } })).statusCode).toBe(401);
    expect((await house.send({ body, headers: { ...json, ...signed, 'webhook-id': 'msg_0' } })).statusCode).toBe(401);
    house.clock.advance(301);
    expect((await house.send({ body, headers: { ...json, ...signed } })).statusCode).toBe(401);
  });

  it('signs method and target where the body does not say everything', async () => {
    const house = await ApiHouse.open();
    await house.authorize({ returnId: 'R1' });
    await house.authorize({ returnId: 'R2', lines: [{ lineId: 'L2', quantity: 1, reasonCode: 'UNWANTED' }] });
    const bare = house.sign(new Uint8Array(), 'main');
    const forOne = house.sign(Buffer.from('GET /v1/returns/R1\n'), 'main');
    const get = (returnId: string, headers: Record<string, string>) =>
      house.send({ method: 'GET', route: RETURN, path: { returnId }, headers });
    expect((await get('R1', forOne)).statusCode).toBe(200);
    expect((await get('R2', forOne)).statusCode).toBe(401);
    expect((await get('R1', bare)).statusCode).toBe(401);
    const cancel = '/v1/returns/{returnId}/cancel';
    expect((await house.send({ route: cancel, path: { returnId: 'R1' }, headers: forOne })).statusCode).toBe(401);
  });

  it('learns nothing of why it was refused; the log and the metric do, without a word of the request', async () => {
    const house = await ApiHouse.open();
    const result = await house.send({ body: '{"returnId":"bob@example.test"}', headers: json });
    const text = house.written.join();
    expect(result.json).toEqual({
      type: 'urn:crossdock:problem:unauthorized',
      title: 'Unauthorized',
      status: 401,
      instance: expect.any(String),
      code: 'UNAUTHORIZED',
      correlationId: expect.any(String),
    });
    expect(result.headers?.['www-authenticate']).toBe('Bearer realm="crossdock"');
    expect(text).toContain('CREDENTIALS_MISSING');
    expect(text).not.toContain('bob@example');
  });
});

describe('a client with a token', () => {
  const withToken = async (claims = {}, change: (token: string) => string = (token) => token) => {
    const house = await ApiHouse.open();
    const { keySet, token } = await authorizationServer();
    house.keys.mockReturnValue(keySet);
    const authorization = `Bearer ${change(await token(claims))}`;
    return { house, answer: await house.send({ body, headers: { ...json, authorization } }) };
  };

  it('is known by it, and named in the journal', async () => {
    const { house, answer } = await withToken();
    expect(answer.statusCode).toBe(200);
    expect(house.keys).toHaveBeenCalledWith(`${ISSUER}keys`);
    const [event] = house.published.filter(({ type }) => type === 'return.authorized.v1');
    expect(event?.envelope.data).toMatchObject({ requestedBy: { client: 'token', proof: 'token' } });
  });

  const second = Math.floor(Date.parse('2026-11-25T10:00:00.000Z') / 1000);

  it.each<[string, object, number]>([
    ['its id as azp', { client_id: undefined, azp: 'loop' }, 200],
    ['its id as sub', { client_id: undefined, sub: 'loop' }, 200],
    ['scopes as a list', { scope: undefined, scp: ['orders', 'returns'] }, 200],
    ['an end within the clock skew', { exp: second - 59 }, 200],
    ['an end before it', { exp: second - 61 }, 401],
    ['no end', { exp: undefined }, 401],
    ['a beginning to come', { nbf: second + 120 }, 401],
    ['another audience', { aud: 'https://other.example.com' }, 401],
    ['no audience', { aud: undefined }, 401],
    ['another client', { client_id: 'narvar' }, 401],
    ['another issuer', { iss: 'https://evil.example.com/' }, 401],
    ['a scope that only begins like it', { scope: 'returns-read' }, 403],
    ['no scope', { scope: undefined }, 403],
  ])('and %s gets %s', async (_what, claims, status) => {
    const { answer } = await withToken(claims);
    expect(answer.statusCode).toBe(status);
    if (status === 403) expect(answer.json.code).toBe('SCOPE_MISSING');
  });

  it('is refused when the token was altered, has no signature or was signed by somebody else', async () => {
    const [header = '', payload = '', signature = ''] = (await (await authorizationServer()).token()).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const forged = [
      `${header}.${payload}.${signature}`,
      `${none}.${payload}.`,
      `${none}.${payload}.x`,
      `${header}.e30.${signature}`,
    ];
    for (const token of forged) {
      const { answer } = await withToken({}, () => token);
      expect(answer.statusCode).toBe(401);
    }
  });

  it('is refused for an algorithm that nobody agreed on, however good the key', async () => {
    const house = await ApiHouse.open();
    const { keySet, token } = await authorizationServer('ES512');
    house.keys.mockReturnValue(keySet);
    const authorization = `Bearer ${await token()}`;
    expect((await house.send({ body, headers: { ...json, authorization } })).statusCode).toBe(401);
  });

  it('is asked to come again when the keys can not be read: that is not its fault', async () => {
    const house = await ApiHouse.open();
    const { token } = await authorizationServer();
    house.keys.mockReturnValue(async () => {
      throw new TypeError('fetch failed');
    });
    const authorization = `Bearer ${await token()}`;
    const answer = await house.send({ body, headers: { ...json, authorization } });
    expect(answer).toMatchObject({ statusCode: 503, json: { code: 'TOKEN_KEYS_UNAVAILABLE' } });
  });
});

describe('a client with AWS credentials', () => {
  const call = async (resource: string, userArn: string | null) => {
    const house = await ApiHouse.open();
    return house.send({ route: resource, body, headers: json, identity: { userArn } });
  };
  const session = 'arn:aws:sts::123456789012:assumed-role/returns-platform/session-1';

  it('is known by its role, on the routes on which API Gateway checks it', async () => {
    expect((await call(`/iam${AUTHORIZATIONS}`, session)).statusCode).toBe(200);
    expect((await call(`/iam${AUTHORIZATIONS}`, ROLE)).statusCode).toBe(200);
  });

  it('is nobody elsewhere, whatever API Gateway may say of it', async () => {
    expect((await call(AUTHORIZATIONS, session)).statusCode).toBe(401);
  });

  it.each([
    ['another role', 'arn:aws:sts::123456789012:assumed-role/other/session-1'],
    ['the role of another account', 'arn:aws:sts::999999999999:assumed-role/returns-platform/session-1'],
    ['a role named like the session', 'arn:aws:sts::123456789012:assumed-role/other/returns-platform'],
    ['a user', 'arn:aws:iam::123456789012:user/returns-platform'],
    ['nobody', null],
  ])('is refused as %s', async (_who, arn) => {
    expect((await call(`/iam${AUTHORIZATIONS}`, arn)).statusCode).toBe(401);
  });
});

describe('the limit of a client', () => {
  it('lets a burst through, then says when to come again; others are not held up', async () => {
    const house = await ApiHouse.open();
    for (let time = 0; time < 3; time++) expect((await house.authorize({}, 'other')).statusCode).toBe(200);
    const refused = await house.authorize({}, 'other');
    expect(refused).toMatchObject({ statusCode: 429, json: { code: 'TOO_MANY_REQUESTS' } });
    expect(refused.headers?.['retry-after']).toBe('1');
    expect((await house.authorize({}, 'main')).statusCode).toBe(200);
    house.clock.advance(1);
    expect((await house.authorize({}, 'other')).statusCode).toBe(200);
  });

  it('is not spent by somebody who is not the client', async () => {
    const house = await ApiHouse.open();
    for (let time = 0; time < 10; time++) {
      await house.send({ body, headers: { ...json, 'x-crossdock-account': 'other', 'webhook-signature': 'v1,x' } });
    }
    expect((await house.authorize({}, 'other')).statusCode).toBe(200);
  });
});

describe('settings of a client', () => {
  it('are signature and a limit when none are given', () => {
    expect(parseSettings({})).toEqual({ api: { hmac: true, limits: { perMinute: 600, burst: 100 } } });
  });

  it.each([
    [
      'an issuer without TLS',
      { api: { oauth: { issuer: 'http://x.example', jwksUri: `${ISSUER}k`, clientId: 'a', audience: 'b' } } },
    ],
    ['neither audience nor scope', { api: { oauth: { issuer: ISSUER, jwksUri: `${ISSUER}k`, clientId: 'a' } } }],
    ['a user in place of a role', { api: { iam: { roleArn: 'arn:aws:iam::123456789012:user/x' } } }],
    ['a limit of nothing', { api: { limits: { perMinute: 0, burst: 1 } } }],
    ['a field that nobody reads', { api: { apiKey: 'x' } }],
  ])('are refused with %s', (_what, given) => expect(() => parseSettings(given)).toThrow());
});

it('knows its routes', async () => {
  const house = await ApiHouse.open();
  for (const route of ['/v1/returns', '/iam/v1/nothing']) {
    expect(await house.ask({ route, body })).toMatchObject({ statusCode: 404, json: { code: 'ROUTE_UNKNOWN' } });
  }
  expect((await house.ask({ method: 'GET', route: ELIGIBILITY })).statusCode).toBe(404);
});
