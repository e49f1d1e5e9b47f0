import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveKey, S3Archive } from '#platform/aws/archive.ts';
import { clientOptions, endpoint } from './worlds.ts';

/** A bucket as S3 speaks of it over HTTP: enough to see that what is put comes back byte for byte. */
function bucket(): { readonly server: Server; readonly requests: { headers: Record<string, unknown>; url: string }[] } {
  const objects = new Map<string, Buffer>();
  const requests: { headers: Record<string, unknown>; url: string }[] = [];
  const server = createServer(async (request, response) => {
    const { url = '', method, headers } = request;
    requests.push({ headers, url });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (url.includes('broken')) return response.writeHead(503).end();
    if (url.includes('forbidden')) return response.writeHead(403).end();
    if (method === 'PUT') objects.set(url, Buffer.concat(chunks));
    const found = objects.get(url);
    return response.writeHead(found ? 200 : 404).end(method === 'GET' ? found : undefined);
  });
  return { server, requests };
}

const PLACES = ['a bucket of HTTP', ...(endpoint ? ['the engine'] : [])];

describe.each(PLACES)('the raw archive (%s)', (place) => {
  const { server, requests } = bucket();
  const body = new Uint8Array([0, 255, 128, 10, 34, 92, 0xc3, 0x28]);
  const before = { ...process.env };
  let archive: S3Archive;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const url = place === 'the engine' && endpoint ? endpoint : own;
    const ARCHIVE_BUCKET_NAME = `raw-${Math.random().toString(36).slice(2, 10)}`;
    if (url !== own) {
      const s3 = new S3Client({ ...clientOptions, endpoint: url, forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: ARCHIVE_BUCKET_NAME }));
    }
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: url,
      ARCHIVE_BUCKET_NAME,
    });
    archive = new S3Archive();
  });
  afterAll(() => {
    process.env = before;
    server.close();
  });

  it('gives back what was put, byte for byte', async () => {
    const key = archiveKey('shopify', 'main', '2026-11-20', '01JD');
    await archive.put(key, body);
    expect(await archive.get(key)).toEqual(body);
  });

  it('says what is gone for ever, and what may come back', async () => {
    await expect(archive.get('raw/none')).rejects.toMatchObject({ kind: 'poison', code: 'RAW_MESSAGE_GONE' });
    await expect(archive.get('elsewhere/key')).rejects.toMatchObject({ kind: 'poison', code: 'RAW_MESSAGE_GONE' });
    if (place === 'the engine') return;
    await expect(archive.put('raw/broken', body)).rejects.toMatchObject({ kind: 'transient' });
    await expect(archive.put('raw/forbidden', body)).rejects.toThrow('HTTP 403');
    expect(requests.every(({ headers }) => String(headers.authorization).startsWith('AWS4-HMAC-SHA256 '))).toBe(true);
  });

  it('calls a bucket that can not be reached a passing trouble', async () => {
    const url = process.env.AWS_ENDPOINT_URL;
    process.env.AWS_ENDPOINT_URL = await nobodyListens();
    await expect(archive.put('raw/any', body)).rejects.toMatchObject({ kind: 'transient' });
    process.env.AWS_ENDPOINT_URL = url;
  });
});

async function nobodyListens(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
