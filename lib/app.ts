import {
  App,
  type AppProps,
  CliCredentialsStackSynthesizer,
  type IStackSynthesizer,
  type StackProps,
  Tags,
  Validations,
} from 'aws-cdk-lib';
import { loadStage } from './config/load.ts';
import { LOCAL, type Stage } from './config/stage.ts';
import { CrossdockChecks } from './guardrails/checks.ts';
import { ReviewedChecks } from './guardrails/reviewed-checks.ts';
import { CoreStack } from './stacks/core-stack.ts';
import { OperationsStack } from './stacks/operations-stack.ts';
import { StateStack } from './stacks/state-stack.ts';

export type CrossdockApp = {
  readonly app: App;
  readonly stage: Stage;
  readonly state: StateStack;
  readonly core: CoreStack;
  /** Not for the stage `local`: emulators have only parts of what it is made of. */
  readonly operations?: OperationsStack;
};

/**
 * The CDK app for one stage, by context: `stage` (default `dev`), `config` (a file laid over the stage's configuration),
 * `synthesizer=cli` (deploys with the caller's own credentials instead of the bootstrap roles).
 */
export function crossdockApp(props: AppProps = {}): CrossdockApp {
  const app = new App(props);
  const stage = loadStage(app.node);
  const common = { ...deployTo(stage), ...deployBy(app) };
  const state = new StateStack(app, `CrossdockState-${stage.name}`, { stage, ...common });
  const core = new CoreStack(app, `CrossdockCore-${stage.name}`, { stage, state, ...common });
  const operations =
    stage.name === LOCAL
      ? undefined
      : new OperationsStack(app, `CrossdockOperations-${stage.name}`, { stage, state, core, ...common });
  Tags.of(app).add('crossdock:stage', stage.name);
  Validations.of(app).addPlugins(new ReviewedChecks(), new CrossdockChecks(stage));
  return { app, stage, state, core, ...(operations && { operations }) };
}

/** The bootstrap roles deploy, unless the caller is to do it alone (an emulator that enforces permissions). */
function deployBy(app: App): Pick<StackProps, 'synthesizer'> {
  if (app.node.tryGetContext('synthesizer') !== 'cli') return {};
  return { synthesizer: new CliCredentialsStackSynthesizer() as IStackSynthesizer };
}

/** The account and region of the credentials, where the CDK command line has found some. */
function deployTo({ region }: Stage): Pick<StackProps, 'env'> {
  const where = region ?? process.env.CDK_DEFAULT_REGION;
  const account = process.env.CDK_DEFAULT_ACCOUNT;
  return { env: { ...(account !== undefined && { account }), ...(where !== undefined && { region: where }) } };
}
