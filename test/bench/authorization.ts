import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runFolder } from '../../bin/local/cache.ts';
import { bundleEntry } from '../support/handler-bundles.ts';
import { type Bench, type BenchContext, rounds } from './bench.ts';
import { ratioOf, summarize } from './statistics.ts';
import type { AuthorizationJob, AuthorizationPair } from './workers/authorization-cpu.ts';

const PAIRS = 30;
const CALLS = 100;
const WARM_UPS = 5;
const SECRET = `whsec_${Buffer.from('secret-of-the-authorization-bench').toString('base64')}`;

/** CPU and p99 of an authorization, warm, beside a handler that only verifies, reads, asks the ERP, stores and answers. */
export const authorization: Bench = {
  name: 'authorization',
  does: 'CPU and p99 of an authorization of a return beside a bare handler',
  async run(context) {
    const secrets = JSON.stringify({ webhookSecrets: [SECRET], password: 'bench' });
    const endpoint = start('authorization-endpoint.ts', [secrets], {});
    try {
      const [url] = (await once(endpoint, 'message')) as [string];
      const pairs = await measured(context, url);
      const figures = (['cpu', 'p99'] as const).flatMap((what) => {
        const of = pairs.map((pair) => pair[what]);
        const { median, spread } = ratioOf(of);
        const own = summarize(of.map(({ subject }) => subject));
        const bare = summarize(of.map(({ baseline }) => baseline));
        const name = what === 'cpu' ? 'CPU of an authorization' : 'p99 of an authorization';
        return [
          { name: `${name} beside bare`, value: median, unit: '×' as const, spread },
          { name, value: own.median, unit: 'ms' as const, spread: own.spread },
          { name: `${name}, bare`, value: bare.median, unit: 'ms' as const, spread: bare.spread },
        ];
      });
      return {
        bench: this.name,
        measures: figures,
        notes: [
          `${PAIRS} pairs of ${CALLS} new requests each in one process, by turns, after a warm-up; logs and metrics are written`,
          'DynamoDB and the ERP are a process on the loopback address that answers at once; its CPU is not counted',
          'ours makes eight calls to DynamoDB (limit, remembered answer, return, order, all in one transaction), bare two',
        ],
      };
    } finally {
      endpoint.disconnect();
    }
  },
};

async function measured(context: BenchContext, endpoint: string): Promise<AuthorizationPair[]> {
  const job: AuthorizationJob = {
    ...(await handlers()),
    secret: SECRET,
    calls: CALLS,
    warmUps: WARM_UPS,
    pairs: PAIRS,
  };
  const worker = start('authorization-cpu.ts', [], await environment(endpoint));
  // Keeps what comes while nobody waits, and ends with the process.
  const told = on(worker, 'message', { close: ['exit'] });
  const pairs: AuthorizationPair[] = [];
  try {
    worker.send(job);
    await rounds(context, 'authorization', PAIRS, async () => {
      const { value, done } = await told.next();
      if (done) throw new Error('the process that measures ended before its time; what it said stands above');
      const [pair] = value as [AuthorizationPair];
      pairs.push(pair);
    });
  } finally {
    if (worker.connected) worker.disconnect();
  }
  return pairs;
}

function start(worker: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return fork(path.join(import.meta.dirname, 'workers', worker), args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function handlers(): Promise<{ subject: string; baseline: string }> {
  const folder = path.join(runFolder(), 'authorization');
  await mkdir(folder, { recursive: true });
  const write = async (name: string, entry: string): Promise<string> => {
    const file = path.join(folder, `${name}.mjs`);
    await writeFile(file, (await bundleEntry(entry)).text);
    return file;
  };
  return {
    subject: await write('subject', 'functions/handlers/returns/receive-authorization.ts'),
    baseline: await write('baseline', 'test/bench/bare/authorize.ts'),
  };
}

/** Of both handlers; policy, routing and the ERP's settings are those of the stage that comes with the project. */
async function environment(endpoint: string): Promise<Record<string, string>> {
  const cdk = JSON.parse(await readFile(path.join(import.meta.dirname, '../../cdk.json'), 'utf8'));
  const { returns, routing, accounts } = cdk.context.stages.local;
  const settings = { ...accounts.tryton[0].settings, url: endpoint };
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
    STATE_TABLE_NAME: 'state',
    OPERATIONS_TABLE_NAME: 'operations',
    INBOX_TABLE_NAME: 'inbox',
    CROSSDOCK_ACCOUNTS: JSON.stringify([
      {
        connector: 'generic',
        account: 'main',
        secretName: 'generic',
        // No more than the limit: the clock is real, and the bench is quicker than any client may be.
        settings: { api: { limits: { perMinute: 60_000, burst: 10_000 } } },
      },
      { connector: 'tryton', account: 'main', secretName: 'tryton', settings },
    ]),
    CROSSDOCK_ROUTING: JSON.stringify(routing),
    RETURNS_POLICY: JSON.stringify(returns),
    POWERTOOLS_SERVICE_NAME: 'returns',
    POWERTOOLS_METRICS_NAMESPACE: 'Crossdock',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    WEBHOOK_SECRET: SECRET,
    BARE_ERP_URL: `${endpoint}/crossdock/`,
  };
}
