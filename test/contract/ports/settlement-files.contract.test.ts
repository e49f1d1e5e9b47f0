import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  SettlementDrop,
  SettlementLines,
  SettlementRequests,
  SettlementWork,
} from '#application/ports/settlement-files.ts';
import { ordersName } from '#application/settlements/names.ts';
import {
  mappingKey,
  S3SettlementDrop,
  S3SettlementLines,
  SqsSettlementRequests,
  SqsSettlementWork,
} from '#platform/aws/settlement-files.ts';
import {
  MemorySettlementDrop,
  MemorySettlementLines,
  MemorySettlementRequests,
  MemorySettlementWork,
} from '#platform/memory/settlement-files.ts';
import { clientOptions, endpoint, fresh, oneOf } from './worlds.ts';

type Place = {
  readonly drop: SettlementDrop;
  readonly lines: SettlementLines;
  readonly work: SettlementWork;
  readonly requests: SettlementRequests;
  lay(key: string, bytes: Uint8Array): Promise<void>;
  map(channel: string, account: string, mapping: unknown): Promise<void>;
  /** Tasks that arrived, until there are `count`. */
  arrived(count: number): Promise<unknown[]>;
  /** Settlements of which it was asked that they be classified anew, until there are `count`. */
  asked(count: number): Promise<string[]>;
  /** Requests to collect a settlement that arrived, until there are `count`. */
  requested(count: number): Promise<unknown[]>;
};

const PLACES = oneOf({ name: 'memory', open: inMemory }, { name: 'S3 and SQS', open: onEngine });

describe.each(PLACES)('files of settlements ($name)', ({ open }) => {
  const before = { ...process.env };
  let place: Place;
  beforeAll(async () => {
    place = await open();
  });
  afterAll(() => {
    process.env = before;
  });

  it.each(['a.txt', 'Abrechnung Nr. 7 (März)+50%.txt', "it's [one] & {two}; three=3,4!.txt", '~$x@y:z.txt'])(
    'opens %s byte for byte, in pieces',
    async (name) => {
      const key = `settlements/amazon/main/amazon-v2/${name}`;
      const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 31) % 256);
      await place.lay(key, bytes);
      const pieces: Uint8Array[] = [];
      for await (const piece of await place.drop.open(key)) pieces.push(piece);
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
      expect(pieces.length).toBeGreaterThan(1);
    },
  );

  it('says that a file is gone', async () => {
    const gone = place.drop.open('settlements/amazon/main/amazon-v2/none.txt');
    await expect(gone).rejects.toMatchObject({ kind: 'poison', code: 'FILE_GONE' });
  });

  it('replaces the file that was there when it was looked for, and no other', async () => {
    const key = 'settlements/shopify/main/shopify-payouts/collected-1.json';
    const [first, second, third] = ['first', 'second', 'third'].map((text) => new TextEncoder().encode(text));
    const there = async () => {
      const pieces: Uint8Array[] = [];
      for await (const piece of await place.drop.open(key)) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    };
    const nothing = await place.drop.version(key);
    expect(nothing).toBeUndefined();
    expect(await place.drop.replace(key, first as Uint8Array, nothing)).toBe(true);
    expect(await place.drop.replace(key, second as Uint8Array, nothing)).toBe(false);
    expect(await there()).toBe('first');
    const before = await place.drop.version(key);
    expect(await place.drop.replace(key, second as Uint8Array, before)).toBe(true);
    expect(await place.drop.replace(key, third as Uint8Array, before)).toBe(false);
    expect(await there()).toBe('second');
    expect(await place.drop.replace(`${key}.none`, first as Uint8Array, before)).toBe(false);
  });

  it('knows what an account’s columns mean, if somebody has said so', async () => {
    expect(await place.drop.mapping('other', 'main')).toBeUndefined();
    await place.map('other', 'eu', { columns: { amount: 'Betrag' } });
    expect(await place.drop.mapping('other', 'eu')).toEqual({ columns: { amount: 'Betrag' } });
    expect(await place.drop.mapping('other', 'main')).toBeUndefined();
  });

  it('keeps lines under names of their own, whatever ids are called', async () => {
    const id = { channel: 'amazon', account: 'main', settlementId: '1984/2011#ä ?' };
    const name = ordersName({ id, digest: 'd1', revision: 1 }, 3);
    await expect(place.lines.get(name)).rejects.toMatchObject({ kind: 'poison', code: 'LINES_GONE' });
    await place.lines.put(name, '{"orderId":"Zoë"}\n');
    await place.lines.put(name, '{"orderId":"Zoë"}\n');
    expect(await place.lines.get(name)).toBe('{"orderId":"Zoë"}\n');
    expect(ordersName({ id, digest: 'd1', revision: 2 }, 3)).not.toBe(name);
  });

  it('hands over more batches than one call takes, and none when there are none', async () => {
    await place.work.send([]);
    const tasks = Array.from({ length: 23 }, (_, batch) => ({ settlement: 'SETTLEMENT#a#b#c', revision: 1, batch }));
    await place.work.send(tasks);
    const byBatch = (a: unknown, b: unknown) => (a as { batch: number }).batch - (b as { batch: number }).batch;
    expect((await place.arrived(23)).sort(byBatch)).toEqual(tasks);
  });

  it('asks for more settlements to be collected than one call takes', async () => {
    const requests = Array.from({ length: 12 }, (_, at) => ({ account: 'main', settlementId: String(100 + at) }));
    await place.requests.ask(requests);
    const byId = (a: unknown, b: unknown) =>
      Number((a as { settlementId: string }).settlementId) - Number((b as { settlementId: string }).settlementId);
    expect((await place.requested(12)).sort(byId)).toEqual(requests);
  });

  it('asks whoever reads files to classify a settlement anew', async () => {
    await place.work.reclassify('SETTLEMENT#a#b#c');
    expect(await place.asked(1)).toEqual(['SETTLEMENT#a#b#c']);
  });
});

