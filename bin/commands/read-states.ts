import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '#platform/aws/document-client.ts';
import { STATE_ROW } from '#platform/aws/rows.ts';
import { tableNames } from '#platform/aws/state-store.ts';

/** All states of one kind of aggregate, page by page. Personal data lies beside them, and is not read. */
export async function* readStates<S>(prefix: string): AsyncGenerator<S> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await documentClient().send(
      new ScanCommand({
        TableName: tableNames.state(),
        FilterExpression: '#sk = :state AND begins_with(#pk, :prefix)',
        ProjectionExpression: '#state',
        ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk', '#state': 'state' },
        ExpressionAttributeValues: { ':state': STATE_ROW, ':prefix': prefix },
        ExclusiveStartKey,
      }),
    );
    for (const { state } of page.Items ?? []) yield state as S;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}
