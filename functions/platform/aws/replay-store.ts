import { IdempotencyItemAlreadyExistsError, IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { documentClient } from './document-client.ts';
import { aws } from './failures.ts';
import { tableNames } from './state-store.ts';

type Row = {
  readonly status: IdempotencyRecord['status'];
  readonly expiresAt: number;
  readonly runsUntil?: number;
  readonly payloadHash?: string;
  readonly answer?: unknown;
};

/** Answers that were given, as rows of the inbox table, which forgets them by itself: Powertools' records over our client. */
export class DynamoReplays extends BasePersistenceLayer {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    super();
    this.#client = client;
  }

  protected override async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    const read = new GetCommand({ TableName: tableNames.inbox(), Key: keyOf(idempotencyKey), ConsistentRead: true });
    const { Item } = await aws('look for an answer', this.#client.send(read));
    if (!Item) throw new IdempotencyItemNotFoundError('no answer was given yet');
    return recordOf(idempotencyKey, Item as Row);
  }

  /** Begins one, unless it was begun and neither is forgotten nor was cut off. */
  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const now = Date.now();
    const put = new PutCommand({
      TableName: tableNames.inbox(),
      Item: { ...keyOf(record.idempotencyKey), ...rowOf(record) },
      ConditionExpression:
        'attribute_not_exists(mailbox) OR expiresAt < :second OR (#status = :inProgress AND runsUntil < :now)',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':second': Math.floor(now / 1000), ':inProgress': 'INPROGRESS', ':now': now },
    });
    try {
      await aws('begin an answer', this.#client.send(put));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new IdempotencyItemAlreadyExistsError('an answer was begun before');
    }
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    const { status, expiresAt, answer } = rowOf(record);
    const update = new UpdateCommand({
      TableName: tableNames.inbox(),
      Key: keyOf(record.idempotencyKey),
      UpdateExpression: 'SET #status = :status, expiresAt = :expiresAt, answer = :answer, payloadHash = :payloadHash',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':status': status,
        ':expiresAt': expiresAt,
        ':answer': answer,
        ':payloadHash': record.payloadHash ?? '',
      },
    });
    await aws('keep an answer', this.#client.send(update));
  }

  protected override async _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    const remove = new DeleteCommand({ TableName: tableNames.inbox(), Key: keyOf(idempotencyKey) });
    await aws('give up an answer', this.#client.send(remove));
  }
}

/** One row a partition: requests of one client come at any rate. */
const keyOf = (idempotencyKey: string) => ({ mailbox: idempotencyKey, deliveryId: 'answer' });

const rowOf = (record: IdempotencyRecord): Row => ({
  status: record.getStatus(),
  expiresAt: record.expiryTimestamp ?? 0,
  ...(record.inProgressExpiryTimestamp !== undefined && { runsUntil: record.inProgressExpiryTimestamp }),
  ...(record.payloadHash !== undefined && { payloadHash: record.payloadHash }),
  ...(record.responseData !== undefined && { answer: record.responseData }),
});

const recordOf = (idempotencyKey: string, { status, expiresAt, runsUntil, payloadHash, answer }: Row) =>
  new IdempotencyRecord({
    idempotencyKey,
    status,
    expiryTimestamp: expiresAt,
    ...(runsUntil !== undefined && { inProgressExpiryTimestamp: runsUntil }),
    ...(payloadHash !== undefined && { payloadHash }),
    ...(answer !== undefined && { responseData: answer as never }),
  });