async function inMemory(): Promise<Place> {
  const [drop, lines, work] = [new MemorySettlementDrop(), new MemorySettlementLines(), new MemorySettlementWork()];
  const requests = new MemorySettlementRequests();
  return {
    drop,
    lines,
    work,
    requests,
    requested: async () => requests.asked.splice(0),
    lay: async (key, bytes) => void drop.files.set(key, bytes),
    map: async (channel, account, mapping) => void drop.mappings.set(`${channel}/${account}`, mapping),
    arrived: async () => work.tasks.splice(0),
    asked: async () => work.toReclassify.splice(0),
  };
}

async function onEngine(): Promise<Place> {
  const [drop, archive] = [`drop-${fresh()}`, `archive-${fresh()}`];
  const s3 = new S3Client({ ...clientOptions, forcePathStyle: true });
  for (const Bucket of [drop, archive]) await s3.send(new CreateBucketCommand({ Bucket }));
  const sqs = new SQSClient({ ...clientOptions, useQueueUrlAsEndpoint: false });
  const queue = async (name: string) =>
    (await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${fresh()}` }))).QueueUrl;
  const [work, files, requests] = [await queue('work'), await queue('files'), await queue('requests')];
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
    DROP_BUCKET_NAME: drop,
    ARCHIVE_BUCKET_NAME: archive,
    SETTLEMENT_WORK_QUEUE_URL: work,
    SETTLEMENT_FILES_QUEUE_URL: files,
    SETTLEMENT_REQUESTS_QUEUE_URL: requests,
  });
  const put = async (Key: string, Body: Uint8Array): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: drop, Key, Body }));
  };
  return {
    drop: new S3SettlementDrop(),
    lines: new S3SettlementLines(),
    work: new SqsSettlementWork(),
    requests: new SqsSettlementRequests(),
    requested: (count) => messagesOf(sqs, requests, count),
    lay: put,
    map: (channel, account, mapping) => put(mappingKey(channel, account), Buffer.from(JSON.stringify(mapping))),
    arrived: (count) => messagesOf(sqs, work, count),
    asked: async (count) =>
      (await messagesOf(sqs, files, count)).map((one) => (one as { reclassify: string }).reclassify),
  };
}

async function messagesOf(sqs: SQSClient, QueueUrl: string | undefined, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  while (found.length < count) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
    );
    found.push(...Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown));
  }
  return found;
}
