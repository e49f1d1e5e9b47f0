import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runFolder } from '../../bin/local/cache.ts';
import CDK from '../../cdk.json' with { type: 'json' };
import { FUNCTIONS } from '../../functions/topology.ts';
import { parseStage } from '../../lib/config/load.ts';
import { LOCAL } from '../../lib/config/stage.ts';
import { environmentIn } from '../simulation/services/account.ts';
import { bundleEntry } from '../support/handler-bundles.ts';
import { type BenchContext, rounds } from './bench.ts';
import type { Job } from './workers/in-turns.ts';

type Handlers = Pick<Job, 'subject' | 'baseline'>;

/** A shipped handler measured beside a bare one, in a process of its own, against AWS in another. */
export type Beside<J extends Job> = {
  readonly name: string;
  /** Entries of the two handlers, from the project's root. */
  readonly entries: Handlers;
  /** Of workers/: plays AWS and the partners; its secrets all have this text. */
  readonly endpoint: { readonly worker: string; readonly secret: object };
  /** Of workers/: measures, and tells what came of each pair. */
  readonly worker: string;
  readonly job: Omit<J, keyof Handlers>;
  /** Of both handlers, for the URL of the endpoint. */
  readonly environment: (endpoint: string) => Record<string, string>;
};

/** What a worker tells of each pair. Throws when it ends before its time. */
export async function measured<Told, J extends Job>(
  context: BenchContext,
  { endpoint, ...beside }: Beside<J>,
): Promise<Told[]> {
  const playing = start(endpoint.worker, [JSON.stringify(endpoint.secret)], {});
  try {
    const [url] = (await once(playing, 'message')) as [string];
    return await pairsOf(context, beside, url);
  } finally {
    playing.disconnect();
  }
}

async function pairsOf<Told, J extends Job>(
  context: BenchContext,
  { name, entries, worker: file, job, environment }: Omit<Beside<J>, 'endpoint'>,
  endpoint: string,
): Promise<Told[]> {
  const files = await bundled(name, entries);
  const worker = start(file, [], environment(endpoint));
  // Keeps what comes while nobody waits, and ends with the process.
  const told = on(worker, 'message', { close: ['exit'] });
  const pairs: Told[] = [];
  try {
    worker.send({ ...job, ...files });
    await rounds(context, name, job.pairs, async () => {
      const { value, done } = await told.next();
      if (done) throw new Error('the process that measures ended before its time; what it said stands above');
      const [pair] = value as [Told];
      pairs.push(pair);
    });
  } finally {
    if (worker.connected) worker.disconnect();
  }
  return pairs;
}

/** As the stage that comes with the project deploys a function, with its AWS at an endpoint. `accounts`: over the stage's. */
export function deployedEnvironment(
  functionId: string,
  endpoint: string,
  accounts: object = {},
): Record<string, string> {
  const spec = FUNCTIONS.find(({ id }) => id === functionId);
  if (!spec) throw new Error(`functions/topology.ts has no function "${functionId}"`);
  const { local } = CDK.context.stages;
  const stage = parseStage({ ...local, name: LOCAL, accounts: { ...local.accounts, ...accounts } }, 'cdk.json');
  return {
    ...environmentIn(stage, spec),
    ...(spec.needs.intakeQueue && { INTAKE_QUEUE_URL: `${endpoint}/000000000000/intake` }),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
  };
}

function start(worker: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return fork(path.join(import.meta.dirname, 'workers', worker), args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function bundled(name: string, { subject, baseline }: Handlers): Promise<Handlers> {
  const folder = path.join(runFolder(), name);
  await mkdir(folder, { recursive: true });
  const write = async (as: string, entry: string): Promise<string> => {
    const file = path.join(folder, `${as}.mjs`);
    await writeFile(file, (await bundleEntry(entry)).text);
    return file;
  };
  return { subject: await write('subject', subject), baseline: await write('baseline', baseline) };
}
