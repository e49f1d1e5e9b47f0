import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, runFolder } from './cache.ts';
import type { Engine } from './engines/engine.ts';
import type { Progress } from './progress.ts';
import { runToEnd } from './run-to-end.ts';

/** What the stacks put out, by output key; the keys are those of `outputName` in functions/topology.ts. */
export type Outputs = Readonly<Record<string, string>>;

export type DeployOptions = {
  readonly engine: Engine;
  /** Deep-merged over the `local` stage of cdk.json; any other app finds the file by the context `config`. */
  readonly config: object;
  /** A file that makes another CDK app than ours, from the project's root. */
  readonly app?: string;
  /** Deploys with the caller's own credentials: an engine that enforces IAM has no bootstrap roles to assume. */
  readonly cliCredentials?: boolean;
  readonly onProgress?: Progress;
};

const PROJECT = join(import.meta.dirname, '../..');
const STEPS = 2;

/**
 * Puts the app into a local engine with the plain CDK command line: the same `cdk bootstrap` and `cdk deploy` that an AWS
 * account gets, told only where AWS is. Nothing is written outside the cache.
 */
export async function deploy({
  engine,
  config,
  app,
  cliCredentials = false,
  onProgress,
}: DeployOptions): Promise<Outputs> {
  const folder = join(runFolder(), `cdk-${engine.name}`, ...(app === undefined ? [] : ['other']));
  mkdirSync(folder, { recursive: true });
  const configFile = join(folder, 'config.json');
  const outputsFile = join(folder, 'outputs.json');
  writeFileSync(configFile, JSON.stringify(config));
  rmSync(outputsFile, { force: true });

  const cdk = (title: string, step: number, cwd: string, ...args: string[]) =>
    runToEnd({
      title,
      command: join(PROJECT, 'node_modules/.bin/cdk'),
      args: [...args, '--ci', '--no-notices', '--no-version-reporting', '--output', join(folder, 'cdk.out')],
      cwd,
      env: cdkEnvironment(engine),
      log: join(folder, `${args[0]}.log`),
      ...(onProgress && {
        onProgress: (state, elapsedMs) => onProgress({ title, step, steps: STEPS, state, elapsedMs }),
      }),
    });

  const context = [
    ...(app === undefined ? [] : ['--app', `node_modules/.bin/node ${app}`]),
    '-c',
    'stage=local',
    '-c',
    `config=${configFile}`,
    ...(cliCredentials ? ['-c', 'synthesizer=cli'] : []),
  ];
  // Beside a cdk.json the CDK would synthesize the whole app, and then ask it for nothing: the environment is named.
  await cdk('cdk bootstrap', 1, folder, 'bootstrap', `aws://000000000000/${REGION}`);
  await cdk(
    'cdk deploy',
    2,
    PROJECT,
    'deploy',
    '--all',
    ...context,
    '--require-approval',
    'never',
    '--outputs-file',
    outputsFile,
  );
  return flatten(JSON.parse(readFileSync(outputsFile, 'utf8')));
}

export const REGION = 'us-east-1';

/** The engine's own settings and as little else as the CDK needs; home and temporary files are in the cache, so that it writes nowhere else. */
function cdkEnvironment(engine: Engine): Record<string, string> {
  const home = join(cacheFolder(), 'home');
  const temporary = join(runFolder(), 'tmp');
  for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true });
  return {
    PATH: `${join(PROJECT, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    HOME: home,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    CI: '1',
    CDK_DISABLE_CLI_TELEMETRY: '1',
    ...engine.environment(),
  };
}

const flatten = (stacks: Record<string, Record<string, string>>): Outputs =>
  Object.assign({}, ...Object.values(stacks));
