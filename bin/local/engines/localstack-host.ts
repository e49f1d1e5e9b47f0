import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepareOnce, runFolder } from '../cache.ts';
import { freePort, type Supervised, startProcess } from '../process.ts';
import type { SetUpStep } from '../progress.ts';
import { LOCALSTACK_PYTHON, pythonEnvironment, pythonProblem } from '../python.ts';
import { cleanEnvironment, nodeFolder } from './environment.ts';
import { findJava, NO_PERFORMANCE_DATA } from './java.ts';

const run = promisify(execFile);
const EXECUTOR = fileURLToPath(new URL('./lambda-executor/', import.meta.url));
const PACKAGE = path.join(EXECUTOR, 'crossdock_lambda');
const DYNAMODB_INPUTS = ['dynamodb_local.py', 'dynamodb-local.sha256', 'LoopbackMain.java', 'log4j2.xml'];

const NO_JAVA = {
  what: 'LocalStack as a host process needs a Java development kit, 17 or newer, and none was found',
  fix: 'install one (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME',
};
const NO_ARM_LINUX = {
  what: 'DynamoDB Local has no native library for Linux on ARM, so LocalStack can not run as a host process',
  fix: 'start a container engine (Docker), or use MiniStack',
};

/** What this machine lacks to run LocalStack as a host process. */
export async function hostProblems(): Promise<{ what: string; fix: string }[]> {
  const python = await pythonProblem(LOCALSTACK_PYTHON);
  return [
    ...(python ? [python] : []),
    ...((await findJava()) ? [] : [NO_JAVA]),
    ...(process.platform === 'linux' && process.arch === 'arm64' ? [NO_ARM_LINUX] : []),
  ];
}

export function hostSteps(): SetUpStep[] {
  return [
    { title: 'Install LocalStack 4.14.0 (330 MB)', run: environment },
    { title: 'Fetch DynamoDB Local', run: dynamodbLocal },
  ];
}

const environment = () => pythonEnvironment('localstack', ['localstack'], LOCALSTACK_PYTHON);

async function dynamodbLocal(): Promise<{ folder: string; cached: boolean }> {
  const java = await findJava();
  if (!java) throw new Error(`${NO_JAVA.what}: ${NO_JAVA.fix}.`);
  const { python } = await environment();
  const inputs = DYNAMODB_INPUTS.map((file) => ({ path: path.join(PACKAGE, file) }));
  return prepareOnce('dynamodb-local', [{ text: java.java }, ...inputs], async (folder) => {
    const env = {
      ...process.env,
      PYTHONPATH: EXECUTOR,
      PYTHONDONTWRITEBYTECODE: '1',
      JAVA_TOOL_OPTIONS: NO_PERFORMANCE_DATA,
    };
    await run(python, ['-m', 'crossdock_lambda.dynamodb_local', folder, java.javac], { env }).catch(
      (error: { stderr?: string }) => {
        const last = String(error.stderr ?? error)
          .trim()
          .split('\n')
          .at(-1);
        throw new Error(`DynamoDB Local could not be fetched: ${last}`);
      },
    );
  });
}

/** Starts LocalStack as a process of this machine; functions are local Node processes. */
export async function startHost(port: number): Promise<Supervised> {
  const { python } = await environment();
  const { folder: dynamodb } = await dynamodbLocal();
  const java = await findJava();
  const folder = path.join(runFolder(), `localstack-${port}`);
  const env = cleanEnvironment(folder, {
    PYTHONPATH: EXECUTOR,
    // The package lies in the source tree, which stays as it is.
    PYTHONPYCACHEPREFIX: path.join(path.dirname(path.dirname(python)), 'compiled'),
    FILESYSTEM_ROOT: path.join(folder, 'root'),
    // A stray /.dockerenv would send it to system folders.
    OVERRIDE_IN_DOCKER: '0',
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    LOCALSTACK_HOST: `127.0.0.1:${port}`,
    SQS_ENDPOINT_STRATEGY: 'path',
    ...quietSettings(),
    LAMBDA_NODE: path.join(nodeFolder(), 'node'),
    PROVIDER_OVERRIDE_DYNAMODB: 'v2',
    PROVIDER_OVERRIDE_DYNAMODBSTREAMS: 'v2',
    DYNAMODB_IN_MEMORY: '1',
    DYNAMODB_LOCAL_PORT: String(await freePort()),
    DYNAMODB_LOCAL_FOLDER: dynamodb,
    JAVA_COMMAND: java?.java ?? 'java',
    JAVA_TOOL_OPTIONS: `${NO_PERFORMANCE_DATA} "-Djava.io.tmpdir=${path.join(folder, 'tmp')}"`,
  });
  return startProcess({
    name: 'LocalStack 4.14.0',
    command: python,
    args: ['-m', 'crossdock_lambda'],
    env,
    cwd: folder,
    logFile: path.join(folder, 'localstack.log'),
    ready: async () => (await fetch(`http://127.0.0.1:${port}/_localstack/health`)).ok,
  });
}

/** The same for both ways to run it: no telemetry, no downloads, and mappings that look more often than every 10 s. */
export function quietSettings(): Record<string, string> {
  return {
    DISABLE_EVENTS: '1',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DNS_ADDRESS: '0',
    LAMBDA_KEEPALIVE_MS: '60000',
    LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.2',
    LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '1',
  };
}
