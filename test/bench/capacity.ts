/**
 * What requests to DynamoDB cost in its own units, by the rules that AWS publishes ("DynamoDB read and write operations",
 * "DynamoDB item sizes and formats").
 */

/** A value in DynamoDB's own JSON. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

const WRITE_BYTES = 1024;
const READ_BYTES = 4096;

/** Names count as much as values. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

function valueBytes(value: AttributeValue): number {
  const [[type, given] = ['', '']] = Object.entries(value);
  switch (type) {
    case 'S':
      return Buffer.byteLength(given as string);
    case 'N':
      return numberBytes(given as string);
    case 'B':
      return Buffer.byteLength(given as string, 'base64');
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return (given as AttributeValue[]).reduce((sum, one) => sum + 1 + valueBytes(one), 3);
    case 'M':
      return Object.values(given as Item).length + 3 + itemBytes(given as Item);
    default:
      throw new Error(`no row of Crossdock has an attribute of type "${type}": teach test/bench/capacity.ts its size`);
  }
}

/** About: one byte for every two significant digits and one more; another for a sign. */
function numberBytes(text: string): number {
  const digits = text
    .replace(/e.*$/i, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+|0+$/g, '');
  return Math.ceil(Math.max(1, digits.length) / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

/** A unit for each KB begun; in a transaction two, for it is prepared and committed. */
export const writeUnits = (bytes: number, transactional: boolean): number =>
  Math.max(1, Math.ceil(bytes / WRITE_BYTES)) * (transactional ? 2 : 1);

/** A unit for each 4 KB begun, half of it when the read may be stale. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_BYTES)) * (consistent ? 1 : 0.5);

/** As DynamoDB answers it with `ReturnConsumedCapacity: INDEXES`; for a batch or a transaction one for each table. */
export type ConsumedCapacity = { readonly CapacityUnits?: number };

/** Tables and indexes together. */
export const consumedUnits = (told: ConsumedCapacity | readonly ConsumedCapacity[] | undefined): number =>
  [told ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
