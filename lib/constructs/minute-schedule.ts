import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

/** One rule for everything that happens every minute. A tick that fails is not repeated: the next one does its work. */
export class MinuteSchedule extends Construct {
  constructor(scope: Construct, id: string, { functions }: { readonly functions: readonly NodeFunction[] }) {
    super(scope, id);
    new Rule(this, 'Rule', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: functions.map(
        ({ fn }) => new LambdaFunction(fn, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
      ),
    });
  }
}
