import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerImage, Duration, RemovalPolicy, Size, Token } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type AssetCode,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AssetHashType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { bundleOptions, PROJECT_ROOT } from '../config/bundling.ts';
import { heapOptions } from '../config/node-options.ts';

export interface NodeFunctionProps {
  /** Source file from the project's root; exports `handler`. */
  readonly entry: string;
  readonly description?: string;
  /** @default 512 */
  readonly memoryMb?: number;
  /** Most that a space of V8's young generation may take. @default by the function's memory */
  readonly nurseryMb?: number;
  /** @default 30 seconds */
  readonly timeout?: Duration;
  /** Room for temporary files. @default 512 */
  readonly temporaryMb?: number;
  /** @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * A share of the account's concurrency. A new account has ten in all and refuses to give any away, so none by default.
   * @default none
   */
  readonly reservedConcurrency?: number;
  readonly logRetention: RetentionDays;
  /** @default RemovalPolicy.DESTROY */
  readonly logRemoval?: RemovalPolicy;
  /** Compiles the fault points in. */
  readonly faults: boolean;
  /**
   * Texts that lie beside the bundle, by file name.
   * @default none
   */
  readonly files?: Readonly<Record<string, string>>;
}

/** AWS's limit for all names and values of a function's environment. */
const ENVIRONMENT_BYTES = 4096;

/**
 * The only way to make a function: Node 24 on arm64, bundled with its SDK, traced, with a role of its own that may write to
 * its own log group and nothing else. What more it may do is granted by statements that name their resources.
 */
export class NodeFunction extends Construct {
  readonly fn: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const {
      entry,
      logRetention,
      logRemoval,
      faults,
      files = {},
      memoryMb = 512,
      nurseryMb,
      temporaryMb,
      reservedConcurrency,
      ...given
    } = props;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention,
      removalPolicy: logRemoval ?? RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]);
    const environment = withNodeOptions(given.environment, heapOptions({ memoryMb, nurseryMb }));
    this.node.addValidation({ validate: () => environmentFaults(this.node.path, environment) });

    const defaults = { timeout: Duration.seconds(30) };
    const caller = {
      ...given,
      environment,
      memorySize: memoryMb,
      ...(temporaryMb !== undefined && { ephemeralStorageSize: Size.mebibytes(temporaryMb) }),
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
    };
    this.fn = new LambdaFunction(this, 'Function', {
      ...defaults,
      ...caller,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundled(entry, faults, files),
      handler: 'index.handler',
      role: this.role,
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
    });
  }

  /** Lets the function do these actions on these resources. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}

/** Bundles in this process: a child process for each function would take most of the time of a synth. */
function bundled(entry: string, faults: boolean, files: Readonly<Record<string, string>>): AssetCode {
  return Code.fromAsset(PROJECT_ROOT, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used'),
      // Tells one bundle from another in the CDK's cache of assets, which knows them by these options.
      environment: { ENTRY: entry, FAULTS: String(faults), FILES: JSON.stringify(files) },
      local: {
        tryBundle: (folder) => {
          buildSync(bundleOptions(entry, join(folder, 'index.mjs'), { faults }));
          for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
          return true;
        },
      },
    },
  });
}

/** Beside what the caller has set there. */
function withNodeOptions(
  environment: Readonly<Record<string, string>> = {},
  options: readonly string[],
): Record<string, string> {
  const all = [environment.NODE_OPTIONS ?? [], options].flat();
  return { ...environment, ...(all.length > 0 && { NODE_OPTIONS: all.join(' ') }) };
}

function environmentFaults(path: string, environment: Readonly<Record<string, string>>): string[] {
  const sizes = Object.entries(environment)
    .map(([name, value]) => ({ name, bytes: Buffer.byteLength(name) + Buffer.byteLength(resolvedLength(value)) }))
    .sort((a, b) => b.bytes - a.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= ENVIRONMENT_BYTES) return [];
  const largest = sizes.slice(0, 3).map(({ name, bytes }) => `${name} ${bytes}`);
  return [
    `the environment of ${path} has ${total} bytes, Lambda takes ${ENVIRONMENT_BYTES}; the largest: ${largest.join(', ')}. ` +
      'Shorten the settings of the accounts it serves, or spread the accounts over two stages.',
  ];
}

/** Names and URLs are known at deployment only; none is longer than a queue's URL. */
const resolvedLength = (value: string): string =>
  Token.isUnresolved(value) ? value.replaceAll(/\$\{Token\[[^\]]*\]\}/g, 'x'.repeat(128)) : value;
