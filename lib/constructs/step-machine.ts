import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Asl } from '../workflows/return-to-refund.ts';
import type { GuardedQueue } from './guarded-queue.ts';
import type { NodeFunction } from './node-function.ts';

export interface StepMachineProps {
  readonly definition: Asl;
  /** What its steps call; the machine may do nothing else. */
  readonly invokes: readonly NodeFunction[];
  readonly sendsTo: readonly GuardedQueue[];
  readonly logRetention: RetentionDays;
  /** @default RemovalPolicy.DESTROY */
  readonly logRemoval?: RemovalPolicy;
}

/** A Standard state machine. Logs errors only and never what goes in or out of a step; traced. */
export class StepMachine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: StepMachineProps) {
    super(scope, id);
    this.machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromString(JSON.stringify(props.definition)),
      stateMachineType: StateMachineType.STANDARD,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ERROR,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Logs', {
          retention: props.logRetention,
          removalPolicy: props.logRemoval ?? RemovalPolicy.DESTROY,
        }),
      },
    });
    this.#allow(
      'lambda:InvokeFunction',
      props.invokes.map(({ fn }) => fn.functionArn),
    );
    this.#allow(
      'sqs:SendMessage',
      props.sendsTo.map(({ queue }) => queue.queueArn),
    );
  }

  #allow(action: string, resources: string[]): void {
    if (resources.length > 0) this.machine.addToRolePolicy(new PolicyStatement({ actions: [action], resources }));
  }
}
