/** The raw archive's bucket and that of dropped files, at S3's own addresses. */
export class SimArchive {
  /** By host and path. */
  readonly objects = new Map<string, Buffer>();

  static serves(url: string): boolean {
    return url.startsWith(`https://${BUCKET}.s3.`) || url.startsWith(`https://${DROP_BUCKET}.s3.`);
  }

  /** Somebody from outside lays down a file; its key has nothing in it that is escaped. */
  drop(key: string, bytes: Buffer): void {
    this.objects.set(`${DROP_BUCKET}.s3.us-east-1.amazonaws.com/${key}`, bytes);
  }

  answer(method: string, url: string, body: RequestInit['body']): Response {
    const { host, pathname } = new URL(url);
    const key = `${host}${pathname}`;
    if (method === 'PUT') {
      this.objects.set(key, Buffer.from(body as Uint8Array));
      return responseOf(200, Buffer.alloc(0));
    }
    const found = this.objects.get(key);
    return found ? responseOf(200, found) : responseOf(404, Buffer.alloc(0));
  }

  refuse(): Response {
    return responseOf(503, Buffer.alloc(0));
  }
}

export const BUCKET = 'raw-archive';
export const DROP_BUCKET = 'settlement-drop';

const responseOf = (status: number, bytes: Buffer): Response =>
  ({
    status,
    ok: status === 200,
    body: {
      cancel: async () => undefined,
      [Symbol.asyncIterator]: async function* () {
        yield bytes;
      },
    },
    arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  }) as unknown as Response;
