import { describe, expect, it } from 'vitest';
import { FUNCTIONS, outputName, QUEUES, STREAM_FAILURES } from '../../functions/topology.ts';
import { type Resource, synthesize } from './support/synth.ts';

const { template } = synthesize('dev');
const core = template('Core');
const functionAt = (id: string) => core.at(`${id.replace('/', '-')}/Function/Resource`);
const queueAt = (id: string) => core.at(`queue-${id}/Queue/Resource`);
const dlqAt = (id: string) => core.at(`queue-${id}/Dlq/Resource`);
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const watching = (queueId: string) =>
  core
    .ofType('AWS::CloudWatch::Alarm')
    .filter(({ Properties }) => JSON.stringify(Properties.Dimensions)?.includes(`"${queueId}"`));

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

describe('every function', () => {
  it.each(FUNCTIONS.map((spec) => [spec.id, spec] as const))('%s runs as its topology says', (id, spec) => {
    const { Properties } = functionAt(id).resource;
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: spec.memoryMb,
      Timeout: spec.timeoutSeconds,
      TracingConfig: { Mode: 'Active' },
      Description: spec.does,
    });
    expect(Properties.Environment.Variables).toMatchObject({
      CROSSDOCK_STAGE: 'dev',
      POWERTOOLS_SERVICE_NAME: id.split('/')[0],
    });
  });

  it('has a log of its own that ends', () => {
    const groups = FUNCTIONS.map(({ id }) => core.at(`${id.replace('/', '-')}/Logs/Resource`));
    expect(new Set(groups.map(({ id }) => id)).size).toBe(FUNCTIONS.length);
    for (const { resource } of groups) expect(resource.Properties.RetentionInDays).toBe(30);
    for (const [index, { id }] of FUNCTIONS.entries()) {
      expect(functionAt(id).resource.Properties.LoggingConfig).toEqual({ LogGroup: { Ref: groups[index]?.id } });
    }
  });

  it('has only the environment that it asked for', () => {
    const names = (id: string) => Object.keys(functionAt(id).resource.Properties.Environment.Variables);
    expect(names('shopify/receive').sort()).toEqual([
      ...['ARCHIVE_BUCKET_NAME', 'CROSSDOCK_ACCOUNTS', 'CROSSDOCK_STAGE', 'INTAKE_QUEUE_URL', 'POWERTOOLS_LOG_LEVEL'],
      ...['POWERTOOLS_METRICS_NAMESPACE', 'POWERTOOLS_SERVICE_NAME'],
    ]);
    expect(names('core/relay-journal')).toEqual(
      expect.arrayContaining(['EVENT_BUS_NAME', 'OPERATION_QUEUE_URLS', 'RELAY_RETRY_QUEUE_URL']),
    );
    expect(names('core/relay-journal')).not.toContain('STATE_TABLE_NAME');
    expect(names('returns/on-return-event')).toEqual(
      expect.arrayContaining(['RETURN_WORKFLOW_ARN', 'PARK_QUEUE_URL', 'CROSSDOCK_ROUTING']),
    );
  });
});

