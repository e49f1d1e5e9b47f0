import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Archive, archiveKey, S3Archive } from '#platform/aws/archive.ts';
import { MemoryArchive } from '#platform/memory/archive.ts';
import { clientOptions, endpoint, fresh, oneOf } from './worlds.ts';

const PLACES = oneOf(
  { name: 'memory', open: async (): Promise<Archive> => new MemoryArchive() },
  { name: 'S3', open: onEngine },
);

describe.each(PLACES)('the raw archive ($name)', ({ open }) => {
  const before = { ...process.env };
  let archive: Archive;
  beforeAll(async () => {
    archive = await open();
  });
  afterAll(() => {
    process.env = before;
  });

  it('gives back what was put, byte for byte', async () => {
    const key = archiveKey('shopify', 'main', '2026-11-20', '01JD');
    const body = new Uint8Array([0, 255, 128, 10, 34, 92, 0xc3, 0x28]);
    await archive.put(key, body);
    expect(Buffer.from(await archive.get(key)).equals(body)).toBe(true);
    body.fill(7);
    expect((await archive.get(key))[0]).toBe(0);
  });

  it('says what is gone for ever', async () => {
    await expect(archive.get('raw/none')).rejects.toMatchObject({ kind: 'poison', code: 'RAW_MESSAGE_GONE' });
    await expect(archive.get('elsewhere/key')).rejects.toMatchObject({ kind: 'poison', code: 'RAW_MESSAGE_GONE' });
  });
});

async function onEngine(): Promise<Archive> {
  const Bucket = `raw-${fresh()}`;
  const s3 = new S3Client({ ...clientOptions, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
    ARCHIVE_BUCKET_NAME: Bucket,
  });
  return new S3Archive();
}
