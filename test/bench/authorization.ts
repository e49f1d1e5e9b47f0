import CDK from '../../cdk.json' with { type: 'json' };
import type { Bench, Measure } from './bench.ts';
import { deployedEnvironment, measured } from './beside.ts';
import { type Pair, ratioOf, summarize } from './statistics.ts';
import type { AuthorizationJob, AuthorizationPair } from './workers/authorization-cpu.ts';

const PAIRS = 30;
const CALLS = 100;
const WARM_UPS = 5;
const SECRET = `whsec_${Buffer.from('secret-of-the-authorization-bench').toString('base64')}`;

const FRAUD_KEYS = { current: 'k1', k1: 'a key of the bench, of thirty-two characters' };

/** CPU and p99 of an authorization, warm, beside a handler that only verifies, reads, asks the ERP, stores and answers. */
export const authorization: Bench = {
  name: 'authorization',
  does: 'CPU and p99 of an authorization of a return beside a bare handler',
  async run(context) {
    const pairs = await measured<AuthorizationPair, AuthorizationJob>(context, {
      name: this.name,
      entries: {
        subject: 'functions/handlers/returns/receive-authorization.ts',
        baseline: 'test/bench/bare/authorize.ts',
      },
      endpoint: {
        worker: 'authorization-endpoint.ts',
        secret: { webhookSecrets: [SECRET], password: 'bench', ...FRAUD_KEYS },
      },
      worker: 'authorization-cpu.ts',
      job: { secret: SECRET, calls: CALLS, warmUps: WARM_UPS, pairs: PAIRS },
      environment,
    });
    return {
      bench: this.name,
      measures: [
        ...figures(
          'CPU of an authorization',
          pairs.map(({ cpu }) => cpu),
        ),
        ...figures(
          'p99 of an authorization',
          pairs.map(({ p99 }) => p99),
        ),
      ],
      notes: [
        `${PAIRS} pairs of ${CALLS} new requests each in one process, by turns, after a warm-up; logs and metrics are written`,
        'DynamoDB and the ERP are a process on the loopback address that answers at once; its CPU is not counted',
        'ours makes ten calls to DynamoDB (limit, remembered answer, return, order, fraud profiles, all in one transaction), bare two',
      ],
    };
  },
};

function figures(name: string, pairs: readonly Pair[]): Measure[] {
  const { median, spread } = ratioOf(pairs);
  const own = summarize(pairs.map(({ subject }) => subject));
  const bare = summarize(pairs.map(({ baseline }) => baseline));
  return [
    { name: `${name} beside bare`, value: median, unit: '×', spread },
    { name, value: own.median, unit: 'ms', spread: own.spread },
    { name: `${name}, bare`, value: bare.median, unit: 'ms', spread: bare.spread },
  ];
}

/** Of both handlers: as deployed, and what the bare one checks signatures with and asks. */
const environment = (endpoint: string): Record<string, string> => ({
  ...deployedEnvironment('returns/receive-authorization', endpoint, {
    // No more than the limit: the clock is real, and the bench is quicker than any client may be.
    generic: [{ account: 'main', settings: { api: { limits: { perMinute: 60_000, burst: 10_000 } } } }],
    tryton: CDK.context.stages.local.accounts.tryton.map(({ account, settings }) => ({
      account,
      settings: { ...settings, url: endpoint },
    })),
  }),
  WEBHOOK_SECRET: SECRET,
  BARE_ERP_URL: `${endpoint}/crossdock/`,
});
