import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { runFolder } from '../cache.ts';
import { type Supervised, startProcess } from '../process.ts';
import type { SetUpStep } from '../progress.ts';
import { watchContainer } from '../watchdog.ts';
import { forward } from './forwarder.ts';
import { quietSettings } from './localstack-host.ts';

const run = promisify(execFile);
const DOCKER = 'docker';
/** The last image that asks for no token. */
const IMAGE = 'localstack/localstack:4.14.0';
/** The name by which a container finds this machine. */
const THIS_MACHINE = 'host.docker.internal';
const FIRST_PULL_MS = 600_000;

/** Whether a container engine answers, not only its command line program. */
export async function containerEngineAnswers(): Promise<boolean> {
  return run(DOCKER, ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 }).then(
    ({ stdout }) => stdout.trim() !== '',
    () => false,
  );
}

export function containerSteps(): SetUpStep[] {
  return [{ title: `Pull ${IMAGE}`, run: pull }];
}

async function pull(): Promise<{ cached: boolean }> {
  const there = await run(DOCKER, ['image', 'inspect', IMAGE]).then(
    () => true,
    () => false,
  );
  if (!there) await run(DOCKER, ['pull', '--quiet', IMAGE], { timeout: FIRST_PULL_MS });
  return { cached: there };
}

/** Starts LocalStack in its container; it runs functions in containers of their own. */
export async function startContainer(port: number): Promise<Supervised> {
  const name = `crossdock-localstack-${process.pid}-${port}`;
  const folder = path.join(runFolder(), `localstack-${port}`);
  const addHost = `--add-host=${THIS_MACHINE}:host-gateway`;
  const settings = {
    GATEWAY_LISTEN: `0.0.0.0:${port}`,
    LOCALSTACK_HOST: `127.0.0.1:${port}`,
    SQS_ENDPOINT_STRATEGY: 'path',
    LAMBDA_DOCKER_FLAGS: addHost,
    ...quietSettings(),
  };
  const unwatch = watchContainer(DOCKER, name);
  const server = await startProcess({
    name: 'LocalStack 4.14.0 (container)',
    command: DOCKER,
    args: [
      'run',
      '--rm',
      `--name=${name}`,
      `--publish=127.0.0.1:${port}:${port}`,
      addHost,
      '--volume=/var/run/docker.sock:/var/run/docker.sock',
      ...Object.entries(settings).map(([key, value]) => `--env=${key}=${value}`),
      IMAGE,
    ],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DOCKER_HOST: process.env.DOCKER_HOST ?? '' },
    cwd: process.cwd(),
    logFile: path.join(folder, 'localstack.log'),
    ready: async () => (await fetch(`http://127.0.0.1:${port}/_localstack/health`)).ok,
  });
  void server.exited.then(unwatch);
  return server;
}

/**
 * The URL under which a container reaches a server on our loopback address. Docker Desktop hands such calls on by
 * itself; on Linux they arrive at the bridge's address of this machine, where a forwarder takes them.
 */
export async function fromContainer(url: string): Promise<{ url: string; close(): void }> {
  const there = new URL(url);
  const gateway = process.platform === 'linux' ? await bridgeAddress() : undefined;
  const forwarder = gateway ? await forward(gateway, Number(there.port)) : undefined;
  there.hostname = THIS_MACHINE;
  if (forwarder) there.port = String(forwarder.port);
  return { url: there.href, close: () => forwarder?.close() };
}

async function bridgeAddress(): Promise<string> {
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  const { stdout } = await run(DOCKER, ['network', 'inspect', 'bridge', '--format', format]);
  return stdout.trim();
}
