import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { PoisonError, TransientError } from '#core/kernel/errors.ts';
import { requiredEnv } from '../env.ts';
import { passing } from './failures.ts';
import { defaultProvider } from './lambda-credentials.ts';

/** Keeps raw messages that are too large for a queue. */
export interface Archive {
  put(key: string, body: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array>;
}

/** Every raw message lies under this prefix; a rule of the bucket forgets it after a month. */
const PREFIX = 'raw/';

/** Where a raw message goes. Nothing of it tells what is inside. */
export const archiveKey = (connector: string, account: string, day: string, id: string): string =>
  `${PREFIX}${connector}/${account}/${day}/${id}`;

const TIMEOUT_MS = 5_000;

/**
 * S3 by two signed requests. The S3 client would add 300 KB to every function that stores or reads a raw message, for one
 * PUT and one GET.
 */
export class S3Archive implements Archive {
  readonly #signer = /* @__PURE__ */ new SignatureV4({
    service: 's3',
    region: requiredEnv('AWS_REGION'),
    credentials: defaultProvider(),
    sha256: Sha256,
    // S3 signs the path as it stands.
    uriEscapePath: false,
    applyChecksum: true,
  });

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#call('PUT', key, body);
  }

  /** Throws PoisonError when there is nothing under the key: a month has gone by, or it was never written. */
  async get(key: string): Promise<Uint8Array> {
    if (!key.startsWith(PREFIX)) throw new PoisonError('RAW_MESSAGE_GONE', `"${key}" is no key of the raw archive`);
    const response = await this.#call('GET', key);
    return new Uint8Array(await response.arrayBuffer());
  }

  async #call(method: 'GET' | 'PUT', key: string, body?: Uint8Array): Promise<Response> {
    const { protocol, host, pathname } = objectUrl(requiredEnv('ARCHIVE_BUCKET_NAME'), key);
    const request = { method, protocol, hostname: host, path: pathname, headers: { host }, ...(body && { body }) };
    const { headers } = await this.#signer.sign(request);
    const response = await answered(`${protocol}//${host}${pathname}`, { method, headers, ...(body && { body }) });
    if (response.ok) return response;
    await response.body?.cancel();
    if (response.status === 404) throw new PoisonError('RAW_MESSAGE_GONE', `the archive has nothing under ${key}`);
    if (response.status >= 500 || response.status === 429) throw unavailable(`HTTP ${response.status}`);
    throw new Error(`${method} of ${key} in the archive was refused with HTTP ${response.status}`);
  }
}

async function answered(url: string, request: Omit<RequestInit, 'body'> & { body?: Uint8Array }): Promise<Response> {
  try {
    const { body, ...rest } = request;
    const init: RequestInit = { ...rest, signal: AbortSignal.timeout(TIMEOUT_MS) };
    return await fetch(url, body ? { ...init, body: new Uint8Array(body) } : init);
  } catch (error) {
    throw passing(error) || (error as Error).name === 'TimeoutError' ? unavailable((error as Error).name) : error;
  }
}

const unavailable = (why: string): TransientError => new TransientError('AWS_UNAVAILABLE', `raw archive: ${why}`);

/** With an endpoint of our own the bucket stands in the path, on AWS in the host. */
function objectUrl(bucket: string, key: string): URL {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  return endpoint
    ? new URL(`/${bucket}/${key}`, endpoint)
    : new URL(`/${key}`, `https://${bucket}.s3.${requiredEnv('AWS_REGION')}.amazonaws.com`);
}

/** The hash that the signer asks for. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
