import { FUNCTIONS, type FunctionSpec, QUEUES } from '../../../functions/topology.ts';
import { paceOf } from '../../../lib/config/pace.ts';
import { LOCAL, type Stage, stageSchema } from '../../../lib/config/stage.ts';
import { environmentOf, type Names } from '../../../lib/constructs/environment.ts';
import { BUCKET, DROP_BUCKET } from './archive.ts';
import { dlqOf, queueUrlOf } from './sqs.ts';

/** What a stage's names are in the simulated account, and what each function's environment holds there. */

export const TABLES = { state: 'state', operations: 'operations', inbox: 'inbox' } as const;

export const RETURN_WORKFLOW_ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:return-to-refund';

const ORIGINS = { shop: 'https://simulated.myshopify.example', erp: 'https://erp.example' } as const;

/** The retailer's stage: as deployed, but for where its partners are. */
export function stageOf({
  shop,
  erp,
  returns = {},
  settlements = {},
}: {
  readonly shop: object;
  readonly erp: object;
  readonly returns?: object;
  readonly settlements?: object;
}): Stage {
  return stageSchema.parse({
    name: LOCAL,
    accounts: {
      shopify: [{ account: 'main', settings: shop }],
      generic: [{ account: 'main', settings: {} }],
      tryton: [{ account: 'main', settings: erp }],
    },
    routing: { erp: { default: 'tryton/main' } },
    returns: {
      version: '2026-11-01',
      windowDays: 30,
      receiptDays: 1,
      inspectionDays: 1,
      autoApproveUpTo: { USD: 25_000, JPY: 25_000, KWD: 75_000 },
      finalSaleSkus: [],
      ...returns,
    },
    settlements,
    fraud: {
      ruleSets: [
        {
          ...{ name: 'standard', version: 'sim', effectiveFrom: '2020-01-01T00:00:00Z', mode: 'live' },
          ...{ holdFrom: 50, reviewFrom: 80 },
          rules: [
            { id: 'velocity', version: 1, weight: 60, windowDays: 90, maxReturns: 2 },
            { id: 'address-cluster', version: 1, weight: 20, windowDays: 90, maxBuyers: 2 },
          ],
        },
        {
          ...{ name: 'trial', version: 'sim', effectiveFrom: '2020-01-01T00:00:00Z', mode: 'shadow' },
          ...{ holdFrom: 1, reviewFrom: 1 },
          rules: [{ id: 'velocity', version: 1, weight: 1, windowDays: 90, maxReturns: 1 }],
        },
      ],
    },
    requireTls: false,
    retain: false,
    logLevel: 'ERROR',
  });
}

export { ORIGINS };

/** The environment that the deployed function has; the workflow's ARN comes with the workflow (lib/stacks/core-stack.ts). */
export function environmentIn(stage: Stage, spec: FunctionSpec): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    ...environmentOf(spec, namesOf(stage)),
    // A file beside the bundle, where there is one.
    ...(spec.needs.configuration?.includes('returns-policy') && { RETURNS_POLICY: JSON.stringify(stage.returns) }),
    ...(spec.needs.workflow?.includes('start') && { RETURN_WORKFLOW_ARN }),
  };
}

function namesOf(stage: Stage): Names {
  const table = (tableName: string) => ({ tableName });
  const queue = (name: string) => ({ queueUrl: queueUrlOf(name) });
  return {
    stage,
    tables: { state: table(TABLES.state), operations: table(TABLES.operations), inbox: table(TABLES.inbox) },
    archive: { bucketName: BUCKET },
    drop: { bucketName: DROP_BUCKET },
    bus: { eventBusName: 'crossdock' },
    queues: new Map(QUEUES.map(({ id }) => [id, { queue: queue(id), dlq: queue(dlqOf(id)) }])),
  };
}

/** How long a queue hides what was received: six times its function's time-out, as the template has it. */
export function visibilityIn(stage: Stage): (queue: string) => number {
  const pace = paceOf(stage);
  return (queue) => {
    const consumer = FUNCTIONS.find(({ trigger }) => trigger.on === 'queue' && trigger.queue === queue);
    return consumer ? pace.visibility(consumer.timeoutSeconds) * 1000 : 30_000;
  };
}

/** What a person's command line takes over from the stage: tables, routing, operation queues. */
export const operatorEnvironment = (stage: Stage): Record<string, string> =>
  environmentIn(stage, {
    id: 'operator/command-line',
    entry: '',
    does: '',
    trigger: { on: 'schedule', every: 'minute' },
    memoryMb: 0,
    timeoutSeconds: 60,
    needs: {
      tables: { state: 'write', operations: 'write', inbox: 'write' },
      operationQueues: ['shopify', 'tryton'],
      configuration: ['routing', 'returns-policy', 'supplier-claims'],
    },
  });
