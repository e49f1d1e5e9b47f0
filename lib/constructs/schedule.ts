import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Period } from '../../functions/topology.ts';
import type { NodeFunction } from './node-function.ts';

const MINUTES: Readonly<Record<Period, number>> = { minute: 1, hour: 60 };

export interface PeriodicScheduleProps {
  readonly every: Period;
  readonly functions: readonly NodeFunction[];
}

/** One rule for everything that happens every minute, or every hour. A tick that fails is not repeated: the next one does its work. */
export class PeriodicSchedule extends Construct {
  constructor(scope: Construct, id: string, { every, functions }: PeriodicScheduleProps) {
    super(scope, id);
    const period = Duration.minutes(MINUTES[every]);
    new Rule(this, 'Rule', {
      schedule: Schedule.rate(period),
      targets: functions.map(({ fn }) => new LambdaFunction(fn, { retryAttempts: 0, maxEventAge: period })),
    });
  }
}
