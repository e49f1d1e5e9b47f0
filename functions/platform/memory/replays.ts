import { IdempotencyItemAlreadyExistsError, IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';

/** Given answers in memory, under the conditions of those on DynamoDB. */
export class MemoryReplays extends BasePersistenceLayer {
  readonly records = new Map<string, IdempotencyRecord>();
  /** Set, every access fails as a table that can't be reached does. */
  down = false;

  protected override async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    this.#reach();
    const found = this.records.get(idempotencyKey);
    if (!found) throw new IdempotencyItemNotFoundError('no answer was given yet');
    return found;
  }

  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    this.#reach();
    const known = this.records.get(record.idempotencyKey);
    const cutOff = known?.getStatus() === 'INPROGRESS' && (known.inProgressExpiryTimestamp ?? 0) < Date.now();
    if (known && !known.isExpired() && !cutOff) throw new IdempotencyItemAlreadyExistsError('begun before');
    this.records.set(record.idempotencyKey, record);
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    this.#reach();
    this.records.set(record.idempotencyKey, record);
  }

  protected override async _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    this.#reach();
    this.records.delete(idempotencyKey);
  }

  #reach(): void {
    if (this.down) throw new Error('the table of answers can not be reached');
  }
}
