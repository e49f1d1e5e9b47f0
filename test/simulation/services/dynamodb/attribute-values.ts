import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, Value } from './values.ts';

/** DynamoDB's own form of an item. */
export function attributeValues(item: Item): Record<string, AttributeValue> {
  const values: Record<string, AttributeValue> = {};
  for (const name in item) values[name] = attributeValue(item[name] as Value);
  return values;
}

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
