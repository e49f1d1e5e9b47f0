import type { Row } from './rows.ts';

/**
 * DynamoDB's own form of a row, as its streams deliver it. Journal rows hold no sets and no binary, and every number in them
 * is a safe integer.
 */
export type AttributeValue = {
  readonly S?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly L?: readonly AttributeValue[];
  readonly M?: Readonly<Record<string, AttributeValue>>;
};

export const rowOfImage = (image: Readonly<Record<string, AttributeValue>>): Row =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plain(value)]));

function plain(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return safeInteger(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL) return null;
  if (value.L) return value.L.map(plain);
  if (value.M) return rowOfImage(value.M);
  throw new TypeError(`an attribute of type ${Object.keys(value).join()} does not belong into a journal row`);
}

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new TypeError(`${text} is no safe integer: rows hold nothing else`);
  return number;
}
