import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { FaultPoint, Faults } from '#application/ports/runtime.ts';
import { documentClient } from './document-client.ts';
import { unlessChanged } from './operation-store.ts';
import { tableNames } from './state-store.ts';

/** What a test arms in the state table, under `FAULT#<point>` / `FAULT`. */
export type ArmedFault = {
  /** How many more times it happens. */
  readonly remaining: number;
  /** Only to ids that contain this text. */
  readonly match?: string;
  readonly action: 'kill' | 'throw' | 'delay';
  readonly delayMs?: number;
};

export const faultKey = (point: FaultPoint) => ({ pk: `FAULT#${point}`, sk: 'FAULT' });

/** Makes armed faults happen. Counted down before it acts, for a process that kills itself can't do so after. */
export class StateTableFaults implements Faults {
  readonly #client: DynamoDBDocumentClient;
  readonly #kill: () => void;

  constructor(
    client: DynamoDBDocumentClient = documentClient(),
    kill: () => void = () => process.kill(process.pid, 'SIGKILL'),
  ) {
    this.#client = client;
    this.#kill = kill;
  }

  async at(point: FaultPoint, id: string): Promise<void> {
    const Key = faultKey(point);
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: tableNames.state(), Key, ConsistentRead: true }),
    );
    const fault = Item as ArmedFault | undefined;
    if (!fault || fault.remaining < 1 || !id.includes(fault.match ?? '')) return;
    if (!(await this.#take(Key))) return;
    if (fault.action === 'kill') this.#kill();
    if (fault.action === 'throw') throw new Error(`armed fault at ${point} (${id})`);
    await sleep(fault.delayMs ?? 1_000);
  }

  #take(Key: ReturnType<typeof faultKey>): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: tableNames.state(),
      Key,
      UpdateExpression: 'SET remaining = remaining - :one',
      ConditionExpression: 'remaining >= :one',
      ExpressionAttributeValues: { ':one': 1 },
    });
    return unlessChanged(this.#client.send(update));
  }
}
