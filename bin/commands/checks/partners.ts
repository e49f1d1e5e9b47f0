import type { AccountConfig } from '#application/ports/connector.ts';
import { graphqlUrl, parseSettings as parseShopify } from '#connectors/channels/shopify/settings.ts';
import { SERIES } from '#connectors/erps/tryton/series.ts';
import { parseSettings as parseTryton } from '#connectors/erps/tryton/settings.ts';
import { SecretsManagerSource, secretPart } from '#platform/aws/secrets.ts';
import { callHttp, type HttpResult } from '#platform/http-client.ts';
import { type Check, ok, unknown, wrong } from './check.ts';

/** Whether partners answer, asked with reads only: what needs a log-in that the partner keeps is not tried. */
export const checkPartners = (accounts: readonly AccountConfig[]): Promise<Check[]> =>
  Promise.all(accounts.map(checkPartner));

function checkPartner(account: AccountConfig): Promise<Check> | Check {
  const name = `${account.connector}/${account.account}`;
  switch (account.connector) {
    case 'shopify':
      return checkShopify(name, account);
    case 'tryton':
      return checkTryton(name, account);
    default:
      return ok(name, 'it calls us, and is never called');
  }
}

/** Asks the shop for its own name, with the token of the account. */
async function checkShopify(name: string, { settings, secretName }: AccountConfig): Promise<Check> {
  const shop = parseShopify(settings);
  const token = await new SecretsManagerSource()
    .get(secretName)
    .then((secret) => secretPart(secretName, secret, 'accessToken'))
    .catch(() => undefined);
  if (token === undefined) return unknown(name, 'not asked: its secret has no access token', 'set the secret first');
  const answer = await post(
    graphqlUrl(shop),
    { query: '{ shop { myshopifyDomain } }' },
    { 'x-shopify-access-token': token },
  );
  if (answer.kind !== 'answered') return silent(name, graphqlUrl(shop), answer.cause);
  if (answer.status === 401 || answer.status === 403) {
    return wrong(name, `the shop refuses the access token (HTTP ${answer.status})`, 'set a valid token in its secret');
  }
  if (answer.status === 404) {
    return wrong(name, 'there is no such shop, or no such API version', 'check shopDomain and apiVersion in cdk.json');
  }
  const domain = /"myshopifyDomain"\s*:\s*"([^"]+)"/.exec(textOf(answer))?.[1];
  if (answer.status === 200 && domain === shop.shopDomain) return ok(name, `${domain} answers to the token`);
  if (domain !== undefined) {
    return wrong(
      name,
      `the token is of ${domain}, and the account is ${shop.shopDomain}`,
      'set the token of that shop',
    );
  }
  return unknown(name, `HTTP ${answer.status}, without the shop's name`, 'ask again later; see the shop’s admin');
}

/** Asks for the server's version: a log-in would be written into the ERP. */
async function checkTryton(name: string, { settings }: AccountConfig): Promise<Check> {
  const { url } = parseTryton(settings);
  for (const { serverPath } of SERIES) {
    const at = new URL(serverPath, url).href;
    const answer = await post(at, { id: 1, method: 'common.server.version', params: [] }, {});
    if (answer.kind !== 'answered') return silent(name, at, answer.cause);
    const version = /"(\d+\.\d+[^"]*)"/.exec(textOf(answer))?.[1];
    if (answer.status === 200 && version !== undefined) {
      return ok(name, `Tryton ${version} answers; database and password are tried by its first operation`);
    }
  }
  return wrong(name, `no Tryton server answers at ${url}`, 'check url in its settings, and what stands in front of it');
}

const silent = (name: string, url: string, cause: string): Check =>
  wrong(
    name,
    `${new URL(url).origin} does not answer from here: ${cause}`,
    'check the address, the network and its certificate',
  );

const textOf = ({ body }: Extract<HttpResult, { kind: 'answered' }>): string => Buffer.from(body).toString('utf8');

const post = (url: string, body: object, headers: Readonly<Record<string, string>>): Promise<HttpResult> =>
  callHttp({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
    timeoutSeconds: 10,
    maxAnswerBytes: 1024 * 1024,
  });
