import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PauseStore } from '#application/ports/store.ts';
import type { Target } from '#core/operations/operation.ts';
import { documentClient } from './document-client.ts';
import { aws } from './failures.ts';
import { unlessChanged } from './operation-store.ts';
import { tableNames } from './state-store.ts';

const PAUSE_ROW = 'PAUSE';

/** Beside the cases of the partner account. */
const pauseKey = ({ connector, account }: Target) => ({ pk: `TARGET#${connector}#${account}`, sk: PAUSE_ROW });

export class DynamoPauses implements PauseStore {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  /** Read as it was a moment ago: a pause noticed late costs one more refusal by the partner, and nothing else. */
  async pausedUntil(target: Target): Promise<string | undefined> {
    const read = new GetCommand({ TableName: tableNames.state(), Key: pauseKey(target) });
    return (await aws('read a pause', this.#client.send(read))).Item?.pausedUntil;
  }

  async pause(target: Target, until: string): Promise<void> {
    const update = new UpdateCommand({
      TableName: tableNames.state(),
      Key: pauseKey(target),
      UpdateExpression: 'SET pausedUntil = :until',
      ConditionExpression: 'attribute_not_exists(pausedUntil) OR pausedUntil < :until',
      ExpressionAttributeValues: { ':until': until },
    });
    await unlessChanged(aws('write a pause', this.#client.send(update)));
  }
}
