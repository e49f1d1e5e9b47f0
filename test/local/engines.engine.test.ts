import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Capability, supports } from '../../bin/local/engines/capabilities.ts';
import { ENGINE_NAMES, type Engine, REGION } from '../../bin/local/engines/engine.ts';
import { openEngine } from '../../bin/local/engines/index.ts';
import { missing } from '../../bin/local/prepare.ts';
import { listeners, listenersBeyondLoopback } from './support/listeners.ts';
import { PROBE_FUNCTION, PROBE_TEMPLATE, probeMachine } from './support/probe-stack.ts';
import { until } from './support/processes.ts';
import { zipOf } from './support/zip.ts';

const ROLE = 'arn:aws:iam::000000000000:role/probe';
/** Where the machine can not run LocalStack, what it lacks is said in the name of the tests that are left out. */
/** Where the machine can not run an engine, the tests' names say so. */
const engines = await Promise.all(ENGINE_NAMES.map(async (name) => ({ name, lacks: await missing({ engine: name }) })));
const absent = engines.filter(({ lacks }) => lacks.length > 0);

describe.each(absent)('$name can not run on this machine', ({ name, lacks }) => {
  it('says why, with the fix', async () => {
    for (const { what, fix } of lacks) expect([what, fix].every((text) => text.length > 10)).toBe(true);
    await expect(openEngine(name).start()).rejects.toThrow(lacks[0]?.what);
  });
});

