import {
  CreateStateMachineCommand,
  ListExecutionsCommand,
  type SendTaskHeartbeatCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WorkflowEngine } from '#application/ports/workflow.ts';
import { StepFunctionsEngine } from '#platform/aws/workflow.ts';
import { MemoryWorkflowEngine } from '#platform/memory/workflow.ts';
import { machine, WorkflowBench, wait } from '../../unit/simulation/workflow-bench.ts';
import { can, clientOptions, endpoint, fresh } from './worlds.ts';

type Place = {
  readonly engine: WorkflowEngine;
  /** Starts a run that waits at once, and answers the token that it waits for. */
  readonly waiting: (name: string) => Promise<string>;
  /** How many were started. */
  readonly runs: () => Promise<number>;
};

const PLACES: readonly { readonly name: string; readonly open: () => Promise<Place> }[] =
  endpoint === undefined
    ? [
        { name: 'memory', open: inMemory },
        { name: 'the simulator', open: simulated },
      ]
    : [{ name: 'Step Functions', open: onEngine }];

// An engine takes a moment to move on from a step that was answered; its second answer is refused from then on.
const SOON = { timeout: 20_000, interval: 200 };

describe.each(PLACES)('the workflow engine ($name)', ({ open }) => {
  let place: Place;
  beforeAll(async () => {
    place = await open();
  });

  it('lets a waiting step go on once', async () => {
    const token = await place.waiting('RETURN#generic#main#R1');
    expect(await place.engine.heartbeat(token)).toBe(true);
    expect(await place.engine.succeed(token, { step: 'receipt' })).toBe(true);
    await expect.poll(() => place.engine.succeed(token, { step: 'receipt' }), SOON).toBe(false);
  });

  it('ends a waiting step with an error', async () => {
    const token = await place.waiting('RETURN#generic#main#R2');
    expect(await place.engine.fail(token, 'ReturnCancelled', 'the buyer keeps it')).toBe(true);
  });

  it.skipIf(!can('failedTokenRefused'))('refuses a second error for a step', async () => {
    const token = await place.waiting('RETURN#generic#main#R3');
    expect(await place.engine.fail(token, 'ReturnCancelled', 'the buyer keeps it')).toBe(true);
    await expect.poll(() => place.engine.fail(token, 'ReturnCancelled', 'the buyer keeps it'), SOON).toBe(false);
  });

  it.skipIf(!can('startExecutionSameName'))('takes a second start under one name for the first', async () => {
    const before = await place.runs();
    const token = await place.waiting('RETURN#generic#main#R4');
    await place.engine.start('RETURN#generic#main#R4', { returnKey: 'RETURN#generic#main#R4' });
    expect(await place.runs()).toBe(before + 1);
    expect(await place.engine.succeed(token, {})).toBe(true);
  });

  it('says of a token that nobody waits for that it is none', async () => {
    expect(await place.engine.succeed('no-such-token', {})).toBe(false);
    expect(await place.engine.heartbeat('no-such-token')).toBe(false);
  });
});

async function inMemory(): Promise<Place> {
  const engine = new MemoryWorkflowEngine();
  return {
    engine,
    async waiting(name) {
      await engine.start(name, { returnKey: name });
      engine.wait(`token-of-${name}`);
      return `token-of-${name}`;
    },
    runs: async () => engine.runs.size,
  };
}

async function simulated(): Promise<Place> {
  const bench = new WorkflowBench(machine({ Wait: wait() }));
  process.env.RETURN_WORKFLOW_ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:waiting';
  const client = { send: async (command: SendTaskHeartbeatCommand) => bench.sfn.apply(command) };
  const engine = new StepFunctionsEngine(client as unknown as SFNClient);
  return {
    engine,
    async waiting(name) {
      const before = bench.messages.length;
      await engine.start(name, { returnKey: name });
      await bench.loop.run({ until: bench.loop.now });
      return bench.messages[before]?.taskToken ?? '';
    },
    runs: async () => bench.sfn.executions().length,
  };
}

async function onEngine(): Promise<Place> {
  const suffix = fresh();
  const sqs = new SQSClient({ ...clientOptions, useQueueUrlAsEndpoint: false });
  const sfn = new SFNClient(clientOptions);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `waits-${suffix}` }));
  const wait = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    TimeoutSeconds: 60,
    HeartbeatSeconds: 50,
    Parameters: { QueueUrl, MessageBody: { 'taskToken.$': '$$.Task.Token' } },
    End: true,
  };
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: `waiting-${suffix}`,
      roleArn: 'arn:aws:iam::000000000000:role/any',
      definition: JSON.stringify({ StartAt: 'Wait', States: { Wait: wait } }),
    }),
  );
  process.env.RETURN_WORKFLOW_ARN = stateMachineArn;
  const engine = new StepFunctionsEngine(sfn);
  return {
    engine,
    async waiting(name) {
      await engine.start(name, { returnKey: name });
      for (let poll = 0; poll < 15; poll++) {
        const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
        if (Messages?.[0]?.Body) return JSON.parse(Messages[0].Body).taskToken;
      }
      throw new Error(`${name} did not begin to wait`);
    },
    runs: async () => (await sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions?.length ?? 0,
  };
}
