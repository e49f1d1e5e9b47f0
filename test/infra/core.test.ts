import { describe, expect, it } from 'vitest';
import { problemDocument } from '#application/returns/api-answers.ts';
import { FUNCTIONS, outputName, QUEUES, routesOf, STREAM_FAILURES } from '../../functions/topology.ts';
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
      // A message that is put off has no age: a case tells of it, or else an alarm.
      ...(consumer?.needs.tables?.state === 'write' ? [] : [['ApproximateNumberOfMessagesDelayed', 1]]),
    ]);
    expect(watching(dlq.id).map(({ Properties }) => [Properties.MetricName, Properties.Threshold])).toEqual([
      ['ApproximateNumberOfMessagesVisible', 1],
    ]);
  });

  it('opens cases for what is put off, but for the second try of the relay, which may not write', () => {
    const silent = QUEUES.filter(({ id }) => watching(queueAt(id).id).length > 1).map(({ id }) => id);
    expect(silent).toEqual(['relay-retry']);
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

  const targetOf = (queue: string) => [
    {
      Id: 'Target0',
      Arn: arnOf(queueAt(queue).id),
      DeadLetterConfig: { Arn: arnOf(dlqAt(queue).id) },
    },
  ];
  const ruleTo = (queue: string) => {
    const all = rules.filter(({ Properties }) => JSON.stringify(Properties.Targets).includes(queueAt(queue).id));
    expect(all).toHaveLength(1);
    return all[0]?.Properties;
  };

  it('put the named events on their queue, each whole, with its DLQ behind', () => {
    const fed = QUEUES.filter(({ events }) => events);
    expect(fed.map(({ id }) => id)).toContain('return-events');
    for (const { id, events = [] } of fed) {
      const { EventPattern, Targets } = ruleTo(id);
      const sources = events.map((type) => `crossdock.${type.slice(0, type.indexOf('.'))}`);
      expect(EventPattern).toEqual({ source: [...new Set(sources)], 'detail-type': events });
      expect(Targets).toEqual(targetOf(id));
    }
  });

  it('put S3’s news of files in the drop on their queue, from the default bus, with its DLQ behind', () => {
    const fed = QUEUES.filter(({ filesUnder }) => filesUnder !== undefined);
    expect(fed.map(({ id }) => id)).toEqual(['settlement-files']);
    for (const { id, filesUnder } of fed) {
      const { EventBusName, EventPattern, Targets } = ruleTo(id);
      expect(EventBusName).toBeUndefined();
      expect(EventPattern).toMatchObject({
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [expect.anything()] }, object: { key: [{ prefix: filesUnder }] } },
      });
      expect(Targets).toEqual(targetOf(id));
    }
  });

  it.each([
    { every: 'minute', rate: 'rate(1 minute)' },
    { every: 'hour', rate: 'rate(1 hour)' },
  ])('wake every function of the $every, once', ({ every, rate }) => {
    const scheduled = rules.filter(({ Properties }) => Properties.ScheduleExpression === rate);
    expect(scheduled).toHaveLength(1);
    const targets = scheduled.flatMap(
      ({ Properties }) => Properties.Targets as { Arn: unknown; RetryPolicy: object }[],
    );
    expect(targets.map(({ Arn }) => Arn)).toEqual(
      FUNCTIONS.filter(({ trigger }) => trigger.on === 'schedule' && trigger.every === every).map(({ id }) =>
        arnOf(functionAt(id).id),
      ),
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
    const wanted = FUNCTIONS.flatMap((spec) =>
      routesOf(spec).map(({ method, path }) => [`${method} ${path}`, functionAt(spec.id).id]),
    );
    expect(routes.sort()).toEqual(wanted.sort());
  });

  it('checks AWS credentials on routes of their own, where a client has some', () => {
    const { stage } = synthesize('dev').crossdock;
    const iam = { roleArn: 'arn:aws:iam::123456789012:role/returns-platform' };
    const generic = [{ account: 'main', settings: { api: { iam } } }];
    const stages = { dev: { ...stage, accounts: { ...stage.accounts, generic } } };
    const signed = synthesize('dev', { stages })
      .template('Core')
      .ofType('AWS::ApiGateway::Method')
      .filter(({ Properties }) => Properties.AuthorizationType === 'AWS_IAM');
    // The house's own routes are signed whoever the clients are.
    const own = FUNCTIONS.filter(({ trigger }) => trigger.on === 'http' && trigger.caller === 'iam').flatMap(routesOf);
    const api = FUNCTIONS.filter(({ trigger }) => trigger.on === 'api').flatMap(routesOf);
    expect(signed.map(({ Properties }) => Properties.HttpMethod).sort()).toEqual(
      [...own, ...api].map(({ method }) => method).sort(),
    );
    const without = methods.filter(({ Properties }) => Properties.AuthorizationType === 'AWS_IAM');
    expect(without).toHaveLength(own.length);
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
    for (const { StatusCode, ResponseTemplates } of responses) {
      const body = JSON.parse(ResponseTemplates['application/json']);
      expect(problemDocument.safeParse(body).success).toBe(true);
      expect(String(body.status)).toBe(StatusCode);
    }
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