describe.each(engines.filter(({ lacks }) => lacks.length === 0))('$name', ({ name }) => {
  let engine: Engine;
  let server: Server;
  let client: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  let functionArn: string;
  let queueUrl: string;
  const received: { event: { Records?: { eventName: string }[] }; env: string[]; heapLimitMb: number }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push(JSON.parse(body));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    engine = openEngine(name);
    await engine.start();
    client = {
      region: REGION,
      endpoint: engine.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    queueUrl = (await new SQSClient(client).send(new CreateQueueCommand({ QueueName: 'probe' }))).QueueUrl ?? '';
    functionArn = await createFunction();
  });
  afterAll(async () => {
    await engine?.stop();
    server?.close();
    server?.closeAllConnections();
  });

  /** A check of a capability says what the table says: a difference either way is told by this test. */
  const itAgrees = (capability: Capability, check: () => Promise<boolean>) =>
    it(`${capability}: as the table says`, async () => {
      expect(await check()).toBe(supports(name, capability));
    });

  async function createFunction(): Promise<string> {
    const lambda = new LambdaClient(client);
    const url = await engine.reachable(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const { FunctionArn = '' } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'probe',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: ROLE,
        Code: { ZipFile: zipOf('index.mjs', PROBE_FUNCTION) },
        Environment: { Variables: { SERVER: url, NODE_OPTIONS: '--max-semi-space-size=4 --max-old-space-size=200' } },
      }),
    );
    await waitUntilFunctionActiveV2(
      { client: lambda, minDelay: 1, maxDelay: 2, maxWaitTime: 30 },
      { FunctionName: 'probe' },
    );
    return FunctionArn;
  }

  it('listens on the loopback address only, with all that it starts', async () => {
    await new DynamoDBClient(client).send(new DescribeTimeToLiveCommand({ TableName: 'none' })).catch(() => {});
    expect(listeners()).toContain(new URL(engine.endpoint).host);
    expect(listenersBeyondLoopback()).toEqual([]);
  });

  it('gives the address of a deployed API', () => {
    expect(engine.apiUrl('abc', 'v1', '/webhooks/x')).toBe(
      `${engine.endpoint}/restapis/abc/v1/_user_request_/webhooks/x`,
    );
  });

  it('runs a function that reaches a server of ours, with none of our environment', async () => {
    process.env.CROSSDOCK_TEST_LEAK = 'leaked';
    const answer = await new LambdaClient(client).send(
      new InvokeCommand({ FunctionName: 'probe', Payload: Buffer.from('{"hello":1}') }),
    );
    delete process.env.CROSSDOCK_TEST_LEAK;
    expect(answer.FunctionError).toBeUndefined();
    const call = received.find(({ event }) => 'hello' in event);
    expect(call?.env).toContain('AWS_ENDPOINT_URL');
    expect(call?.env).toContain('SERVER');
    expect(call?.env).not.toContain('CROSSDOCK_TEST_LEAK');
    expect(call?.env.filter((variable) => variable.startsWith('VITEST'))).toEqual([]);
    expect(call?.heapLimitMb).toBe(200 + 3 * 4);
  });

  it('hands messages of a queue to a function', async () => {
    const sqs = new SQSClient(client);
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'mapped' }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    await new LambdaClient(client).send(
      new CreateEventSourceMappingCommand({ FunctionName: 'probe', EventSourceArn: Attributes?.QueueArn }),
    );
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'through the queue' }));
    await until('the function has the message', () => JSON.stringify(received).includes('through the queue'), 40_000);
  });

  it('hands changes of a table to a function', async () => {
    const dynamodb = new DynamoDBClient(client);
    const { TableDescription } = await dynamodb.send(
      new CreateTableCommand({
        TableName: 'streamed',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      }),
    );
    await new LambdaClient(client).send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'probe',
        EventSourceArn: TableDescription?.LatestStreamArn,
        StartingPosition: 'TRIM_HORIZON',
      }),
    );
    await dynamodb.send(new PutItemCommand({ TableName: 'streamed', Item: { pk: { S: 'ORDER#1' } } }));
    const inserted = () => received.some(({ event }) => event.Records?.some((record) => record.eventName === 'INSERT'));
    await until('the function has the change', inserted, 40_000);
  });

  describe('template', () => {
    beforeAll(async () => {
      const cloudformation = new CloudFormationClient(client);
      const TemplateBody = JSON.stringify(PROBE_TEMPLATE);
      await cloudformation.send(
        new CreateStackCommand({ StackName: 'probe', TemplateBody, Capabilities: ['CAPABILITY_IAM'] }),
      );
      await waitUntilStackCreateComplete(
        { client: cloudformation, minDelay: 1, maxDelay: 2, maxWaitTime: 60 },
        { StackName: 'probe' },
      );
    });

    itAgrees('templateTtl', async () => {
      const answer = await new DynamoDBClient(client).send(
        new DescribeTimeToLiveCommand({ TableName: 'from-template' }),
      );
      return answer.TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED';
    });

    itAgrees('templatePitr', async () => {
      const answer = await new DynamoDBClient(client).send(
        new DescribeContinuousBackupsCommand({ TableName: 'from-template' }),
      );
      const { PointInTimeRecoveryDescription: recovery } = answer.ContinuousBackupsDescription ?? {};
      return recovery?.PointInTimeRecoveryStatus === 'ENABLED';
    });

    itAgrees('templateReservedConcurrency', async () => {
      const answer = await new LambdaClient(client).send(
        new GetFunctionConcurrencyCommand({ FunctionName: 'from-template' }),
      );
      return answer.ReservedConcurrentExecutions === 3;
    });
  });

  describe('workflows', () => {
    let stateMachineArn: string;

    beforeAll(async () => {
      const { roleArn, definition } = probeMachine(functionArn, queueUrl) as { roleArn: string; definition: object };
      const answer = await new SFNClient(client).send(
        new CreateStateMachineCommand({ name: 'probe', roleArn, definition: JSON.stringify(definition) }),
      );
      stateMachineArn = answer.stateMachineArn ?? '';
    });

    /** The output of an execution with that input. */
    async function outputOf(input: string): Promise<unknown> {
      const sfn = new SFNClient(client);
      const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
      let output: string | undefined;
      await until('the execution has ended', async () => {
        const answer = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        output = answer.output;
        return answer.status !== 'RUNNING';
      });
      return output && JSON.parse(output);
    }

    itAgrees('lambdaErrorName', async () => (await outputOf('{}')) === 'by name');

    itAgrees('heartbeatTimeout', async () => {
      const began = Date.now();
      expect(await outputOf('{"wait":true}')).toBe('no heartbeat');
      // The heartbeat is 2 s, the state's own time-out, which both have, 10 s.
      return Date.now() - began < 8_000;
    });

    it('waits for the seconds that the data names', async () => {
      const began = Date.now();
      expect(await outputOf('{"pause":{"seconds":3}}')).toBe('paused');
      expect(Date.now() - began).toBeGreaterThanOrEqual(3_000);
    });

    itAgrees('startExecutionSameName', async () => {
      const sfn = new SFNClient(client);
      const start = (input: string) => sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'same', input }));
      const first = await start('{"wait":true}');
      const again = await start('{"wait":true}').catch(() => undefined);
      const other = await start('{"wait":false}').then(
        () => 'accepted',
        (error: Error) => error.name,
      );
      return first.executionArn === again?.executionArn && other === 'ExecutionAlreadyExists';
    });
  });

  itAgrees('moveTask', async () => {
    const sqs = new SQSClient(client);
    const arnOf = async (QueueName: string, attributes: Record<string, string> = {}) => {
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
      const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
      return answer.Attributes?.QueueArn ?? '';
    };
    const dlq = await arnOf('source-dlq');
    await arnOf('source', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq, maxReceiveCount: 3 }) });
    return sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dlq })).then(
      () => true,
      () => false,
    );
  });

  itAgrees('iamEnforcement', async () => {
    if (!supports(name, 'iamEnforcement'))
      return engine.start({ enforceIam: true }).then(
        () => true,
        () => false,
      );
    const strict = openEngine(name);
    await strict.start({ enforceIam: true });
    const stranger = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wrong' };
    const as = (credentials: typeof stranger) =>
      new SQSClient({ ...client, endpoint: strict.endpoint, credentials }).send(new ListQueuesCommand({})).then(
        () => true,
        () => false,
      );
    const answers = [await as(client.credentials), await as(stranger)];
    await strict.stop();
    return answers[0] === true && answers[1] === false;
  });
});
