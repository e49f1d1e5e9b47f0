import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Archive, EventField, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { caseOpenedV1 } from '#events/cases/case.ts';
import { pascalCase } from '../../functions/topology.ts';
import type { Stage } from '../config/stage.ts';
import type { CoreStack } from './core-stack.ts';
import { businessDashboard, technicalDashboard } from './dashboards.ts';
import type { StateStack } from './state-stack.ts';

export interface OperationsStackProps extends StackProps {
  readonly stage: Stage;
  readonly state: StateStack;
  readonly core: CoreStack;
}

/** The people who decide cases, as the contract names them. */
const CASE_OWNERS = caseOpenedV1.data.shape.owner.options;

/**
 * What people watch: alarms over several metrics, topics that tell the owner of a case, dashboards, the archive of events.
 * For AWS only; nothing in the other stacks refers to it, so it can be deployed, changed and removed at any time.
 */
export class OperationsStack extends Stack {
  readonly #core: CoreStack;
  readonly #email: string | undefined;
  readonly #key: Key;

  constructor(scope: Construct, id: string, { stage, state, core, ...props }: OperationsStackProps) {
    super(scope, id, props);
    this.#core = core;
    this.#email = stage.alarms.email;
    this.#key = this.#topicKey();
    for (const owner of CASE_OWNERS) this.#tellOwner(owner);
    this.#tellEngineers();
    new Archive(this, 'EventArchive', {
      sourceEventBus: core.bus,
      description: 'Every event, for replays and for questions about the past',
      eventPattern: { source: Match.prefix('crossdock.') },
      retention: Duration.days(90),
    });
    businessDashboard(this, core);
    technicalDashboard(this, core, state);
  }

  /** Topics need a key of ours: the bus and CloudWatch may not use AWS's own key for topics. */
  #topicKey(): Key {
    const key = new Key(this, 'TopicKey', {
      description: 'Crossdock: topics of cases and alarms',
      enableKeyRotation: true,
    });
    for (const service of ['events.amazonaws.com', 'cloudwatch.amazonaws.com']) {
      key.grant(new ServicePrincipal(service), 'kms:Decrypt', 'kms:GenerateDataKey');
    }
    return key;
  }

  #topic(id: string, displayName: string): Topic {
    const topic = new Topic(this, id, { displayName, enforceSSL: true, masterKey: this.#key });
    if (this.#email !== undefined) topic.addSubscription(new EmailSubscription(this.#email));
    return topic;
  }

  /** A case that opens is told to the people who decide it, in words. */
  #tellOwner(owner: (typeof CASE_OWNERS)[number]): void {
    const topic = this.#topic(`Cases${pascalCase(owner)}`, `Crossdock cases: ${owner}`);
    new Rule(this, `CasesTo${pascalCase(owner)}`, {
      eventBus: this.#core.bus,
      eventPattern: {
        source: [caseOpenedV1.source],
        detailType: [caseOpenedV1.type],
        detail: { data: { owner: [owner] } },
      },
      targets: [
        new SnsTopic(topic, {
          // An object, not a text: only then does EventBridge escape what it puts in.
          message: RuleTargetInput.fromObject({
            case: EventField.fromPath('$.detail.data.code'),
            subject: EventField.fromPath('$.detail.metadata.subject'),
            message: EventField.fromPath('$.detail.data.message'),
            whatToDo: EventField.fromPath('$.detail.data.suggestedFix'),
          }),
        }),
      ],
    });
  }

  #tellEngineers(): void {
    const topic = this.#topic('Alarms', 'Crossdock alarms');
    const queues = [...this.#core.queues.values()];
    const { journal } = this.#core;
    this.#composite(topic, 'Parked', 'Messages are parked or failed: something needs a person.', [
      ...queues.map(({ dlqAlarm }) => dlqAlarm),
      journal.failures.alarm,
    ]);
    this.#composite(
      topic,
      'FallingBehind',
      'Work waits longer than it should: a partner or a function is slow or down.',
      [
        ...queues.flatMap(({ ageAlarm, putOffAlarm }) => (putOffAlarm ? [ageAlarm, putOffAlarm] : [ageAlarm])),
        journal.lagAlarm,
        this.#timersLeft(),
      ],
    );
    this.#composite(topic, 'Failing', 'Requests, functions or workflows fail.', [
      this.#serverErrors(),
      this.#loggedErrors(),
      this.#failedWorkflows(),
    ]);
  }

  #composite(topic: Topic, id: string, alarmDescription: string, alarms: readonly IAlarm[]): void {
    const rules = alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM));
    const composite = new CompositeAlarm(this, id, { alarmDescription, alarmRule: AlarmRule.anyOf(...rules) });
    composite.addAlarmAction(new SnsAction(topic));
    composite.addOkAction(new SnsAction(topic));
  }

  /** A share, not a count: one failure in a busy hour is the sender's next try; most of a quiet hour's requests is an outage. */
  #serverErrors(): Alarm {
    const { api } = this.#core;
    const period = Duration.minutes(5);
    return new Alarm(this, 'ServerErrors', {
      alarmDescription: 'More than 2 % of requests were answered with a 5xx.',
      metric: new MathExpression({
        expression: '100 * errors / MAX([requests, 1])',
        usingMetrics: { errors: api.metricServerError({ period }), requests: api.metricCount({ period }) },
        period,
      }),
      threshold: 2,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Errors that functions log: also those which were handled, so that a fault shows before a message is parked. */
  #loggedErrors(): Alarm {
    const metric = { metricNamespace: 'Crossdock/Logs', metricName: 'Errors' };
    const filters = [...this.#core.functions].map(
      ([id, { logGroup }]) =>
        new MetricFilter(this, `Errors${pascalCase(id)}`, {
          logGroup,
          ...metric,
          filterPattern: FilterPattern.stringValue('$.level', '=', 'ERROR'),
          metricValue: '1',
        }),
    );
    const [first] = filters;
    if (!first) throw new Error('functions/topology.ts has no functions to watch');
    return new Alarm(this, 'LoggedErrors', {
      alarmDescription: 'Functions log errors: more than ten in five minutes.',
      metric: first.metric({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 10,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** A deadline is told of within a minute while every tick gets to the end of what is due. */
  #timersLeft(): Alarm {
    return new Alarm(this, 'TimersLeft', {
      alarmDescription:
        'Timers were left over by five sweeps in a row: deadlines, warnings and waiting steps are late.',
      metric: new Metric({
        namespace: 'Crossdock',
        metricName: 'TimersLeft',
        dimensionsMap: { service: 'core' },
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 5,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #failedWorkflows(): Alarm {
    const { machine } = this.#core.workflow;
    const period = Duration.minutes(5);
    return new Alarm(this, 'FailedWorkflows', {
      alarmDescription: 'A return-to-refund ended without closing its return; a case says which.',
      metric: new MathExpression({
        expression: 'failed + timedOut + aborted',
        usingMetrics: {
          failed: machine.metricFailed({ period, statistic: 'Sum' }),
          timedOut: machine.metricTimedOut({ period, statistic: 'Sum' }),
          aborted: machine.metricAborted({ period, statistic: 'Sum' }),
        },
        period,
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
