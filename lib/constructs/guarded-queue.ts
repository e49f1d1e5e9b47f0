import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface GuardedQueueProps {
  /** What its messages are; stands in the alarms. */
  readonly carries: string;
  /** Receives after which a message goes to the DLQ. */
  readonly receives: number;
  /** Age of the oldest message from which somebody is told. */
  readonly alarmAge: Duration;
  /** Whether whoever consumes it opens a case for a message that is put off for long. */
  readonly opensCases: boolean;
  /** How long a message that was received is hidden from others. */
  readonly visibility: Duration;
  /** Takes messages over TLS only. */
  readonly requireTls: boolean;
}

/** SQS keeps a message's age when it moves to the DLQ, so the DLQ must keep messages longer than the queue does. */
const KEPT = Duration.days(4);
const KEPT_WHEN_DEAD = Duration.days(14);

/**
 * A queue with everything that keeps its messages from being lost or forgotten: a DLQ with a redrive policy, an alarm on
 * the age of its oldest message and one on anything in the DLQ. A message that is put off is a new one each time, of no age:
 * a case tells of it, and where nobody can open one, an alarm on messages that are held back again and again.
 *
 * Messages are encrypted with SQS's own key: a customer key would cost a call for every batch, and its policy would have to
 * name every service that sends.
 */
export class GuardedQueue extends Construct {
  readonly queue: Queue;
  readonly dlq: Queue;
  readonly ageAlarm: Alarm;
  readonly dlqAlarm: Alarm;
  /** Where no case tells of messages that are put off. */
  readonly putOffAlarm: Alarm | undefined;

  constructor(scope: Construct, id: string, props: GuardedQueueProps) {
    super(scope, id);
    const { carries, receives, alarmAge, opensCases, visibility, requireTls } = props;
    const guarded = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: requireTls };
    this.dlq = new Queue(this, 'Dlq', { ...guarded, retentionPeriod: KEPT_WHEN_DEAD });
    this.queue = new Queue(this, 'Queue', {
      ...guarded,
      retentionPeriod: KEPT,
      visibilityTimeout: visibility,
      deadLetterQueue: { queue: this.dlq, maxReceiveCount: receives },
    });
    this.ageAlarm = new Alarm(this, 'AgeAlarm', {
      alarmDescription: `Falling behind: ${carries} wait longer than ${alarmAge.toMinutes()} minutes.`,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: alarmAge.toSeconds(),
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.dlqAlarm = dlqAlarm(this, this.dlq, carries);
    this.putOffAlarm = opensCases ? undefined : putOffAlarm(this, this.queue, carries);
  }
}

/** A queue that nothing consumes: a person looks at what is in it. */
export class FailureQueue extends Construct {
  readonly queue: Queue;
  readonly alarm: Alarm;

  constructor(
    scope: Construct,
    id: string,
    { carries, requireTls }: Pick<GuardedQueueProps, 'carries' | 'requireTls'>,
  ) {
    super(scope, id);
    this.queue = new Queue(this, 'Dlq', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: requireTls,
      retentionPeriod: KEPT_WHEN_DEAD,
    });
    this.alarm = dlqAlarm(this, this.queue, carries);
  }
}

function dlqAlarm(scope: Construct, dlq: Queue, carries: string): Alarm {
  return new Alarm(scope, 'DlqAlarm', {
    alarmDescription: `Parked or failed: ${carries}. Look with "crossdock dlq list", mend, then "crossdock dlq redrive".`,
    metric: dlq.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** Nobody sends to such a queue with a delay but who puts off. Between two delays a message is there for a moment only. */
function putOffAlarm(scope: Construct, queue: Queue, carries: string): Alarm {
  return new Alarm(scope, 'PutOffAlarm', {
    alarmDescription: `Put off again and again for ten minutes: ${carries}. The log of their function says why.`,
    metric: queue.metricApproximateNumberOfMessagesDelayed({ period: Duration.minutes(1), statistic: 'Maximum' }),
    threshold: 1,
    evaluationPeriods: 10,
    datapointsToAlarm: 8,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
