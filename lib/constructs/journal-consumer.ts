import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { FailureQueue } from './guarded-queue.ts';
import type { NodeFunction } from './node-function.ts';

export interface JournalConsumerProps {
  readonly table: Table;
  readonly streamArn: string;
  readonly consumer: NodeFunction;
  readonly batchSize: number;
  readonly requireTls: boolean;
}

/**
 * Inserted journal rows to the relay. The relay keeps what it can't relay on a queue of its own and never fails a batch, so
 * only a relay that can't run at all holds a shard up; it gets nearly as long as the stream keeps its records.
 */
export class JournalConsumer extends Construct {
  readonly failures: FailureQueue;
  readonly lagAlarm: Alarm;

  constructor(scope: Construct, id: string, props: JournalConsumerProps) {
    super(scope, id);
    const { table, streamArn, consumer, batchSize, requireTls } = props;
    this.failures = new FailureQueue(this, 'Failures', {
      carries: 'places in the journal stream that the relay could not read in time',
      requireTls,
    });
    new EventSourceMapping(this, 'Mapping', {
      target: consumer.fn,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      maxRecordAge: Duration.hours(22),
      onFailure: new SqsDlq(this.failures.queue),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { sk: { S: FilterRule.beginsWith('EVENT#') } } },
        }),
      ],
    });
    consumer.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [streamArn]);
    // Asked for a table, not for one of its streams: AWS knows no narrower resource.
    consumer.allow(['dynamodb:ListStreams'], [`${table.tableArn}/stream/*`]);
    if (table.encryptionKey) consumer.allow(['kms:Decrypt'], [table.encryptionKey.keyArn]);
    this.lagAlarm = new Alarm(this, 'LagAlarm', {
      alarmDescription: 'Falling behind: events and operations leave the journal more than five minutes late.',
      metric: consumer.fn.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: Duration.minutes(5).toMilliseconds(),
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
