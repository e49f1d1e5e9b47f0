import path from 'node:path';
import { runFolder } from '../cache.ts';
import { freePort, type Supervised, startProcess } from '../process.ts';
import { runSteps, type SetUpStep } from '../progress.ts';
import { ANY_PYTHON, pythonEnvironment } from '../python.ts';
import { capabilitiesOf } from './capabilities.ts';
import { ACCOUNT, clientEnvironment, type Engine, type EngineOptions, REGION, restApiUrl } from './engine.ts';
import { cleanEnvironment } from './environment.ts';

export const MINISTACK_VERSION = '1.5.33';

/** What has to be made ready once for MiniStack. */
export function ministackSteps(): SetUpStep[] {
  return [{ title: `Install MiniStack ${MINISTACK_VERSION}`, run: environment }];
}

const environment = () => pythonEnvironment('ministack', ['ministack'], ANY_PYTHON);

/** MiniStack (github.com/ministackorg/ministack, MIT): small and quick, functions run as local Node processes. */
export function ministack(): Engine {
  let server: Supervised | undefined;
  let endpoint: string | undefined;
  const started = () => {
    if (!endpoint) throw new Error('MiniStack has not been started: call start() first.');
    return endpoint;
  };
  return {
    name: 'ministack',
    version: MINISTACK_VERSION,
    mode: 'host',
    capabilities: capabilitiesOf('ministack'),
    get endpoint() {
      return started();
    },
    async start({ enforceIam = false, onProgress }: EngineOptions = {}) {
      await server?.stop();
      await runSteps(ministackSteps(), onProgress);
      const { python } = await environment();
      const port = await freePort();
      server = await startServer(python, port, enforceIam);
      endpoint = `http://127.0.0.1:${port}`;
    },
    async stop() {
      await server?.stop();
    },
    reachable: async (url) => url,
    environment: () => clientEnvironment(started()),
    apiUrl: (restApiId, stage, resource) => restApiUrl(started(), restApiId, stage, resource),
    logFile: () => server?.logFile ?? '',
  };
}

function startServer(python: string, port: number, enforceIam: boolean): Promise<Supervised> {
  const folder = path.join(runFolder(), `ministack-${port}`);
  const env = cleanEnvironment(folder, {
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_REGION: REGION,
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    AUTH: String(enforceIam),
    // Servers of services we don't use, which would listen beyond the loopback address.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // Idle function processes are kept for so long; each takes some 80 MB.
    LAMBDA_WARM_TTL_SECONDS: '60',
    LAMBDA_EXECUTOR: 'local',
    STATE_DIR: path.join(folder, 'state'),
    S3_DATA_DIR: path.join(folder, 's3'),
    LOG_LEVEL: 'INFO',
  });
  return startProcess({
    name: `MiniStack ${MINISTACK_VERSION}`,
    command: python,
    args: ['-m', 'ministack'],
    env,
    cwd: folder,
    logFile: path.join(folder, 'ministack.log'),
    ready: async () => (await fetch(`http://127.0.0.1:${port}/_ministack/health`)).ok,
  });
}
