import type { SettlementId } from '#core/settlements/line.ts';

/** Names of what lies in the archive. A collection has a folder of its own, by its digest and by what it came after. */

export type CollectionId = { readonly id: SettlementId; readonly digest: string; readonly revision: number };

const folder = ({ id, digest, revision }: CollectionId): string =>
  `settlements/${segment(id.channel)}/${segment(id.account)}/${segment(id.settlementId)}/${revision}-${digest}`;

/** Orders with their lines, a line of JSON each. */
export const ordersName = (collection: CollectionId, batch: number): string =>
  `${folder(collection)}/orders-${numbered(batch)}.ndjson`;

/** Lines of no order. */
export const othersName = (collection: CollectionId, part: number): string =>
  `${folder(collection)}/others-${numbered(part)}.ndjson`;

/** What of a batch does not agree with the orders. */
export const differencesName = (collection: CollectionId, batch: number): string =>
  `${folder(collection)}/differences-${numbered(batch)}.ndjson`;

const numbered = (part: number): string => String(part).padStart(5, '0');

/** An id of somebody else's as a part of a name: as it is where that can be, else in a form that always can. */
export const segment = (text: string): string =>
  /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(text) ? text : `~${Buffer.from(text).toString('base64url')}`;
