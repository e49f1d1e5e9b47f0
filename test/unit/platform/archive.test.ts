import './support.ts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Archive } from '#platform/aws/archive.ts';

describe('S3 on a bad day', () => {
  const { server, requests } = badBucket();
  const before = { ...process.env };
  const body = new Uint8Array([1]);
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.ARCHIVE_BUCKET_NAME = 'raw';
  });
  afterAll(() => {
    process.env = before;
    server.close();
  });

  it('tells what may come back from what is forbidden, and signs every request', async () => {
    const archive = new S3Archive();
    await expect(archive.put('raw/broken', body)).rejects.toMatchObject({ kind: 'transient' });
    await expect(archive.get('raw/broken')).rejects.toMatchObject({ kind: 'transient' });
    await expect(archive.put('raw/forbidden', body)).rejects.toThrow('HTTP 403');
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.every((signature) => signature.startsWith('AWS4-HMAC-SHA256 '))).toBe(true);
  });

  it('calls a bucket that can not be reached a passing trouble', async () => {
    process.env.AWS_ENDPOINT_URL = await nobodyListens();
    await expect(new S3Archive().put('raw/any', body)).rejects.toMatchObject({ kind: 'transient' });
  });
});

/** Answers as S3 does when it is down, or when a permission is missing. */
function badBucket(): { readonly server: Server; readonly requests: string[] } {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(String(request.headers.authorization));
    request.resume().on('end', () => response.writeHead(request.url?.includes('broken') ? 503 : 403).end());
  });
  return { server, requests };
}

async function nobodyListens(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
