import * as z from 'zod';
import { isTimeZone } from '#core/kernel/calendar.ts';
import { fraudSchema } from './fraud.ts';
import { reasonsSchema } from './reasons.ts';
import { returnsSchema } from './returns-policy.ts';
import { settlementsSchema } from './settlements.ts';

/**
 * What differs between two deployments of Crossdock. Kept in `cdk.json` under `context.stages.<name>`, for one stage also in
 * a file (`-c config=FILE`), checked at synth. Nothing in it is secret.
 */

const name = (what: string) =>
  z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, `a ${what} is lower case letters, digits and hyphens, 31 at most`);

const accountRef = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/, 'name an account as <connector>/<account>, such as "tryton/main"');

const days = z.int().min(1).max(365);

const accountSchema = z.strictObject({
  account: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'an account is lower case letters, digits and hyphens'),
  /** As the connector's README lists them; checked by the connector's own schema. */
  settings: z.record(z.string(), z.json()),
});

/** Claims against suppliers (docs/claims.md). */
const claimsSchema = z.strictObject({
  /** Whose months claims are made by: an IANA zone. */
  zone: z.string().refine(isTimeZone, 'name an IANA time zone such as "Europe/Berlin"').default('UTC'),
  /** Which ERP account books the claims on a supplier; \`default\` for those not named. Without one they are not booked. */
  erp: z.record(z.string(), accountRef).default({}),
});

const workflowSchema = z.strictObject({
  /**
   * A waiting step that nobody keeps alive for so long has lost its token and is made anew: one that we ask for, and one
   * that waits for a parcel or a person, of which there are many and which last for days.
   */
  heartbeatSeconds: z.int().min(300).max(86_400).default(3600),
  outsideHeartbeatSeconds: z.int().min(300).max(86_400).default(21_600),
  /** Before a step that failed is tried again the first time; later pauses grow, up to six hours. */
  pauseSeconds: z.int().min(1).max(21_600).default(300),
  /** Longest wait for a person of finance, and for one operation to be applied. */
  approvalDays: days.default(14),
  operationDays: days.default(14),
});

const throttlingSchema = z.strictObject({
  /** Requests a second, over all routes of the API. */
  ratePerSecond: z.int().min(1).default(200),
  burst: z.int().min(1).default(400),
});

/** The retention times that CloudWatch Logs knows, as far as they make sense here. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 180, 365, 731] as const;

const fields = z.strictObject({
  name: name('stage'),
  /** Where it is deployed. Default: the region of the credentials. */
  region: z.string().min(1).optional(),
  accounts: z.strictObject({
    shopify: z.array(accountSchema).default([]),
    generic: z.array(accountSchema).default([]),
    tryton: z.array(accountSchema).min(1, 'one ERP account at least: orders have to be booked somewhere'),
  }),
  /** Which ERP account books the orders of a channel account; `default` for those not named. */
  routing: z.strictObject({ erp: z.object({ default: accountRef }).catchall(accountRef) }),
  returns: returnsSchema,
  reasons: reasonsSchema.prefault({}),
  fraud: fraudSchema.prefault({}),
  claims: claimsSchema.prefault({}),
  workflow: workflowSchema.prefault({}),
  settlements: settlementsSchema.prefault({}),
  throttling: throttlingSchema.prefault({}),
  alarms: z.strictObject({ email: z.email().optional() }).default({}),
  logRetentionDays: z.literal([...LOG_RETENTION_DAYS]).default(30),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
  /**
   * API Gateway writes logs with a role that an account holds once per region. True: the deployment sets it, and leaves it
   * there. False: the account has one already, which somebody else looks after.
   */
  setApiLogRole: z.boolean().default(true),
  /** Tables, bucket, keys and secrets outlive the stacks. */
  retain: z.boolean().default(true),
  /** Queues and archive refuse plain HTTP. Only emulators, which speak nothing else, may do without. */
  requireTls: z.boolean().default(true),
  /** Compiles the fault points in (docs/adr/0010). */
  faults: z.boolean().default(false),
  /** Longest run of any function, for crash drills that wait until another takes over (lib/config/pace.ts). */
  drillSeconds: z.int().min(5).max(60).optional(),
});

export type Stage = z.infer<typeof fields>;
export type ConnectorId = keyof Stage['accounts'];
export type StageAccount = z.infer<typeof accountSchema>;

/** The only stage that may hold what no AWS account should. */
export const LOCAL = 'local';

export const stageSchema = fields
  .superRefine(refuseLocalOnlySettings)
  .superRefine(refuseRepeatedAccounts)
  .superRefine(refuseUnknownRoutes)
  .superRefine(refuseErpsWithoutClaims);

function refuseLocalOnlySettings({ name, faults, drillSeconds, requireTls }: Stage, context: z.RefinementCtx): void {
  if (name === LOCAL) return;
  if (faults) {
    const message = `fault points let a test kill functions: set it to false, or use the stage "${LOCAL}"`;
    context.addIssue({ code: 'custom', path: ['faults'], message });
  }
  if (drillSeconds !== undefined) {
    const message = `functions need the time that topology.ts gives them: leave it out, or use the stage "${LOCAL}"`;
    context.addIssue({ code: 'custom', path: ['drillSeconds'], message });
  }
  if (!requireTls) {
    const message = `an AWS account is reached by TLS only: set it to true, or use the stage "${LOCAL}"`;
    context.addIssue({ code: 'custom', path: ['requireTls'], message });
  }
}

function refuseRepeatedAccounts({ accounts }: Stage, context: z.RefinementCtx): void {
  for (const [connector, list] of Object.entries(accounts)) {
    for (const [index, { account }] of list.entries()) {
      if (list.findIndex((one) => one.account === account) === index) continue;
      context.addIssue({
        code: 'custom',
        path: ['accounts', connector, index, 'account'],
        message: `"${account}" is given twice: each account has its own name, for it stands in keys and secrets`,
      });
    }
  }
}

function refuseUnknownRoutes({ accounts, routing }: Stage, context: z.RefinementCtx): void {
  const erps = accounts.tryton.map(({ account }) => `tryton/${account}`);
  const channels = [...named('shopify', accounts.shopify), ...named('generic', accounts.generic), 'default'];
  for (const [channel, erp] of Object.entries(routing.erp)) {
    const path = ['routing', 'erp', channel];
    if (!erps.includes(erp)) {
      const message = `"${erp}" is no ERP account of this stage: use one of ${erps.join(', ')}, or add it to accounts`;
      context.addIssue({ code: 'custom', path, message });
    }
    if (!channels.includes(channel)) {
      const message = `"${channel}" is no channel account of this stage: use one of ${channels.join(', ')}`;
      context.addIssue({ code: 'custom', path, message });
    }
  }
}

function refuseErpsWithoutClaims({ accounts, claims }: Stage, context: z.RefinementCtx): void {
  const erps = accounts.tryton.filter(({ settings }) => settings.supplierClaims !== undefined);
  const names = named('tryton', erps);
  for (const [supplier, erp] of Object.entries(claims.erp)) {
    if (names.includes(erp)) continue;
    const message = `"${erp}" is no ERP account that books supplier claims: those with settings "supplierClaims" do (${names.join(', ') || 'none'})`;
    context.addIssue({ code: 'custom', path: ['claims', 'erp', supplier], message });
  }
}

const named = (connector: string, accounts: readonly StageAccount[]): string[] =>
  accounts.map(({ account }) => `${connector}/${account}`);
