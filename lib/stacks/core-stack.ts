import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import {
  FUNCTIONS,
  type FunctionSpec,
  outputName,
  type Period,
  QUEUES,
  type QueueSpec,
  type Route,
  STREAM_FAILURES,
} from '../../functions/topology.ts';
import { takesAwsCredentials } from '../config/accounts.ts';
import { type Pace, paceOf } from '../config/pace.ts';
import type { Stage } from '../config/stage.ts';
import { DropSubscription } from '../constructs/drop-subscription.ts';
import { environmentOf, filesOf, queueOf } from '../constructs/environment.ts';
import { EventSubscription } from '../constructs/event-subscription.ts';
import { GuardedQueue } from '../constructs/guarded-queue.ts';
import { HttpRoute } from '../constructs/http-route.ts';
import { JournalConsumer } from '../constructs/journal-consumer.ts';
import { allowNeeds, type Resources } from '../constructs/needs.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import { PeriodicSchedule } from '../constructs/schedule.ts';
import { StepMachine } from '../constructs/step-machine.ts';
import { WebhookApi } from '../constructs/webhook-api.ts';
import { returnToRefund } from '../workflows/return-to-refund.ts';
import type { StateStack } from './state-stack.ts';

export interface CoreStackProps extends StackProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** Everything that runs: API, queues, bus, functions, workflow. Made of `functions/topology.ts`; holds no data. */
export class CoreStack extends Stack {
  readonly api: RestApi;
  readonly bus: EventBus;
  readonly queues: ReadonlyMap<string, GuardedQueue>;
  readonly functions: ReadonlyMap<string, NodeFunction>;
  readonly journal: JournalConsumer;
  readonly workflow: StepMachine;
  readonly #stage: Stage;
  readonly #state: StateStack;
  readonly #logs: { readonly logRetention: RetentionDays; readonly logRemoval: RemovalPolicy };

