import { randomUUID } from 'node:crypto';
import { Argument } from 'commander';
import type { AccountConfig } from '#application/ports/connector.ts';
import { TOPICS } from '#connectors/channels/shopify/translate.ts';
import { connectors } from '#connectors/registry.ts';
import { SecretsManagerSource, secretValues } from '#platform/aws/secrets.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { restApiUrl } from '../local/engines/engine.ts';
import { readBytes, readSecrets } from './connectors/files.ts';
import { positive } from './lists.ts';
import { CliError, type Report, table } from './report.ts';
import { type SignedMessage, signAsShopify, signAsStandardWebhook } from './send/message.ts';
import { genericSample, newId, shopifySample } from './send/samples.ts';
import type { DeployedStage } from './stage.ts';
import { APPLY, onStage, verb } from './verb.ts';

const TIMEOUT_MS = 30_000;

type Options = {
  readonly account: string;
  readonly topic: string;
  readonly file?: string;
  readonly secretFile?: string;
  readonly id?: string;
  readonly times: number;
  readonly apply?: boolean;
};

const SENDERS = Object.values(connectors).flatMap(({ manifest }) => (manifest.webhook ? [manifest.id] : []));

export const send = verb(
  'send',
  'Posts a webhook to the stage, signed as its sender signs: a sample order, or a file. What it says is then done: the ERP books it.',
  [
    'crossdock send shopify --stage local --apply',
    'crossdock send shopify --topic refunds/create --file refund.json --apply',
    'crossdock send generic --file return-received.json --times 3 --apply    # three times the same delivery',
  ],
)
  .addArgument(new Argument('<connector>', 'whose message it is').choices(SENDERS))
  .option('--account <name>', 'account to send as', 'main')
  .option('--topic <topic>', `what Shopify calls the message: ${TOPICS.join(', ')}`, 'orders/create')
  .option('--file <file>', 'body to send, byte for byte; a sample order when left out')
  .option('--secret-file <file>', "file with the signing secret; the stage's own secret when left out")
  .option('--id <id>', "the sample order's id; a new one when left out")
  .option('--times <n>', 'deliveries of the same message', positive, 1)
  .option(...APPLY)
  .action(
    onStage(async (stage, given, connector: string) => {
      const options = given as unknown as Options;
      const account = accountOf(stage, connector, options.account);
      const secret = await secretOf(account, options.secretFile);
      const { message, orderId, deliveryId } = await build(account, options, secret);
      const url = `${apiUrl(stage)}/webhooks/${connector}/${account.account}`;
      const about = { url, deliveryId, ...(orderId !== undefined && { orderId }), bytes: message.body.byteLength };
      if (options.apply !== true) {
        const text = `would post ${about.bytes} bytes to ${url} as delivery ${deliveryId} (dry run: add --apply)`;
        return { json: { done: false, ...about, message: text }, text };
      }
      const answers = [];
      for (let index = 0; index < options.times; index++) answers.push(await post(url, message));
      return report(about, answers);
    }),
  );

function accountOf(stage: DeployedStage, connector: string, name: string): AccountConfig {
  const accounts = stage.accounts.filter((one) => one.connector === connector);
  const found = accounts.find(({ account }) => account === name);
  if (found) return found;
  const known = accounts.map(({ account }) => account).join(', ') || 'none';
  throw new CliError(1, `stage "${stage.name}" has no account "${name}" of ${connector}: it has ${known}`);
}

async function secretOf({ secretName }: AccountConfig, file: string | undefined): Promise<string> {
  const secrets =
    file === undefined
      ? secretValues(secretName, await new SecretsManagerSource().get(secretName), 'webhookSecrets')
      : readSecrets(file);
  return secrets[0] ?? '';
}

async function build({ connector, settings }: AccountConfig, options: Options, secret: string) {
  const now = clock.now();
  const webhookId = randomUUID();
  const orderId = options.file === undefined ? (options.id ?? newId(now)) : undefined;
  const body = options.file === undefined ? undefined : readBytes('--file', options.file);
  if (connector === 'shopify') {
    if (orderId !== undefined && !/^\d{1,15}$/.test(orderId)) {
      throw new CliError(2, `--id ${orderId}: Shopify's ids are numbers of 15 digits at most`);
    }
    const bytes = body ?? Buffer.from(await shopifySample(orderId ?? ''));
    const { topic } = options;
    const { shopDomain } = settings as { shopDomain: string };
    const message = signAsShopify({ topic, shopDomain, webhookId, body: bytes }, secret, now);
    return { message, orderId, deliveryId: `${topic}:${webhookId}` };
  }
  const bytes = body ?? Buffer.from(genericSample(orderId ?? '', now));
  const message = signAsStandardWebhook({ webhookId, body: bytes }, secret, now);
  return { message, orderId: orderId && `W-${orderId}`, deliveryId: webhookId };
}

/** Emulators serve the API under their own address; AWS's is an output. */
function apiUrl(stage: DeployedStage): string {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const url = endpoint
    ? restApiUrl(endpoint, stage.output('RestApiId'), stage.output('ApiStageName'))
    : stage.output('ApiUrl');
  return url.replace(/\/$/, '');
}

type Answer = { readonly status: number; readonly correlationId?: string };

async function post(url: string, { headers, body }: SignedMessage): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const correlationId = /"correlationId":"([^"]+)"/.exec(text)?.[1];
    return { status: response.status, ...(correlationId !== undefined && { correlationId }) };
  } catch (error) {
    const { message, cause } = error as Error;
    throw new CliError(3, `${url} can't be reached: ${(cause as Error | undefined)?.message ?? message}`);
  }
}

function report(about: { readonly orderId?: string; readonly deliveryId: string }, answers: readonly Answer[]): Report {
  const taken = answers.every(({ status }) => status >= 200 && status < 300);
  const rows = answers.map(({ status, correlationId }) => [status, correlationId]);
  const next = taken
    ? `see what became of it: crossdock explain ${about.orderId ?? about.deliveryId}`
    : 'not taken: 401 means that the signature was not accepted (crossdock connectors verify), 413 that it is too large';
  return {
    json: { done: taken, ...about, answers },
    text: `${table(['answer', 'correlation'], rows)}\n${next}`,
    exit: taken ? 0 : 1,
  };
}
