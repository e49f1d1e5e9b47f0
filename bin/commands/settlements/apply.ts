import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { dropKey, dropSubject, refusedFileCode } from '#application/settlements/drop-file.ts';
import type { Case } from '#core/cases/case.ts';
import { type SettlementId, settlementKey } from '#core/settlements/line.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';
import { mappingKey } from '#platform/aws/settlement-files.ts';
import { caseStore, stateStore } from '#platform/aws/stores.ts';
import { CliError, type Report, table } from '../report.ts';
import { type DeployedStage, openStage } from '../stage.ts';
import { readFileOrThrow } from './examine.ts';
import { readWhole } from './files.ts';
import { type FileOptions, formatOf, termsOf } from './options.ts';

export type ApplyOptions = FileOptions & { readonly wait?: boolean };

/** Hands a file that was read and proved to the stage. */
export type Apply = (stage: string, options: ApplyOptions) => Promise<Report>;

/** Longest that anybody waits at a terminal; a large file goes on without them. */
const PATIENCE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Lays a file into the stage's drop, after it was proved whole here: what would be refused there never gets there. The
 * stage does the rest; with `wait` this tells what became of it.
 */
export const apply: Apply = async (stageName, options) => {
  const format = formatOf(options);
  const terms = termsOf(options);
  const read = await readFileOrThrow(format, options.file, terms);
  await read.close();
  const stage = await openStage(stageName);
  const ids = read.settlements.map(({ header }) => header.id);
  const { account, channel = format.channel } = terms;
  const place = { channel, account, format: format.id, name: nameOf(options.file) };
  const before = await Promise.all(ids.map(standingOf));
  const refusedBefore = await refusalOf(place);
  await upload(stage, place, options);
  const key = dropKey(place);
  if (options.wait !== true) {
    const text = `laid down as ${key}; look with: ${ids.map(({ settlementId }) => `crossdock settlements show ${settlementId}`).join('; ')}`;
    return { json: { done: true, key, settlements: ids }, text };
  }
  return await waited(key, place, { ids, before, refusedBefore });
};

const nameOf = (file: string): string => basename(file).slice(-200);

type Place = { readonly channel: string; readonly account: string; readonly format: string; readonly name: string };

async function upload(stage: DeployedStage, place: Place, { file, mapping }: ApplyOptions): Promise<void> {
  const s3 = new S3Client({ maxAttempts: 3, forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  const Bucket = stage.output('DropBucketName');
  try {
    if (mapping !== undefined) {
      const Key = mappingKey(place.channel, place.account);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: readWhole('--mapping', mapping) }));
    }
    const ContentLength = statSync(file).size;
    await s3.send(new PutObjectCommand({ Bucket, Key: dropKey(place), Body: createReadStream(file), ContentLength }));
  } finally {
    s3.destroy();
  }
}

const standingOf = async (id: SettlementId): Promise<OpenSettlement | undefined> =>
  (await stateStore().load<OpenSettlement>(settlementKey(id)))?.state;

async function waited(
  key: string,
  place: Place,
  {
    ids,
    before,
    refusedBefore,
  }: {
    readonly ids: readonly SettlementId[];
    readonly before: readonly (OpenSettlement | undefined)[];
    readonly refusedBefore: Case | undefined;
  },
): Promise<Report> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
    const refused = await refusalOf(place);
    if (refused && refused.lastSeenAt !== refusedBefore?.lastSeenAt) {
      return { json: { done: false, key, message: refused.message }, text: refused.message, exit: 1 };
    }
    const now = await Promise.all(ids.map(standingOf));
    if (now.every((state, at) => settledDown(state, before[at]))) return outcome(key, ids, now);
  }
  throw new CliError(1, `${key} is laid down and not done with yet: look with "crossdock settlements list"`);
}

const refusalOf = async (place: Place): Promise<Case | undefined> =>
  (await caseStore().listOpen({ owner: 'finance', limit: 200 })).find(
    ({ subject, code }) => subject === dropSubject(place) && code === refusedFileCode(place),
  );

/** It was read since, and nothing of it is under way any more. */
const settledDown = (state: OpenSettlement | undefined, before: OpenSettlement | undefined): boolean =>
  state !== undefined &&
  state.collection.collectedAt !== before?.collection.collectedAt &&
  state.status !== 'recording' &&
  state.status !== 'posting';

function outcome(key: string, ids: readonly SettlementId[], now: readonly (OpenSettlement | undefined)[]): Report {
  const settlements = ids.map((id, at) => ({
    settlementId: id.settlementId,
    status: now[at]?.status,
    revision: now[at]?.revision,
    documents: now[at]?.parts.flatMap(({ number }) => (number === undefined ? [] : [number])) ?? [],
  }));
  const bad = settlements.some(({ status }) => status === 'blocked' || status === 'refused');
  const rows = settlements.map(({ settlementId, status, revision, documents }) => [
    settlementId,
    status,
    revision,
    documents.join(', '),
  ]);
  return {
    json: { done: true, key, settlements },
    text: table(['settlement', 'status', 'collection', 'in the ERP'], rows),
    exit: bad ? 1 : 0,
  };
}
