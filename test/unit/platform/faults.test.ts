import './support.ts';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ArmedFault, StateTableFaults } from '#platform/aws/armed-faults.ts';
import { documentsOver } from '#platform/aws/document-client.ts';
import { faultPoints } from '#platform/faults.ts';

describe('fault points', () => {
  const dynamo = mockClient(DynamoDBDocumentClient);
  let kills: number;
  beforeEach(() => {
    dynamo.reset();
    kills = 0;
    process.env.STATE_TABLE_NAME = 'state';
  });
  const arm = (fault: ArmedFault) => dynamo.on(GetCommand).resolves({ Item: { ...fault } });
  const at = (id: string) =>
    new StateTableFaults(documentsOver(new DynamoDBClient({})), () => {
      kills += 1;
      throw new Error('killed');
    }).at('intake:before-commit', id);
  const counted = () => dynamo.commandCalls(UpdateCommand).length;

  it('do nothing where they are not compiled in', async () => {
    await faultPoints().at('intake:before-commit', 'delivery-1');
    expect(dynamo.calls()).toEqual([]);
  });

  it('count down before they kill', async () => {
    arm({ remaining: 1, action: 'kill' });
    dynamo.on(UpdateCommand).resolves({});
    await expect(at('delivery-1')).rejects.toThrow('killed');
    expect([counted(), kills]).toEqual([1, 1]);
    expect(dynamo.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      Key: { pk: 'FAULT#intake:before-commit', sk: 'FAULT' },
      ConditionExpression: 'remaining >= :one',
    });
  });

  it('strike once when two processes come to the last one', async () => {
    arm({ remaining: 1, action: 'kill' });
    dynamo.on(UpdateCommand).rejects(new ConditionalCheckFailedException({ message: 'taken', $metadata: {} }));
    await at('delivery-1');
    expect(kills).toBe(0);
  });

  it('strike only the ids that they were armed for, and only as often', async () => {
    arm({ remaining: 1, match: 'orders/5001', action: 'throw' });
    await at('orders/5002');
    arm({ remaining: 0, action: 'throw' });
    await at('orders/5001');
    expect(counted()).toBe(0);
    arm({ remaining: 2, match: '5001', action: 'throw' });
    dynamo.on(UpdateCommand).resolves({});
    await expect(at('orders/5001')).rejects.toThrow('armed fault at intake:before-commit (orders/5001)');
    arm({ remaining: 1, action: 'delay', delayMs: 1 });
    await at('orders/5001');
    expect(kills).toBe(0);
  });

  it('are not armed by themselves', async () => {
    dynamo.on(GetCommand).resolves({});
    await at('orders/5001');
    expect(counted()).toBe(0);
  });
});
