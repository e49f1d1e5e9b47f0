import { randomBytes } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { outputName } from '../../functions/topology.ts';
import { deploy, type Outputs, REGION } from './deploy.ts';
import type { Engine, EngineName } from './engines/engine.ts';
import { openEngine } from './engines/index.ts';
import { ERP_SETTINGS } from './erp/settings.ts';
import { type DatabaseKind, openTryton, type Tryton } from './erp/tryton.ts';
import { openReturnsPlatform, type ReturnsPlatform } from './partners/returns-platform.ts';
import { openShopify, type ShopifyServer } from './partners/shopify/server.ts';
import type { Progress } from './progress.ts';

/**
 * A whole retailer on one machine: an AWS engine with the app deployed to it, a real ERP, a Shopify shop and a returns
 * platform, all on the loopback address. `npm start` and the end-to-end tests live in one.
 */
export type World = {
  readonly engine: Engine;
  readonly erp: Tryton;
  readonly shop: ShopifyServer;
  readonly platform: ReturnsPlatform;
  readonly outputs: Outputs;
  /** Base of Crossdock's own API. */
  readonly apiUrl: string;
  readonly secretNames: Readonly<Record<'shopify' | 'generic' | 'tryton', string>>;
  /** Runs a function now that otherwise runs every minute; answers what it returned. */
  tick(functionId: string): Promise<unknown>;
  /** Result of any function, by its id in functions/topology.ts. */
  invoke(functionId: string, payload: unknown): Promise<unknown>;
  close(): Promise<void>;
};

export type WorldOptions = {
  readonly engine: EngineName;
  readonly database?: DatabaseKind;
  /** Functions may do only what their roles allow; MiniStack alone can. */
  readonly enforceIam?: boolean;
  /** Compiles the fault points in, for crash drills. */
  readonly faults?: boolean;
  /** Over the stage's configuration. */
  readonly config?: object;
  /** Puts something between Crossdock and the ERP: answers the URL that Crossdock is given. */
  readonly erpUrl?: (real: string) => Promise<string>;
  readonly onProgress?: Progress;
};

export async function openWorld(options: WorldOptions): Promise<World> {
  const { enforceIam = false, onProgress } = options;
  const open: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of open.reverse()) await end();
    open.length = 0;
  };
  try {
    const accessToken = `shpat_${randomBytes(16).toString('hex')}`;
    const shop = await openShopify({ accessToken, webhookSecret: randomBytes(24).toString('base64url') });
    open.push(() => shop.close());
    const platform = openReturnsPlatform({ secret: `whsec_${randomBytes(32).toString('base64')}` });
    open.push(async () => platform.close());
    const engine = openEngine(options.engine);
    open.push(() => engine.stop());
    const erp = await openTryton({
      ...(options.database && { database: options.database }),
      ...(onProgress && { onProgress }),
    });
    open.push(() => erp.close());
    await Promise.all([engine.start({ enforceIam, ...(onProgress && { onProgress }) }), erp.start()]);

    const erpUrl = (await options.erpUrl?.(erp.url)) ?? erp.url;
    const outputs = await deploy({
      engine,
      config: {
        ...stageConfig(shop, await engine.reachable(shop.url), erp, await engine.reachable(erpUrl)),
        faults: options.faults ?? false,
        ...options.config,
      },
      cliCredentials: enforceIam,
      ...(onProgress && { onProgress }),
    });
    const clientOptions = clientsOf(engine);
    const apiUrl = engine.apiUrl(output(outputs, 'RestApiId'), output(outputs, 'ApiStageName'));
    const secretNames = await setSecrets(clientOptions, shop, platform, erp);
    shop.subscribe(`${apiUrl}/webhooks/shopify/main`);
    platform.connect({
      webhooks: `${apiUrl}/webhooks/generic/main`,
      authorizations: `${apiUrl}/v1/returns/authorizations`,
    });

    const lambda = new LambdaClient(clientOptions);
    const invoke = (functionId: string, payload: unknown) => invokeFunction(lambda, outputs, functionId, payload);
    return { engine, erp, shop, platform, outputs, apiUrl, secretNames, tick: (id) => invoke(id, {}), invoke, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Endpoint, region and test credentials for clients of the SDK. */
export function clientsOf(engine: Engine) {
  const { AWS_ACCESS_KEY_ID: accessKeyId = 'test', AWS_SECRET_ACCESS_KEY: secretAccessKey = 'test' } =
    engine.environment();
  return { endpoint: engine.endpoint, region: REGION, credentials: { accessKeyId, secretAccessKey } };
}

/** An output of the stacks. Throws with the names there are. */
export function output(outputs: Outputs, key: string): string {
  const value = outputs[key];
  if (value === undefined)
    throw new Error(`the stacks have no output "${key}": they have ${Object.keys(outputs).join(', ')}`);
  return value;
}

function stageConfig(shop: ShopifyServer, shopUrl: string, erp: Tryton, erpUrl: string): object {
  return {
    accounts: {
      shopify: [
        {
          account: 'main',
          settings: {
            shopDomain: shop.shopDomain,
            apiVersion: shop.apiVersion,
            endpoint: shopUrl,
            payouts: { from: '2026-01-01' },
          },
        },
      ],
      generic: [{ account: 'main', settings: {} }],
      tryton: [{ account: 'main', settings: { url: erpUrl, database: erp.database, user: erp.user, ...ERP_SETTINGS } }],
    },
  };
}

type ClientOptions = ReturnType<typeof clientsOf>;

async function setSecrets(clientOptions: ClientOptions, shop: ShopifyServer, platform: ReturnsPlatform, erp: Tryton) {
  const client = new SecretsManagerClient(clientOptions);
  const names = {
    shopify: 'crossdock/local/shopify/main',
    generic: 'crossdock/local/generic/main',
    tryton: 'crossdock/local/tryton/main',
  };
  const put = (name: string, value: object) =>
    client.send(new PutSecretValueCommand({ SecretId: name, SecretString: JSON.stringify(value) }));
  await put(names.shopify, { webhookSecrets: [shop.webhookSecret], accessToken: shop.accessToken });
  await put(names.generic, { webhookSecrets: [platform.secret] });
  await put(names.tryton, { password: erp.password });
  client.destroy();
  return names;
}

async function invokeFunction(
  client: LambdaClient,
  outputs: Outputs,
  functionId: string,
  payload: unknown,
): Promise<unknown> {
  const FunctionName = output(outputs, outputName('Function', functionId));
  const result = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
  const text = Buffer.from(result.Payload ?? []).toString('utf8');
  if (result.FunctionError) throw new Error(`${functionId} failed: ${text.slice(0, 2000)}`);
  return text === '' ? undefined : JSON.parse(text);
}