describe('every queue', () => {
  it.each(QUEUES.map((spec) => [spec.id, spec] as const))('%s keeps, guards and watches its messages', (id, spec) => {
    const { resource, id: logicalId } = queueAt(id);
    const dlq = dlqAt(id);
    expect(resource.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: arnOf(dlq.id),
      maxReceiveCount: spec.receives,
    });
    expect(dlq.resource.Properties.MessageRetentionPeriod).toBeGreaterThan(resource.Properties.MessageRetentionPeriod);
    const consumer = FUNCTIONS.find(({ trigger }) => trigger.on === 'queue' && trigger.queue === id);
    expect(resource.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * (consumer?.timeoutSeconds ?? Number.NaN));
    expect(watching(logicalId).map(({ Properties }) => [Properties.MetricName, Properties.Threshold])).toEqual([
      ['ApproximateAgeOfOldestMessage', spec.alarmAgeSeconds],
    ]);
    expect(watching(dlq.id).map(({ Properties }) => [Properties.MetricName, Properties.Threshold])).toEqual([
      ['ApproximateNumberOfMessagesVisible', 1],
    ]);
  });

  it('takes TLS only and encrypts', () => {
    const policies = core.ofType('AWS::SQS::QueuePolicy').map(({ Properties }) => JSON.stringify(Properties));
    for (const id of Object.keys(core.resources).filter((one) => core.resources[one]?.Type === 'AWS::SQS::Queue')) {
      expect(core.resources[id]?.Properties.SqsManagedSseEnabled).toBe(true);
      const own = policies.filter((text) => text.includes(`"Queues":[{"Ref":"${id}"}]`)).join();
      expect(own).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"');
    }
  });

  it('gives back single failed messages, to no more calls at once than its partner bears', () => {
    const mappings = core.ofType('AWS::Lambda::EventSourceMapping');
    for (const { id, trigger } of FUNCTIONS) {
      if (trigger.on !== 'queue') continue;
      const mapping = mappings.find(
        ({ Properties }) => Properties.EventSourceArn['Fn::GetAtt']?.[0] === queueAt(trigger.queue).id,
      );
      expect(mapping?.Properties).toMatchObject({
        FunctionName: { Ref: functionAt(id).id },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BatchSize: trigger.batchSize,
      });
      expect(mapping?.Properties.ScalingConfig).toEqual(
        trigger.maxConcurrency && { MaximumConcurrency: trigger.maxConcurrency },
      );
    }
  });
});

describe('the journal', () => {
  const [mapping] = core
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(({ Properties }) => Properties.StartingPosition);

  it('goes to the relay row by row as it is inserted, from the beginning', () => {
    expect(mapping?.Properties).toMatchObject({
      FunctionName: { Ref: functionAt('core/relay-journal').id },
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(
      mapping?.Properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern)),
    ).toEqual([{ eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'EVENT#' }] } } } }]);
  });

  it('tells of what it could not read before the stream forgets it', () => {
    const failures = core.at('trigger-core-relay-journal/Failures/Dlq/Resource');
    expect(mapping?.Properties.DestinationConfig).toEqual({ OnFailure: { Destination: arnOf(failures.id) } });
    expect(mapping?.Properties.MaximumRecordAgeInSeconds).toBeLessThan(24 * 3600);
    expect(watching(failures.id)).toHaveLength(1);
    const { id } = functionAt('core/relay-journal');
    expect(watching(id).map(({ Properties }) => Properties.MetricName)).toContain('IteratorAge');
  });
});

describe('rules', () => {
  const rules = core.ofType('AWS::Events::Rule');

  const subscribed = QUEUES.flatMap(({ id, events }) => (events ? [{ id, events }] : []));

  it('are one for each queue that takes events', () => {
    expect(subscribed.length).toBeGreaterThan(0);
    expect(rules.filter(({ Properties }) => Properties.EventPattern)).toHaveLength(subscribed.length);
  });

  it.each(subscribed)('put the named events on $id, each whole, with its DLQ behind', ({ id, events }) => {
    const rule = rules.find(({ Properties }) => isEqual(Properties.EventPattern?.['detail-type'], events));
    const sources = new Set(events.map((type) => `crossdock.${type.split('.')[0]}`));
    expect(rule?.Properties.EventPattern.source).toEqual([...sources]);
    expect(rule?.Properties.Targets).toEqual([
      { Id: 'Target0', Arn: arnOf(queueAt(id).id), DeadLetterConfig: { Arn: arnOf(dlqAt(id).id) } },
    ]);
  });

  it('wake every function of the minute, once', () => {
    const scheduled = rules.filter(({ Properties }) => Properties.ScheduleExpression);
    expect(scheduled.map(({ Properties }) => Properties.ScheduleExpression)).toEqual(['rate(1 minute)']);
    const targets = scheduled.flatMap(
      ({ Properties }) => Properties.Targets as { Arn: unknown; RetryPolicy: object }[],
    );
    expect(targets.map(({ Arn }) => Arn)).toEqual(
      FUNCTIONS.filter(({ trigger }) => trigger.on === 'minute').map(({ id }) => arnOf(functionAt(id).id)),
    );
    for (const { RetryPolicy } of targets) expect(RetryPolicy).toMatchObject({ MaximumRetryAttempts: 0 });
  });
});

