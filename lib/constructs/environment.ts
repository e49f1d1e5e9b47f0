import type { FunctionSpec, Needs, TableId } from '../../functions/topology.ts';
import { accountsJson, fraudKeysSecretName, routingJson } from '../config/accounts.ts';
import { paceOf } from '../config/pace.ts';
import type { Stage } from '../config/stage.ts';

/** Names of what functions are told about: tokens when the app is synthesized. */
export interface Names {
  readonly stage: Stage;
  readonly tables: Readonly<Record<TableId, { readonly tableName: string }>>;
  readonly archive: { readonly bucketName: string };
  readonly drop: { readonly bucketName: string };
  readonly bus: { readonly eventBusName: string };
  readonly queues: ReadonlyMap<string, Record<'queue' | 'dlq', { readonly queueUrl: string }>>;
}

/** The environment that a function's needs ask for. The names are a contract with `functions/platform/env.ts`. */
export function environmentOf(spec: FunctionSpec, resources: Names): Record<string, string> {
  const { stage, tables, queues, archive, drop, bus } = resources;
  const needs = withFaults(spec.needs, stage);
  const { trigger } = spec;
  const [service = spec.id] = spec.id.split('/');
  const values: Record<string, string | undefined> = {
    CROSSDOCK_STAGE: stage.name,
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: 'Crossdock',
    POWERTOOLS_LOG_LEVEL: stage.logLevel,
    STATE_TABLE_NAME: needs.tables?.state && tables.state.tableName,
    OPERATIONS_TABLE_NAME: needs.tables?.operations && tables.operations.tableName,
    INBOX_TABLE_NAME: needs.tables?.inbox && tables.inbox.tableName,
    ARCHIVE_BUCKET_NAME: (needs.archive ?? needs.settlementLines) && archive.bucketName,
    DROP_BUCKET_NAME: needs.drop && drop.bucketName,
    EVENT_BUS_NAME: needs.publishes && bus.eventBusName,
    INTAKE_QUEUE_URL: needs.intakeQueue && queueOf(queues, needs.intakeQueue).queue.queueUrl,
    PARK_QUEUE_URL: trigger.on === 'queue' ? queueOf(queues, trigger.queue).dlq.queueUrl : undefined,
    OPERATION_QUEUE_URLS: needs.operationQueues && operationQueueUrls(needs.operationQueues, queues),
    RELAY_RETRY_QUEUE_URL: needs.relayRetryQueue && queueOf(queues, 'relay-retry').queue.queueUrl,
    SETTLEMENT_WORK_QUEUE_URL: needs.settlementWorkQueue && queueOf(queues, 'settlement-work').queue.queueUrl,
    SETTLEMENT_REQUESTS_QUEUE_URL:
      needs.settlementRequestsQueue && queueOf(queues, needs.settlementRequestsQueue).queue.queueUrl,
    SETTLEMENT_FILES_QUEUE_URL: needs.settlementFilesQueue && queueOf(queues, 'settlement-files').queue.queueUrl,
    CROSSDOCK_ACCOUNTS: needs.accounts && accountsJson(stage, Object.keys(needs.accounts)),
    CROSSDOCK_ROUTING: needs.configuration?.includes('routing') ? routingJson(stage) : undefined,
    OPERATION_LEASE_SECONDS: needs.configuration?.includes('operation-lease')
      ? String(paceOf(stage).leaseSeconds)
      : undefined,
    WORKFLOW_PAUSE_SECONDS: needs.configuration?.includes('workflow-pause')
      ? String(stage.workflow.pauseSeconds)
      : undefined,
    RETURN_REASONS: needs.configuration?.includes('return-reasons') ? JSON.stringify(stage.reasons) : undefined,
    FRAUD_RULES: needs.configuration?.includes('fraud-rules') ? JSON.stringify(stage.fraud) : undefined,
    FRAUD_KEYS_SECRET: needs.configuration?.includes('fraud-rules') ? fraudKeysSecretName(stage.name) : undefined,
    SUPPLIER_CLAIMS: needs.configuration?.includes('supplier-claims') ? JSON.stringify(stage.claims) : undefined,
    SETTLEMENT_TERMS: needs.configuration?.includes('settlement-terms') ? JSON.stringify(stage.settlements) : undefined,
    RETURNS_POLICY: needs.configuration?.includes('returns-policy') ? `@${POLICY_FILE}` : undefined,
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const POLICY_FILE = 'returns-policy.json';

/** Settings that may grow beyond an environment, as files that lie beside the function's bundle, by name. */
export const filesOf = ({ needs }: Pick<FunctionSpec, 'needs'>, { returns }: Pick<Stage, 'returns'>) => ({
  ...(needs.configuration?.includes('returns-policy') && { [POLICY_FILE]: JSON.stringify(returns) }),
});

export const operationQueue = (connector: string): string => `${connector}-operations`;

export function queueOf<Q>(queues: ReadonlyMap<string, Q>, id: string): Q {
  const found = queues.get(id);
  if (found) return found;
  throw new Error(`functions/topology.ts has no queue "${id}": it has ${[...queues.keys()].join(', ')}`);
}

/** Fault points read the armed faults from the state table, in every function. */
export function withFaults(needs: Needs, { faults }: Stage): Needs {
  return faults ? { ...needs, tables: { ...needs.tables, state: 'write' } } : needs;
}

const operationQueueUrls = (connectors: readonly string[], queues: Names['queues']): string =>
  JSON.stringify(
    Object.fromEntries(connectors.map((one) => [one, queueOf(queues, operationQueue(one)).queue.queueUrl])),
  );
