import { createHash } from 'node:crypto';

/** The raw archive's bucket and that of dropped files, at S3's own addresses. */
export class SimArchive {
  /** By host and path. */
  readonly objects = new Map<string, Buffer>();

  static serves(url: string): boolean {
    return url.startsWith(`https://${BUCKET}.s3.`) || url.startsWith(`https://${DROP_BUCKET}.s3.`);
  }

  /** Hears of every new object in the drop, with a number that grows with each, as S3's own does. */
  onDropped: (key: string, text: string, sequencer: number) => void = () => {};
  #dropped = 0;

  /** Somebody from outside lays down a file; its key has nothing in it that is escaped. */
  drop(key: string, bytes: Buffer): void {
    this.#put(`${DROP_HOST}/${key}`, bytes);
  }

  answer(method: string, url: string, { body, headers }: Pick<RequestInit, 'body' | 'headers'>): Response {
    const { host, pathname } = new URL(url);
    const key = `${host}${pathname}`;
    const found = this.objects.get(key);
    if (method === 'PUT') {
      const { 'if-match': over, 'if-none-match': overNothing } = (headers ?? {}) as Record<string, string>;
      if (over !== undefined && !found) return responseOf(404, NO_BYTES);
      if (over !== undefined && found && over !== etagOf(found)) return responseOf(412, NO_BYTES);
      if (overNothing !== undefined && found) return responseOf(412, NO_BYTES);
      this.#put(key, Buffer.from(body as Uint8Array));
      return responseOf(200, NO_BYTES);
    }
    return found ? responseOf(200, found) : responseOf(404, NO_BYTES);
  }

  #put(key: string, bytes: Buffer): void {
    this.objects.set(key, bytes);
    if (key.startsWith(DROP_HOST)) this.onDropped(key.slice(DROP_HOST.length + 1), bytes.toString(), ++this.#dropped);
  }

  refuse(): Response {
    return responseOf(503, NO_BYTES);
  }
}

export const BUCKET = 'raw-archive';
export const DROP_BUCKET = 'settlement-drop';
const DROP_HOST = `${DROP_BUCKET}.s3.us-east-1.amazonaws.com`;
const NO_BYTES = Buffer.alloc(0);

/** What an object is when somebody means to replace it. */
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

const responseOf = (status: number, bytes: Buffer): Response =>
  ({
    status,
    ok: status === 200,
    headers: { get: (name: string) => (name === 'etag' && status === 200 ? etagOf(bytes) : null) },
    body: {
      cancel: async () => undefined,
      [Symbol.asyncIterator]: async function* () {
        yield bytes;
      },
    },
    arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  }) as unknown as Response;
