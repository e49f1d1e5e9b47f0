import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { FunctionSpec, Needs, TableId } from '../../functions/topology.ts';
import { connectorsOf, fraudKeysSecretName, secretName } from '../config/accounts.ts';
import { LOCAL, type Stage } from '../config/stage.ts';
import { operationQueue, queueOf, withFaults } from './environment.ts';
import type { GuardedQueue } from './guarded-queue.ts';
import type { NodeFunction } from './node-function.ts';

/** What functions can be given. */
export interface Resources {
  readonly stage: Stage;
  readonly tables: Readonly<Record<TableId, Table>>;
  readonly archive: Bucket;
  readonly drop: Bucket;
  readonly bus: EventBus;
  readonly queues: ReadonlyMap<string, GuardedQueue>;
}

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
// A transaction needs the rights of its parts.
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'];

/** Lets a function reach what it needs, resource by resource. The workflow's own rights come with the workflow. */
export function allowNeeds(fn: NodeFunction, spec: FunctionSpec, resources: Resources): void {
  const { stage, tables, queues, archive, drop, bus } = resources;
  const needs = withFaults(spec.needs, stage);
  for (const [id, access] of Object.entries(needs.tables ?? {}) as [TableId, 'read' | 'write'][]) {
    fn.allow(access === 'write' ? [...READ, ...WRITE] : READ, [tables[id].tableArn]);
  }
  for (const index of needs.indexes ?? []) {
    const [table, name] = index.split('/') as [TableId, string];
    fn.allow(['dynamodb:Query'], [`${tables[table].tableArn}/index/${name}`]);
  }
  if (needs.archive) {
    const action = needs.archive === 'read' ? 's3:GetObject' : 's3:PutObject';
    fn.allow([action], [archive.arnForObjects(`${ARCHIVE_PREFIX}*`)]);
  }
  if (needs.settlementLines) {
    const actions = needs.settlementLines === 'read' ? ['s3:GetObject'] : ['s3:GetObject', 's3:PutObject'];
    fn.allow(actions, [archive.arnForObjects(`${SETTLEMENT_PREFIX}*`)]);
  }
  if (needs.drop === 'read') {
    fn.allow(['s3:GetObject'], [drop.arnForObjects(`${SETTLEMENT_PREFIX}*`), drop.arnForObjects(`${MAPPING_PREFIX}*`)]);
    // Without it S3 says 403 of what is not there.
    fn.allow(['s3:ListBucket'], [drop.bucketArn]);
  }
  if (needs.drop === 'write') {
    // Read too: a file is laid down over a known one only.
    fn.allow(['s3:GetObject', 's3:PutObject'], [drop.arnForObjects(`${SETTLEMENT_PREFIX}*`)]);
    fn.allow(['s3:ListBucket'], [drop.bucketArn]);
  }
  if (needs.publishes) fn.allow(['events:PutEvents'], [bus.eventBusArn]);
  const sendsTo = [
    ...(needs.intakeQueue ? [needs.intakeQueue] : []),
    ...(needs.operationQueues ?? []).map(operationQueue),
    ...(needs.relayRetryQueue ? ['relay-retry'] : []),
    ...(needs.settlementWorkQueue ? ['settlement-work'] : []),
    ...(needs.settlementFilesQueue ? ['settlement-files'] : []),
    ...(needs.settlementRequestsQueue ? [needs.settlementRequestsQueue] : []),
  ];
  if (sendsTo.length > 0) {
    fn.allow(
      sendActions(stage),
      sendsTo.map((id) => queueOf(queues, id).queue.queueArn),
    );
  }
  const secrets = secretArns(fn, needs, stage);
  if (secrets.length > 0) fn.allow(['secretsmanager:GetSecretValue'], secrets);
}

/**
 * AWS lets a batch be sent by whoever may send a message. MiniStack, which enforces roles on one machine, asks for a right
 * of its own name (bin/local/engines/capabilities.ts: iamBatchActions).
 */
export const sendActions = ({ name }: Pick<Stage, 'name'>): string[] =>
  name === LOCAL ? ['sqs:SendMessage', 'sqs:SendMessageBatch'] : ['sqs:SendMessage'];

/** Every raw message that is too large for its queue lies under this prefix. */
export const ARCHIVE_PREFIX = 'raw/';

/** Files of settlements in the drop, and their lines in the archive. */
export const SETTLEMENT_PREFIX = 'settlements/';
/** What the columns of generic files mean. */
const MAPPING_PREFIX = 'mappings/';

/**
 * Secrets by name, with a blank for each of the six characters that Secrets Manager adds to a name. A reference to the
 * secret itself would tie the stacks: an account could not be taken out of the configuration any more.
 */
function secretArns(fn: NodeFunction, needs: Needs, { name, accounts }: Stage): string[] {
  const names = connectorsOf(accounts)
    .filter((connector) => needs.accounts?.[connector] === 'secrets')
    .flatMap((connector) => accounts[connector].map(({ account }) => secretName(name, connector, account)));
  if (needs.configuration?.includes('fraud-rules')) names.push(fraudKeysSecretName(name));
  return names.map((secret) =>
    Stack.of(fn).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${secret}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
}
