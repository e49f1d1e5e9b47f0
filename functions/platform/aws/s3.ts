import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { TransientError } from '#core/kernel/errors.ts';
import { requiredEnv } from '../env.ts';
import { passing } from './failures.ts';
import { defaultProvider } from './lambda-credentials.ts';

/** What an object is when somebody means to replace it: S3's ETag of it, or that there is none. */
export type ObjectVersion = string | undefined;

/**
 * One bucket by signed requests. The S3 client would add 300 KB to every function that stores or reads an object, for one
 * PUT and one GET.
 */
export class S3Bucket {
  readonly #bucket: () => string;
  readonly #what: string;
  readonly #timeoutMs: number;
  readonly #signer = /* @__PURE__ */ new SignatureV4({
    service: 's3',
    region: requiredEnv('AWS_REGION'),
    credentials: defaultProvider(),
    sha256: Sha256,
    // S3 signs the path as it stands.
    uriEscapePath: false,
    applyChecksum: true,
  });

  /** `what` stands in messages; `bucket` is asked at each call. */
  constructor(what: string, bucket: () => string, timeoutMs = 5_000) {
    this.#what = what;
    this.#bucket = bucket;
    this.#timeoutMs = timeoutMs;
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    const response = await this.#call('PUT', key, AbortSignal.timeout(this.#timeoutMs), { body });
    if (!response) throw new Error(`PUT of ${key}: the ${this.#what} is no bucket`);
  }

  async version(key: string): Promise<ObjectVersion> {
    const response = await this.#call('HEAD', key, AbortSignal.timeout(this.#timeoutMs));
    if (!response) return undefined;
    const etag = response.headers.get('etag');
    if (etag) return etag;
    throw new Error(`HEAD of ${key}: the ${this.#what} tells no ETag`);
  }

  /**
   * Puts an object where that of `version` lies; false, and nothing is put, when another one lies there by now
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
   */
  async replace(key: string, body: Uint8Array, version: ObjectVersion): Promise<boolean> {
    const headers: Record<string, string> = version === undefined ? { 'if-none-match': '*' } : { 'if-match': version };
    const response = await this.#call('PUT', key, AbortSignal.timeout(this.#timeoutMs), { body, headers });
    // S3 says 404 when what was to be replaced is gone, 409 when two are at it at once.
    return response?.ok ?? false;
  }

  /** Undefined when there is nothing under the key. Throws TransientError when S3 can't be asked. */
  async get(key: string): Promise<Uint8Array | undefined> {
    const response = await this.#call('GET', key, AbortSignal.timeout(this.#timeoutMs));
    return response && new Uint8Array(await response.arrayBuffer());
  }

  /** An object's bytes as they come. The answer has to begin in time; its body may take as long as its reader has. */
  async stream(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const patience = new AbortController();
    const late = setTimeout(() => patience.abort(new DOMException('no answer', 'TimeoutError')), this.#timeoutMs);
    try {
      const response = await this.#call('GET', key, patience.signal);
      return response && chunksOf(response, this.#what);
    } finally {
      clearTimeout(late);
    }
  }

  async #call(
    method: 'GET' | 'HEAD' | 'PUT',
    key: string,
    signal: AbortSignal,
    { body, headers: given }: { readonly body?: Uint8Array; readonly headers?: Record<string, string> } = {},
  ): Promise<Response | undefined> {
    const { protocol, host, pathname } = objectUrl(this.#bucket(), key);
    const path = { method, protocol, hostname: host, path: pathname };
    const request = { ...path, headers: { host, ...given }, ...(body && { body }) };
    const { headers } = await this.#signer.sign(request);
    const response = await this.#answered(`${protocol}//${host}${pathname}`, {
      method,
      headers,
      signal,
      ...(body && { body: new Uint8Array(body) }),
    });
    if (response.ok) return response;
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    if (given && (response.status === 412 || response.status === 409)) return response;
    if (response.status >= 500 || response.status === 429) throw unavailable(this.#what, `HTTP ${response.status}`);
    throw new Error(`${method} of ${key} in the ${this.#what} was refused with HTTP ${response.status}`);
  }

  async #answered(url: string, request: RequestInit): Promise<Response> {
    try {
      return await fetch(url, request);
    } catch (error) {
      throw passing(error) || (error as Error).name === 'TimeoutError'
        ? unavailable(this.#what, (error as Error).name)
        : error;
    }
  }
}

async function* chunksOf(response: Response, what: string): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) yield chunk as Uint8Array;
  } catch (error) {
    // A connection that breaks in the middle: what was read so far is thrown away with the whole attempt.
    throw unavailable(what, error instanceof Error ? error.name : 'Error');
  }
}

const unavailable = (what: string, why: string): TransientError =>
  new TransientError('AWS_UNAVAILABLE', `${what}: ${why}`);

/** With an endpoint of our own the bucket stands in the path, on AWS in the host. Each part of the key is escaped. */
function objectUrl(bucket: string, key: string): URL {
  const path = key.split('/').map(escaped).join('/');
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  return endpoint
    ? new URL(`/${bucket}/${path}`, endpoint)
    : new URL(`/${path}`, `https://${bucket}.s3.${requiredEnv('AWS_REGION')}.amazonaws.com`);
}

/** As S3 signs it: all but letters, digits and `-._~`. */
const escaped = (part: string): string =>
  encodeURIComponent(part).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** The hash that the signer asks for. */
export class Sha256 {
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
