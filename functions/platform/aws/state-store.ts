import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Commit, CommitResult, InboxMark, Store, Stored } from '#application/ports/store.ts';
import { TransientError } from '#core/kernel/errors.ts';
import { requiredEnv } from '../env.ts';
import { type CommitItem, commitItems, type TableNames } from './commit-items.ts';
import { documentClient } from './document-client.ts';
import { aws } from './failures.ts';
import { STATE_ROW, storedOf } from './rows.ts';

export const tableNames: TableNames = {
  state: () => requiredEnv('STATE_TABLE_NAME'),
  operations: () => requiredEnv('OPERATIONS_TABLE_NAME'),
  inbox: () => requiredEnv('INBOX_TABLE_NAME'),
};

/** State, journal, operations and inbox on DynamoDB: one commit is one transaction. */
export class DynamoStore implements Store {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient = documentClient()) {
    this.#client = client;
  }

  async load<S>(key: string): Promise<Stored<S> | undefined> {
    const read = new GetCommand({
      TableName: tableNames.state(),
      Key: { pk: key, sk: STATE_ROW },
      ConsistentRead: true,
    });
    const { Item } = await aws('load', this.#client.send(read));
    return Item && storedOf<S>(Item);
  }

  async seen(mailbox: string, deliveryId: string): Promise<InboxMark | undefined> {
    const read = new GetCommand({ TableName: tableNames.inbox(), Key: { mailbox, deliveryId }, ConsistentRead: true });
    const { Item } = await aws('look into the inbox', this.#client.send(read));
    if (!Item) return undefined;
    const { expiresAt: _expiry, ...mark } = Item;
    return mark as InboxMark;
  }

  async commit(commit: Commit): Promise<CommitResult> {
    const items = commitItems(commit, tableNames);
    if (items.length === 0) return { kind: 'committed' };
    try {
      await aws(
        'commit',
        this.#client.send(new TransactWriteCommand({ TransactItems: items.map(({ item }) => item) })),
      );
      return { kind: 'committed' };
    } catch (error) {
      if (error instanceof TransactionCanceledException) return refusalOf(error, items);
      throw error;
    }
  }
}

/** A delivery that was taken tells more than the conflict which its first taking caused, and a conflict more than a plan. */
const WEIGHT: readonly CommitResult['kind'][] = ['seen', 'conflict', 'operation-exists'];

/** What a cancelled transaction means. Reasons come in the order of the items. */
function refusalOf(error: TransactionCanceledException, items: readonly CommitItem[]): CommitResult {
  const codes = (error.CancellationReasons ?? []).map(({ Code = 'None' }) => Code);
  const refusals = codes.flatMap((code, index): CommitResult[] => {
    const refusal = items[index]?.refusal;
    if (code === 'ConditionalCheckFailed' && refusal) return [refusal];
    // Another transaction holds the item this very moment: it has changed by the time that it is read again.
    return code === 'TransactionConflict' ? [{ kind: 'conflict' }] : [];
  });
  const [heaviest] = refusals.sort((a, b) => WEIGHT.indexOf(a.kind) - WEIGHT.indexOf(b.kind));
  if (heaviest) return heaviest;
  if (codes.some((code) => code === 'ThrottlingError' || code === 'ProvisionedThroughputExceeded')) {
    throw new TransientError('AWS_UNAVAILABLE', 'commit: the table is throttled', { cause: error });
  }
  throw error;
}