  constructor(scope: Construct, id: string, { stage, state, ...props }: CoreStackProps) {
    super(scope, id, props);
    this.#stage = stage;
    this.#state = state;
    this.#logs = {
      logRetention: stage.logRetentionDays as RetentionDays,
      logRemoval: stage.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.bus = new EventBus(this, 'Bus', { description: `Crossdock ${stage.name}: every event of the registry` });
    this.queues = new Map(QUEUES.map((spec) => [spec.id, this.#queue(spec)]));
    this.functions = new Map(FUNCTIONS.map((spec) => [spec.id, this.#function(spec)]));
    this.workflow = this.#workflow();
    this.api = new WebhookApi(this, 'Api', { stage, ...this.#logs }).api;
    this.journal = this.#triggers();
    this.#outputs();
  }

  function(id: string): NodeFunction {
    const found = this.functions.get(id);
    if (found) return found;
    throw new Error(`functions/topology.ts has no function "${id}": it has ${[...this.functions.keys()].join(', ')}`);
  }

  #queue({ id, carries, receives, alarmAgeSeconds, events, filesUnder }: QueueSpec): GuardedQueue {
    const consumer = FUNCTIONS.find(({ trigger }) => trigger.on === 'queue' && trigger.queue === id);
    if (!consumer) throw new Error(`functions/topology.ts: queue "${id}" has no function that consumes it`);
    const queue = new GuardedQueue(this, `queue-${id}`, {
      carries,
      receives,
      alarmAge: Duration.seconds(alarmAgeSeconds),
      opensCases: consumer.needs.tables?.state === 'write',
      visibility: Duration.seconds(this.#pace.visibility(this.#pace.functionTimeout(consumer.timeoutSeconds))),
      requireTls: this.#stage.requireTls,
    });
    if (filesUnder !== undefined) {
      new DropSubscription(this, `files-${id}`, { drop: this.#state.drop, prefix: filesUnder, queue });
    }
    if (events) new EventSubscription(this, `events-${id}`, { bus: this.bus, types: events, queue });
    return queue;
  }

  #function(spec: FunctionSpec): NodeFunction {
    const { id, entry, does, memoryMb, nurseryMb, temporaryMb, timeoutSeconds } = spec;
    const fn = new NodeFunction(this, id.replace('/', '-'), {
      entry,
      description: does,
      memoryMb,
      ...(nurseryMb !== undefined && { nurseryMb }),
      ...(temporaryMb !== undefined && { temporaryMb }),
      timeout: Duration.seconds(this.#pace.functionTimeout(timeoutSeconds)),
      environment: environmentOf(spec, this.#resources),
      files: filesOf(spec, this.#stage),
      faults: this.#stage.faults,
      ...this.#logs,
    });
    allowNeeds(fn, spec, this.#resources);
    return fn;
  }

  get #pace(): Pace {
    return paceOf(this.#stage);
  }

  get #resources(): Resources {
    const { tables, archive, drop } = this.#state;
    return { stage: this.#stage, tables, archive, drop, bus: this.bus, queues: this.queues };
  }

  #workflow(): StepMachine {
    const stepFunction = this.function('returns/step-return');
    const waits = queueOf(this.queues, 'workflow-waits');
    const { returns, workflow } = this.#stage;
    const definition = returnToRefund(
      { waitsQueueUrl: waits.queue.queueUrl, stepFunctionArn: stepFunction.fn.functionArn },
      { ...workflow, receiptDays: returns.receiptDays, inspectionDays: returns.inspectionDays },
    );
    const steps = new StepMachine(this, 'ReturnToRefund', {
      definition,
      invokes: [stepFunction],
      sendsTo: [waits],
      ...this.#logs,
    });
    const arn = steps.machine.stateMachineArn;
    for (const { id, needs } of FUNCTIONS) {
      const fn = this.function(id);
      if (needs.workflow?.includes('start')) {
        fn.fn.addEnvironment('RETURN_WORKFLOW_ARN', arn);
        fn.allow(['states:StartExecution'], [arn]);
      }
      if (needs.workflow?.includes('answer')) {
        // A token says itself which step it belongs to; AWS knows no resource for these.
        fn.allow(['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'], ['*']);
      }
    }
    return steps;
  }

  #triggers(): JournalConsumer {
    const every: Record<Period, NodeFunction[]> = { minute: [], hour: [] };
    let journal: JournalConsumer | undefined;
    for (const { id, trigger } of FUNCTIONS) {
      const fn = this.function(id);
      const name = `trigger-${id.replace('/', '-')}`;
      switch (trigger.on) {
        case 'http':
          new HttpRoute(this, name, {
            api: this.api,
            method: trigger.method,
            path: trigger.path,
            handler: fn,
            awsCredentials: trigger.caller === 'iam',
          });
          break;
        case 'api':
          this.#apiRoutes(name, trigger.routes, fn);
          break;
        case 'queue': {
          const { queue, on: _on, ...policy } = trigger;
          new QueueConsumer(this, name, { source: queueOf(this.queues, queue), consumer: fn, ...policy });
          break;
        }
        case 'journal':
          journal = new JournalConsumer(this, name, {
            table: this.#state.tables.state,
            streamArn: this.#state.streamArn,
            consumer: fn,
            batchSize: trigger.batchSize,
            requireTls: this.#stage.requireTls,
          });
          break;
        case 'schedule':
          every[trigger.every].push(fn);
          break;
        case 'workflow':
          break;
      }
    }
    new PeriodicSchedule(this, 'EveryMinute', { every: 'minute', functions: every.minute });
    new PeriodicSchedule(this, 'EveryHour', { every: 'hour', functions: every.hour });
    if (!journal)
      throw new Error('functions/topology.ts has no function that relays the journal: nothing would be published');
    return journal;
  }

  /** Only a stage with a client that signs with AWS credentials has the routes that API Gateway checks those on. */
  #apiRoutes(name: string, routes: readonly Route[], handler: NodeFunction): void {
    const { api } = this;
    const signed = takesAwsCredentials(this.#stage);
    for (const { method, path } of routes) {
      const id = `${name}-${method}-${path.replaceAll(/[^A-Za-z]+/g, '-')}`;
      new HttpRoute(this, id, { api, method, path, handler });
      if (signed) new HttpRoute(this, `${id}-iam`, { api, method, path: `/iam${path}`, handler, awsCredentials: true });
    }
  }

  #outputs(): void {
    const values = {
      ApiUrl: this.api.url,
      RestApiId: this.api.restApiId,
      ApiStageName: this.api.deploymentStage.stageName,
      EventBusName: this.bus.eventBusName,
      ReturnWorkflowArn: this.workflow.machine.stateMachineArn,
      ...Object.fromEntries(
        [...this.queues].flatMap(([id, { queue, dlq }]) => [
          [outputName('Queue', id), queue.queueUrl],
          [outputName('Dlq', id), dlq.queueUrl],
        ]),
      ),
      [outputName('Dlq', STREAM_FAILURES)]: this.journal.failures.queue.queueUrl,
      ...Object.fromEntries(
        [...this.functions].flatMap(([id, { fn, logGroup }]) => [
          [outputName('Function', id), fn.functionName],
          [outputName('LogGroup', id), logGroup.logGroupName],
        ]),
      ),
    };
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
