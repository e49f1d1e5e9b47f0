import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, Value } from './values.ts';

/** DynamoDB's own form of an item. */
export const attributeValues = (item: Item): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeValue(value)]));

function attributeValue(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(attributeValue) };
  if (!(value instanceof Set)) return { M: attributeValues(value as Item) };
  const members = [...value] as (string | number)[];
  return typeof members[0] === 'number' ? { NS: members.map(String) } : { SS: members.map(String) };
}
