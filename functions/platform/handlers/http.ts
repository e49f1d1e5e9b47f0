import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { AccountConfig, Verification } from '#application/ports/connector.ts';
import type { Clock, Faults, IdSource, Log, Metrics } from '#application/ports/runtime.ts';
import type { ConnectorManifest } from '#connectors/manifest.ts';
import { TransientError } from '#core/kernel/errors.ts';
import { type Archive, archiveKey } from '../aws/archive.ts';
import type { SecretSource } from '../aws/secrets.ts';
import { type Authenticity, authenticate } from './authenticate.ts';
import { correlationOf } from './correlation.ts';
import { describe } from './failure.ts';
import { bodyBytes, type HttpAnswer, type HttpRequest, headersOf, httpRequest, httpResult } from './http-request.ts';
import { INLINE_BYTES, type IntakeMessage } from './intake-message.ts';
import { childLog, lambdaHandler } from './invocation.ts';

export type WebhookPorts = {
  readonly account: (connector: string, account: string) => AccountConfig | undefined;
  readonly secrets: SecretSource;
  readonly archive: Archive;
  /** Puts a message on the partner's intake queue. */
  readonly enqueue: (body: string, attributes: Readonly<Record<string, string>>) => Promise<void>;
  readonly clock: Clock;
  readonly faults: Faults;
};

export type WebhookOptions = Authenticity & {
  readonly manifest: ConnectorManifest;
  /** Lower-case names of the headers that the translator needs; no others leave this function. */
  readonly keepHeaders: readonly string[];
  readonly ids: IdSource;
  readonly ports: () => WebhookPorts;
};

/** When the sender shall come again after a trouble of ours that named no time. */
const RETRY_AFTER_SECONDS = 30;

/**
 * Verify, store, answer: checks the signature on the raw bytes, puts the message on the intake queue (its body into the
 * archive when it is large) and answers as the sender's manifest says. The 2xx is given only after the queue has it.
 */
export function webhookHandler(options: WebhookOptions) {
  const { manifest, ids } = options;
  const { webhook } = manifest;
  if (!webhook) throw new Error(`the manifest of ${manifest.id} declares no webhook`);

  return lambdaHandler<APIGatewayProxyEvent, APIGatewayProxyResult>(async (event, { logger, metrics }) => {
    const account = event.pathParameters?.account ?? '';
    const correlation = correlationOf({ traceparent: headersOf(event).traceparent }, () => ids.next());
    const log = childLog(logger, { correlationId: correlation.correlationId, connector: manifest.id });
    try {
      if (bodyBytes(event) > webhook.maxBodyBytes) {
        return refuse(webhook.answers.tooLarge, 'BODY_TOO_LARGE', manifest, log, metrics);
      }
      const request = httpRequest(event);
      const ports = options.ports();
      const checked = await authenticate(options, request, ports.account(manifest.id, account), ports);
      if (!checked.authentic) return refuse(webhook.answers.unauthenticated, checked.code, manifest, log, metrics);
      const receivedAt = ports.clock.now();
      await store(options, request, { ...correlation, account, checked, receivedAt });
      log.info('webhook stored', { account, topic: checked.topic, deliveryId: checked.deliveryId });
      metrics.count('WebhookStored', 1, { connector: manifest.id });
      return httpResult({ status: webhook.answers.accepted, body: { correlationId: correlation.correlationId } });
    } catch (error) {
      return httpResult(failed(error, manifest, log, metrics));
    }
  });
}

type Authentic = {
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly account: string;
  readonly checked: Extract<Verification, { authentic: true }>;
  readonly receivedAt: string;
};

/** Once this is done the message can't be lost any more. */
async function store(options: WebhookOptions, { headers, body }: HttpRequest, given: Authentic): Promise<void> {
  const { archive, enqueue, faults } = options.ports();
  const { account, checked, receivedAt, correlationId, traceparent } = given;
  const { deliveryId, topic } = checked;
  const connector = options.manifest.id;
  const large = body.byteLength > INLINE_BYTES;
  const s3 = archiveKey(connector, account, receivedAt.slice(0, 10), correlationId);
  if (large) await archive.put(s3, body);
  const message: IntakeMessage = {
    connector,
    account,
    headers: Object.fromEntries(options.keepHeaders.flatMap((name) => kept(name, headers[name]))),
    body: large ? { s3 } : Buffer.from(body).toString('base64'),
    receivedAt,
    deliveryId,
    topic,
    correlationId,
    ...(traceparent !== undefined && { traceparent }),
  };
  await faults.at('receive:before-queue', deliveryId);
  await enqueue(JSON.stringify(message), { correlationId });
  await faults.at('receive:after-queue', deliveryId);
}

const kept = (name: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[name, value]];

function refuse(status: number, code: string, { id }: ConnectorManifest, log: Log, metrics: Metrics) {
  log.warn('webhook refused', { code, status });
  metrics.count('WebhookRefused', 1, { connector: id, code });
  return httpResult({ status });
}

/** Senders come again after both; which of the two tells ours from passing trouble is for our own alarms. */
function failed(error: unknown, { id }: ConnectorManifest, log: Log, metrics: Metrics): HttpAnswer {
  const passing = error instanceof TransientError;
  if (passing) log.warn('webhook put off', describe(error));
  else log.error('webhook failed', describe(error));
  metrics.count(passing ? 'WebhookPutOff' : 'WebhookFailed', 1, { connector: id });
  if (!passing) return { status: 500 };
  const seconds = error.retryAfterSeconds ?? RETRY_AFTER_SECONDS;
  return { status: 503, headers: { 'retry-after': String(seconds) } };
}
