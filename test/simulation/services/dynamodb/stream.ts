import type { AttributeValue, DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { attributeValues } from './attribute-values.ts';
import { keysOf } from './keys.ts';
import type { Change } from './table.ts';
import { equal, type Item } from './values.ts';

/**
 * The record that a table's stream tells of a change; none when a write left its row as it was (Developer Guide, "Change data
 * capture for DynamoDB Streams"). Keys and image are made when they are first read.
 */
export function streamRecord(
  { table, before, after }: Change,
  number: number,
  now: number,
): DynamoDBRecord | undefined {
  const row = after ?? before;
  if (!row || (before && after && equal(before, after))) return undefined;
  const SequenceNumber = String(number).padStart(21, '0');
  let keys: Image | undefined;
  let image: Image | undefined;
  return {
    eventID: SequenceNumber,
    eventName: !before ? 'INSERT' : after ? 'MODIFY' : 'REMOVE',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table.spec.name}/stream/2026-01-01T00:00:00.000`,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(now / 1000),
      SequenceNumber,
      StreamViewType: 'NEW_IMAGE',
      get Keys() {
        keys ??= imageOf(keysOf(table.spec, row));
        return keys;
      },
      // Not spread in where there is one: that would read it.
      get NewImage() {
        image ??= after && imageOf(after);
        return image;
      },
    } as StreamRecord,
  };
}

type Image = Record<string, AttributeValue>;

const imageOf = (item: Item): Image => attributeValues(item) as Image;
