import { CfnDeletionPolicy, CfnResource, type IPolicyValidationPlugin, type PolicyViolation, Stack } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { FailureQueue, GuardedQueue } from '../constructs/guarded-queue.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { aslFaults } from './asl.ts';

type Check = {
  readonly id: string;
  /** What is wrong with a resource, in words; nothing when it is in order. */
  readonly faults: (resource: CfnResource) => readonly string[];
  readonly fix: string;
};

/** The rules of this house, run at every synth beside cdk-nag's. A broken one stops the synth. */
export class CrossdockChecks implements IPolicyValidationPlugin {
  readonly name = 'Crossdock';
  readonly #checks: readonly Check[];

  constructor({ retain }: Pick<Stage, 'retain'>) {
    this.#checks = retain ? [...ALWAYS, KEEPS_DATA] : ALWAYS;
  }

  validate({ appConstruct }: { readonly appConstruct: IConstruct }) {
    const resources = appConstruct.node.findAll().filter((node) => CfnResource.isCfnResource(node));
    const violations = this.#checks.flatMap((check) => violationsOf(check, resources));
    return { success: violations.length === 0, violations };
  }
}

function violationsOf({ id, faults, fix }: Check, resources: readonly CfnResource[]): PolicyViolation[] {
  return resources.flatMap((resource) =>
    faults(resource).map((description) => ({
      ruleName: `Crossdock-${id}`,
      description: `${resource.node.path}: ${description}`,
      fix,
      severity: 'error',
      violatingResources: [{ constructPath: resource.node.path, locations: ['Properties'] }],
    })),
  );
}

/** Attributes that give a resource a fixed name: it could then be neither replaced nor deployed twice. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'tableName',
  'AWS::Events::EventBus': 'name',
  'AWS::Events::Rule': 'name',
  'AWS::IAM::Role': 'roleName',
  'AWS::Lambda::Function': 'functionName',
  'AWS::Logs::LogGroup': 'logGroupName',
  'AWS::S3::Bucket': 'bucketName',
  'AWS::SNS::Topic': 'topicName',
  'AWS::SQS::Queue': 'queueName',
  'AWS::StepFunctions::StateMachine': 'stateMachineName',
};

const DATA = new Set(['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret']);

const ALWAYS: readonly Check[] = [
  {
    id: 'Function',
    faults: (resource) =>
      resource.cfnResourceType === 'AWS::Lambda::Function' &&
      !within(resource, (scope) => scope instanceof NodeFunction)
        ? ['a function that is not a NodeFunction']
        : [],
    fix: 'use lib/constructs/node-function.ts; no CDK feature that brings a helper function along',
  },
  {
    id: 'Queue',
    faults: (resource) =>
      resource.cfnResourceType === 'AWS::SQS::Queue' &&
      !within(resource, (scope) => scope instanceof GuardedQueue || scope instanceof FailureQueue)
        ? ['a queue without the guards of a DLQ, a redrive policy and alarms']
        : [],
    fix: 'use lib/constructs/guarded-queue.ts',
  },
  {
    id: 'PhysicalName',
    faults: (resource) => {
      const property = NAME_PROPERTIES[resource.cfnResourceType];
      const value = property && resolve(resource, property);
      // A bus is required to have a name; CDK makes one of the construct's path.
      const generated =
        resource.cfnResourceType === 'AWS::Events::EventBus' &&
        String(value).startsWith(Stack.of(resource).stackName.replaceAll('-', ''));
      return value === undefined || generated ? [] : [`${property} is fixed to ${JSON.stringify(value)}`];
    },
    fix: 'leave the name to CloudFormation, and hand it on as a reference or an output',
  },
  {
    id: 'LogRetention',
    faults: (resource) =>
      resource instanceof CfnLogGroup && resource.retentionInDays === undefined ? ['its log is kept for ever'] : [],
    fix: 'give the log group the retention of the stage',
  },
  {
    id: 'CustomResource',
    faults: ({ cfnResourceType: type }) =>
      type.startsWith('Custom::') ||
      type === 'AWS::CloudFormation::CustomResource' ||
      type.startsWith('AWS::Scheduler::')
        ? [`${type} does not work on every engine that the template is deployed to`]
        : [],
    fix: 'use what AWS and local engines both have; the same template goes to each of them',
  },
  {
    id: 'StateMachine',
    faults: (resource) => (resource instanceof CfnStateMachine ? aslFaults(definitionOf(resource)) : []),
    fix: 'every state with a time-out, a heartbeat where it waits, Retry and Catch; payloads of keys and step names only',
  },
];

const KEEPS_DATA: Check = {
  id: 'KeepsData',
  faults: (resource) =>
    DATA.has(resource.cfnResourceType) &&
    within(resource, (scope) => scope.node.id.startsWith('CrossdockState')) &&
    resource.cfnOptions.deletionPolicy !== CfnDeletionPolicy.RETAIN
      ? ['would be deleted with its stack']
      : [],
  fix: 'give it the removal policy of the stage',
};

const within = (node: IConstruct, is: (scope: IConstruct) => boolean): boolean => node.node.scopes.some(is);

const resolve = (resource: CfnResource, property: string): unknown =>
  Stack.of(resource).resolve((resource as unknown as Record<string, unknown>)[property]);

/** The definition as an object; what is known at deployment only stands in it as a blank. */
function definitionOf(machine: CfnStateMachine): Record<string, unknown> {
  const text = Stack.of(machine).resolve(machine.definitionString) as string | { 'Fn::Join': [string, unknown[]] };
  const parts = typeof text === 'string' ? [text] : text['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '')).join(''));
}
