import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { AccountConfig } from '#application/ports/connector.ts';
import { FUNCTIONS, outputName } from '../../functions/topology.ts';
import { readRunFile } from '../local/run-file.ts';
import { failureOf } from './failure.ts';
import { CliError } from './report.ts';

/** A deployed stage, as its stacks describe it. */
export type DeployedStage = {
  readonly name: string;
  /** Outputs of the state and the core stack, by key. */
  readonly outputs: Readonly<Record<string, string>>;
  output(key: string): string;
  /** Partner accounts that the stage was deployed with. */
  readonly accounts: readonly AccountConfig[];
};

/** Environment that the functions' own ports need; taken from a deployed function, so that it is what is deployed. */
const TAKEN_OVER = ['CROSSDOCK_ROUTING', 'OPERATION_QUEUE_URLS'];

/** Functions that are told all that the merchant says about returns. */
const RETURNS = ['returns/receive-authorization', 'returns/keep-signals'];
const TAKEN_OVER_OF_RETURNS = ['RETURN_REASONS', 'FRAUD_RULES', 'FRAUD_KEYS_SECRET', 'SUPPLIER_CLAIMS'];

/**
 * Finds a stage by its stacks and makes this process able to use the same ports as its functions: under the caller's own
 * credentials, so what an operator may do is for IAM to say.
 */
export async function openStage(name: string): Promise<DeployedStage> {
  useEndpoint(name);
  const outputs = await outputsOf(name);
  const output = (key: string): string => {
    const value = outputs[key];
    if (value === undefined)
      throw new CliError(3, `stage "${name}" has no output ${key}: deploy it again with this version`);
    return value;
  };
  process.env.STATE_TABLE_NAME = output('StateTableName');
  process.env.OPERATIONS_TABLE_NAME = output('OperationsTableName');
  process.env.INBOX_TABLE_NAME = output('InboxTableName');
  process.env.RETURN_WORKFLOW_ARN = output('ReturnWorkflowArn');
  const [sweep = {}, authorizes = {}, keeps = {}, ...serving] = await Promise.all(
    ['core/sweep-timers', ...RETURNS, ...servingFunctions()].map((id) =>
      environmentOf(output(outputName('Function', id))),
    ),
  );
  for (const one of TAKEN_OVER) if (sweep[one] !== undefined) process.env[one] = sweep[one];
  const returns: Readonly<Record<string, string>> = { ...authorizes, ...keeps };
  for (const one of TAKEN_OVER_OF_RETURNS) if (returns[one] !== undefined) process.env[one] = returns[one];
  const accounts = serving.flatMap((one) => JSON.parse(one.CROSSDOCK_ACCOUNTS ?? '[]') as AccountConfig[]);
  return { name, outputs, output, accounts };
}

/** A function for every connector, as few as tell the accounts of all. */
function servingFunctions(): string[] {
  const serving = FUNCTIONS.map(({ id, needs }) => ({ id, connectors: Object.keys(needs.accounts ?? {}) }));
  const alone = serving.filter(({ connectors }) => connectors.length === 1);
  return [...new Map(alone.reverse().map(({ id, connectors: [connector] }) => [connector, id])).values()];
}

/** Where AWS is: the caller's own environment, or the local run that is up. */
export function useEndpoint(stage: string): void {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  if (!AWS_REGION && AWS_DEFAULT_REGION) process.env.AWS_REGION = AWS_DEFAULT_REGION;
  if (stage !== 'local' || process.env.AWS_ENDPOINT_URL) return;
  const run = readRunFile();
  if (!run) throw new CliError(3, 'no local run found: start one with "npm start", and try again in another terminal');
  process.env.AWS_ENDPOINT_URL = run.endpoint;
  process.env.AWS_REGION = run.region;
  process.env.AWS_ACCESS_KEY_ID = run.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = run.secretAccessKey;
}

async function outputsOf(stage: string): Promise<Record<string, string>> {
  const client = new CloudFormationClient({ maxAttempts: 2 });
  const outputs: Record<string, string> = {};
  for (const StackName of [`CrossdockState-${stage}`, `CrossdockCore-${stage}`]) {
    try {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
      for (const { OutputKey, OutputValue } of Stacks[0]?.Outputs ?? []) {
        if (OutputKey && OutputValue !== undefined) outputs[OutputKey] = OutputValue;
      }
    } catch (error) {
      throw unreachable(stage, StackName, error);
    }
  }
  client.destroy();
  return outputs;
}

function unreachable(stage: string, stack: string, error: unknown): CliError {
  if (/does not exist/.test((error as Error).message)) {
    return new CliError(
      3,
      `there is no stack ${stack} here: deploy it with "npx cdk deploy --all -c stage=${stage}", or name another --stage`,
    );
  }
  const { code, message } = failureOf(error);
  return new CliError(3, code === 'UNEXPECTED' ? `AWS can't be asked for ${stack}: ${message}` : message);
}

async function environmentOf(FunctionName: string): Promise<Readonly<Record<string, string>>> {
  const client = new LambdaClient({ maxAttempts: 2 });
  const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  client.destroy();
  return Environment?.Variables ?? {};
}
