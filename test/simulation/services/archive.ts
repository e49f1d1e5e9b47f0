/** The raw archive's bucket, at S3's own address. */
export class SimArchive {
  readonly objects = new Map<string, Buffer>();

  static serves(url: string): boolean {
    return url.startsWith(`https://${BUCKET}.s3.`);
  }

  answer(method: string, url: string, body: RequestInit['body']): Response {
    const key = new URL(url).pathname;
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

const responseOf = (status: number, bytes: Buffer): Response =>
  ({
    status,
    ok: status === 200,
    body: { cancel: async () => undefined },
    arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  }) as unknown as Response;
