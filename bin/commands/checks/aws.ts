import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { LOCAL } from '../../../lib/config/stage.ts';
import { failureOf } from '../failure.ts';
import { type Check, later, ok, wrong } from './check.ts';

/** Oldest bootstrap that the CDK's synthesizer takes. */
const BOOTSTRAP_VERSION = 6;

export type AwsFound = {
  readonly checks: readonly Check[];
  /** False where AWS gave no answer at all, so that nothing more can be said. */
  readonly reached: boolean;
  readonly deployed: boolean;
};

/** Region, credentials, bootstrap and the stage's stacks; everything is only read. */
export async function checkAws(stage: string, wantedRegion?: string): Promise<AwsFound> {
  const region = wantedRegion ?? process.env.AWS_REGION;
  const client = new CloudFormationClient({ maxAttempts: 2, ...(region !== undefined && { region }) });
  const where = await regionCheck(client);
  try {
    if (where.state === 'wrong') return { checks: [where], reached: false, deployed: false };
    const { checks, deployed } = await checkStacks(client, stage, where.found);
    return { checks: [where, ...checks], reached: true, deployed };
  } catch (error) {
    const { message } = failureOf(error);
    const fix = 'log in (aws sso login) or set AWS_PROFILE; check the region and the network';
    return { checks: [where, wrong('credentials', message, fix)], reached: false, deployed: false };
  } finally {
    client.destroy();
  }
}

async function checkStacks(client: CloudFormationClient, stage: string, region: string) {
  const toolkit = await stackNamed(client, 'CDKToolkit');
  const names = ['State', 'Core', ...(stage === LOCAL ? [] : ['Operations'])].map((one) => `Crossdock${one}-${stage}`);
  const stacks = await Promise.all(names.map(async (name) => [name, await stackNamed(client, name)] as const));
  const account = [toolkit, ...stacks.map(([, stack]) => stack)].map(accountOf).find((one) => one !== undefined);
  const checks = [
    ok('credentials', account === undefined ? 'AWS takes them' : `AWS takes them, for account ${account}`),
    bootstrapCheck(toolkit, account, region),
    ...stacks.map(([name, stack]) => stackCheck(name, stack, stage)),
  ];
  return { checks, deployed: stacks.every(([, stack]) => isThere(stack)) };
}

async function regionCheck(client: CloudFormationClient): Promise<Check> {
  try {
    return ok('region', await client.config.region());
  } catch {
    return wrong('region', 'none is set', "export AWS_REGION, or give the stage's configuration a region");
  }
}

async function stackNamed(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0];
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

const accountOf = (stack: Stack | undefined): string | undefined => stack?.StackId?.split(':')[4];

const isThere = (stack: Stack | undefined): boolean =>
  stack !== undefined && stack.StackStatus !== 'DELETE_COMPLETE' && stack.StackStatus !== 'REVIEW_IN_PROGRESS';

/** `BootstrapVersion` is an output of the CDK's own bootstrap stack. */
export function bootstrapCheck(toolkit: Stack | undefined, account = 'ACCOUNT', region = 'REGION'): Check {
  const fix = `npx cdk bootstrap aws://${account}/${region}`;
  if (!isThere(toolkit)) return wrong('bootstrap', 'this account and region have none', fix);
  const version = Number(toolkit?.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')?.OutputValue);
  if (version >= BOOTSTRAP_VERSION) return ok('bootstrap', `version ${version}`);
  return wrong('bootstrap', `version ${version || 'unknown'}, and ${BOOTSTRAP_VERSION} is needed`, fix);
}

/** A stack that failed half-way needs a person; one that is not there yet needs a deployment. */
export function stackCheck(name: string, stack: Stack | undefined, stage: string): Check {
  const deploy = `npx cdk deploy --all -c stage=${stage}`;
  const status = stack?.StackStatus ?? 'DELETE_COMPLETE';
  if (!isThere(stack)) return later(name, 'not deployed yet', deploy);
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return ok(name, status);
  if (status.endsWith('_IN_PROGRESS')) return later(name, status, 'wait until it has ended, then check again');
  const why = stack?.StackStatusReason === undefined ? '' : `: ${stack.StackStatusReason}`;
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    return wrong(
      name,
      `the last deployment was taken back${why}`,
      `see the stack's events, mend the cause, then: ${deploy}`,
    );
  }
  if (status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED') {
    return wrong(name, `its first deployment failed${why}`, `delete the stack ${name}, then: ${deploy}`);
  }
  return wrong(name, `${status}${why}`, `npx cdk rollback ${name}, or mend it in the console; then: ${deploy}`);
}
