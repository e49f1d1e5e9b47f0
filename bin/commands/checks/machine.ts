import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { cacheFolder, PROJECT_ROOT } from '../../local/cache.ts';
import { missing } from '../../local/prepare.ts';
import { readRunFile } from '../../local/run-file.ts';
import { type Check, later, ok, wrong } from './check.ts';

const NODE = 24;
/** Engines, ERP and their Python environments, with room for a run's data. */
const ROOM_GB = 4;

/** What `npm start` and the tests need. */
export async function machineChecks(): Promise<Check[]> {
  const [lacks, lacksForLocalStack] = await Promise.all([
    missing({ engine: 'ministack' }),
    missing({ engine: 'localstack' }),
  ]);
  return [
    nodeCheck(process.versions.node),
    packagesCheck(PROJECT_ROOT),
    ...(lacks.length === 0
      ? [ok('local engine', 'MiniStack and the ERP find what they need')]
      : lacks.map(({ what, fix }) => wrong('local engine', what, fix))),
    ...lacksForLocalStack
      .filter(({ what }) => !lacks.some((one) => one.what === what))
      .map(({ what, fix }) => later('LocalStack', `${what}; only "npm start -- --engine localstack" needs it`, fix)),
    await cacheCheck(cacheFolder()),
    runCheck(),
  ];
}

export function nodeCheck(version: string): Check {
  if (Number(version.split('.')[0]) >= NODE) return ok('Node', version);
  return wrong(
    'Node',
    `${version}, and ${NODE} is needed`,
    'run it as "npx crossdock", which takes the Node of node_modules',
  );
}

/** Installed is what the project pins, binaries included: those come by install scripts, which may have been switched off. */
export function packagesCheck(root: string): Check {
  const { dependencies, devDependencies } = readJson(path.join(root, 'package.json'));
  const pinned = Object.entries({ ...dependencies, ...devDependencies });
  const faulty = pinned.filter(([name, version]) => {
    const file = path.join(root, 'node_modules', name, 'package.json');
    return !existsSync(file) || readJson(file).version !== version;
  });
  const names = faulty.map(([name]) => name);
  if (names.length > 0) {
    const some = names.slice(0, 5).join(', ');
    return wrong('packages', `${names.length} missing or of another version: ${some}`, 'npm ci');
  }
  if (!existsSync(path.join(root, 'node_modules/node/bin/node'))) {
    return wrong(
      'packages',
      "Node's own binary is missing: install scripts did not run",
      'npm ci --ignore-scripts=false',
    );
  }
  return ok('packages', `${pinned.length} as pinned`);
}

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

async function cacheCheck(folder: string): Promise<Check> {
  const fix = 'name another folder: export CROSSDOCK_CACHE=/some/folder';
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    return wrong('cache folder', `${folder} can't be written: ${(error as NodeJS.ErrnoException).code}`, fix);
  }
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / 1e9;
  const found = `${folder}, ${free.toFixed(0)} GB free`;
  return free >= ROOM_GB ? ok('cache folder', found) : wrong('cache folder', `${found}: ${ROOM_GB} are needed`, fix);
}

function runCheck(): Check {
  const run = readRunFile();
  return run ? ok('local run', `up, with AWS at ${run.endpoint}`) : later('local run', 'none is up', 'npm start');
}

/** What a deployment needs of this machine; AWS itself is asked by `crossdock deploy-check`. */
export async function deploymentChecks(): Promise<Check[]> {
  const client = new CloudFormationClient({});
  const region = await client.config.region().catch(() => undefined);
  const credentials = await within(5_000, client.config.credentials()).catch(() => undefined);
  client.destroy();
  return [
    region === undefined ? later('AWS region', 'none is set', 'export AWS_REGION') : ok('AWS region', region),
    credentials === undefined
      ? later('AWS credentials', 'none are found', 'log in (aws sso login), or set AWS_PROFILE')
      : ok('AWS credentials', 'found; whether AWS takes them: crossdock deploy-check'),
  ];
}

const within = <T>(ms: number, work: Promise<T>): Promise<T> =>
  Promise.race([work, new Promise<never>((_, reject) => setTimeout(reject, ms).unref())]);
