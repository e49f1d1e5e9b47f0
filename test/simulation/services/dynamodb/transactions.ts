import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { cancelled, invalid, isInvalid, type Reason, tokenMismatch } from './errors.ts';
import { known } from './requests.ts';
import { MOST_ITEM_BYTES, MOST_TRANSACTION_BYTES, sizeAtMost, sizeOf } from './sizes.ts';
import type { Change, Table } from './table.ts';
import { checkWrite, deleteWrite, putWrite, updateWrite, type Write } from './writes.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const MOST_ITEMS = 100;
const TOKEN_LIVES_MS = 10 * 60_000;

/**
 * What a transaction changes: everything that it asks for, or it throws (API Reference, "TransactWriteItems"). Every
 * condition looks at the rows as they are before the transaction.
 */
export function transaction(items: readonly TransactItem[] | undefined, tableOf: (name?: string) => Table): Change[] {
  if (!items || items.length === 0 || items.length > MOST_ITEMS) {
    throw invalid(`Member must have length between 1 and ${MOST_ITEMS}: a transaction of ${items?.length ?? 0} items`);
  }
  const writes = items.map((item) => writeOf(item, tableOf));
  refuseTwice(writes);
  const reasons: Reason[] = [];
  const changes: Change[] = [];
  let refused = false;
  for (const write of writes) {
    const { change, refused: reason } = plan(write);
    reasons.push(reason);
    if (change) changes.push(change);
    refused ||= reason !== undefined;
  }
  if (refused) throw cancelled(reasons);
  refuseTooLarge(changes);
  return changes;
}

function writeOf(item: TransactItem, tableOf: (name?: string) => Table): Write {
  const { Put, Update, Delete, ConditionCheck } = item;
  if ([Put, Update, Delete, ConditionCheck].filter((one) => one !== undefined).length !== 1) {
    throw invalid('TransactItems can only contain one of ConditionCheck, Put, Update or Delete');
  }
  if (Put) return putWrite(tableOf(Put.TableName), known('TransactWriteCommand.Put', Put));
  if (Update) return updateWrite(tableOf(Update.TableName), known('TransactWriteCommand.Update', Update));
  if (Delete) return deleteWrite(tableOf(Delete.TableName), known('TransactWriteCommand.Delete', Delete));
  const check = known('TransactWriteCommand.ConditionCheck', ConditionCheck as NonNullable<typeof ConditionCheck>);
  return checkWrite(tableOf(check.TableName), check);
}

function refuseTwice(writes: readonly Write[]): void {
  const seen = new Map<Table, Set<string>>();
  for (const { table, place } of writes) {
    const ids = seen.get(table);
    if (!ids) seen.set(table, new Set([place.id]));
    else if (ids.has(place.id)) throw invalid('Transaction request cannot include multiple operations on one item');
    else ids.add(place.id);
  }
}

/** What DynamoDB does not accept of one item is a reason like any other. */
function plan(write: Write): ReturnType<Write['plan']> {
  try {
    return write.plan();
  } catch (error) {
    if (isInvalid(error)) return { refused: { code: 'ValidationError', message: error.message } };
    throw error;
  }
}

function refuseTooLarge(changes: readonly Change[]): void {
  if (changes.length * MOST_ITEM_BYTES <= MOST_TRANSACTION_BYTES) return;
  const total = (weigh: typeof sizeOf): number =>
    changes.reduce((sum, { after }) => sum + (after ? weigh(after) : 0), 0);
  if (total(sizeAtMost) > MOST_TRANSACTION_BYTES && total(sizeOf) > MOST_TRANSACTION_BYTES) {
    throw invalid('The aggregate size of the items in the transaction has exceeded 4 MB');
  }
}

/** Tokens of transactions that went through: one that comes again within ten minutes changes nothing. */
export class RequestTokens {
  readonly #now: () => number;
  readonly #seen = new Map<string, { readonly content: string; readonly at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a transaction has gone through before, told by its token. */
  done({ ClientRequestToken: token, TransactItems }: TransactWriteCommandInput): boolean {
    for (const [old, { at }] of this.#seen) {
      if (at > this.#now() - TOKEN_LIVES_MS) break;
      this.#seen.delete(old);
    }
    const before = token === undefined ? undefined : this.#seen.get(token);
    if (before && before.content !== contentOf(TransactItems)) throw tokenMismatch();
    return before !== undefined;
  }

  keep({ ClientRequestToken: token, TransactItems }: TransactWriteCommandInput): void {
    if (token !== undefined) this.#seen.set(token, { content: contentOf(TransactItems), at: this.#now() });
  }
}

const contentOf = (items: TransactWriteCommandInput['TransactItems']): string =>
  JSON.stringify(items, (_name, value) => (value instanceof Set ? [...value] : value));