describe('the API', () => {
  const methods = core.ofType('AWS::ApiGateway::Method');
  const pathOf = (id: string): string => {
    const { ParentId, PathPart } = (core.resources[id] as Resource).Properties;
    return `${ParentId.Ref ? pathOf(ParentId.Ref) : ''}/${PathPart}`;
  };

  it('has the routes of the topology, each to its own function', () => {
    const routes = methods.map(({ Properties }) => [
      `${Properties.HttpMethod} ${pathOf(Properties.ResourceId.Ref)}`,
      JSON.stringify(Properties.Integration.Uri).match(/"Fn::GetAtt":\["([^"]+)"/)?.[1],
    ]);
    const wanted = FUNCTIONS.flatMap(({ id, trigger }) =>
      trigger.on === 'http' ? [[`${trigger.method} ${trigger.path}`, functionAt(id).id]] : [],
    );
    expect(routes.sort()).toEqual(wanted.sort());
  });

  it('passes bytes on as they are: signatures are over raw bytes', () => {
    expect(core.ofType('AWS::ApiGateway::RestApi')[0]?.Properties).toMatchObject({
      BinaryMediaTypes: ['*/*'],
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
    for (const { Properties } of methods) expect(Properties.Integration.Type).toBe('AWS_PROXY');
  });

  it('answers 404 for a route that there is not, and 429 with a time', () => {
    const responses = core.ofType('AWS::ApiGateway::GatewayResponse').map(({ Properties }) => Properties);
    expect(responses).toContainEqual(
      expect.objectContaining({ ResponseType: 'MISSING_AUTHENTICATION_TOKEN', StatusCode: '404' }),
    );
    expect(responses).toContainEqual(
      expect.objectContaining({
        ResponseType: 'THROTTLED',
        ResponseParameters: { 'gatewayresponse.header.Retry-After': "'10'" },
      }),
    );
  });

  it('is throttled, and logs neither sender nor content', () => {
    const [stage] = core.ofType('AWS::ApiGateway::Stage');
    expect(stage?.Properties.MethodSettings).toMatchObject([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 200,
        ThrottlingBurstLimit: 400,
        DataTraceEnabled: false,
      },
    ]);
    const format = stage?.Properties.AccessLogSetting.Format;
    expect(Object.keys(JSON.parse(format))).toEqual([
      'requestId',
      'time',
      'method',
      'route',
      'status',
      'latencyMs',
      'bytes',
    ]);
    expect(format).not.toMatch(/identity|header|body|userAgent|context\.path/i);
  });

  it('sets the role for logs of the account, and leaves it there, unless somebody else does', () => {
    const [role] = core.ofType('AWS::ApiGateway::Account');
    expect(role?.DeletionPolicy).toBe('Retain');
    const stages = { local: { ...synthesize('local').crossdock.stage, setApiLogRole: false } };
    const other = synthesize('local', { stages }).template('Core');
    expect(other.ofType('AWS::ApiGateway::Account')).toEqual([]);
    expect(other.ofType('AWS::ApiGateway::Stage')[0]?.Properties.AccessLogSetting).toBeDefined();
  });
});

describe('outputs', () => {
  it('name what the command line and the local run look for', () => {
    const wanted = [
      ...[
        'ApiUrl',
        'RestApiId',
        'ApiStageName',
        'EventBusName',
        'ReturnWorkflowArn',
        outputName('Dlq', STREAM_FAILURES),
      ],
      ...QUEUES.flatMap(({ id }) => [outputName('Queue', id), outputName('Dlq', id)]),
      ...FUNCTIONS.flatMap(({ id }) => [outputName('Function', id), outputName('LogGroup', id)]),
    ];
    expect(Object.keys(core.outputs)).toEqual(expect.arrayContaining(wanted));
  });
});

describe('the workflow', () => {
  it('logs errors without data, and is traced', () => {
    const [machine] = core.ofType('AWS::StepFunctions::StateMachine');
    expect(machine?.Properties).toMatchObject({
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });
});
