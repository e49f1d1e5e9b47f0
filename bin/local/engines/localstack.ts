import { freePort, type Supervised } from '../process.ts';
import { runSteps, type SetUpStep } from '../progress.ts';
import { capabilitiesOf } from './capabilities.ts';
import { clientEnvironment, type Engine, type EngineOptions, restApiUrl } from './engine.ts';
import { containerEngineAnswers, containerSteps, fromContainer, startContainer } from './localstack-container.ts';
import { hostProblems, hostSteps, startHost } from './localstack-host.ts';

export const LOCALSTACK_VERSION = '4.14.0';
type Mode = Engine['mode'];

/**
 * How this machine can run LocalStack: as a host process where Python 3.13 and Java are there, for then functions
 * reach the ERP and the partner servers without a detour, else in its container. `CROSSDOCK_LOCALSTACK=container` or
 * `host` decides otherwise.
 */
export async function localstackMode(): Promise<{ mode: Mode } | { problems: { what: string; fix: string }[] }> {
  const wish = process.env.CROSSDOCK_LOCALSTACK;
  const problems = await hostProblems();
  if (problems.length === 0 && wish !== 'container') return { mode: 'host' };
  if (wish !== 'host' && (await containerEngineAnswers())) return { mode: 'container' };
  if (wish === 'container') {
    return { problems: [{ what: 'no container engine answers (docker info)', fix: 'start Docker' }] };
  }
  return { problems: problems.map(({ what, fix }) => ({ what, fix: `${fix}; or start a container engine (Docker)` })) };
}

/** What has to be made ready once for LocalStack on this machine. @throws Error in one line when it can not run here */
export async function localstackSteps(): Promise<SetUpStep[]> {
  return (await modeOrThrow()) === 'host' ? hostSteps() : containerSteps();
}

async function modeOrThrow(): Promise<Mode> {
  const answer = await localstackMode();
  if ('mode' in answer) return answer.mode;
  const [first] = answer.problems;
  throw new Error(`LocalStack can not run here: ${first?.what}. To mend it, ${first?.fix}.`);
}

/** LocalStack 4.14.0 (Apache-2.0), the last release that asks for no token. */
export function localstack(): Engine {
  let server: Supervised | undefined;
  let endpoint: string | undefined;
  let mode: Mode = 'host';
  const forwarders: { close(): void }[] = [];
  const started = () => {
    if (!endpoint) throw new Error('LocalStack has not been started: call start() first.');
    return endpoint;
  };
  const stop = async () => {
    await server?.stop();
    for (const forwarder of forwarders.splice(0)) forwarder.close();
  };
  return {
    name: 'localstack',
    version: LOCALSTACK_VERSION,
    get mode() {
      return mode;
    },
    capabilities: capabilitiesOf('localstack'),
    get endpoint() {
      return started();
    },
    async start({ enforceIam = false, onProgress }: EngineOptions = {}) {
      if (enforceIam) throw new Error('LocalStack does not enforce policies: use MiniStack for enforceIam.');
      await stop();
      mode = await modeOrThrow();
      await runSteps(await localstackSteps(), onProgress);
      const port = await freePort();
      server = mode === 'host' ? await startHost(port) : await startContainer(port);
      endpoint = `http://127.0.0.1:${port}`;
    },
    stop,
    async reachable(url) {
      if (mode === 'host') return url;
      const forwarder = await fromContainer(url);
      forwarders.push(forwarder);
      return forwarder.url;
    },
    environment: () => clientEnvironment(started()),
    apiUrl: (restApiId, stage, resource) => restApiUrl(started(), restApiId, stage, resource),
    logFile: () => server?.logFile ?? '',
  };
}
