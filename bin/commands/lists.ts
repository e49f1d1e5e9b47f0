import { ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { InvalidArgumentError, Option } from 'commander';
import { formatMoney } from '#core/kernel/money.ts';
import type { Operation, OperationStatus } from '#core/operations/operation.ts';
import { type OpenOrder, ORDER_TRANSITIONS, refundedOrPending } from '#core/orders/state.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { RETURN_TRANSITIONS } from '#core/returns/transitions.ts';
import { documentClient } from '#platform/aws/document-client.ts';
import { STATE_ROW } from '#platform/aws/rows.ts';
import { tableNames } from '#platform/aws/state-store.ts';
import { operationStore } from '#platform/aws/stores.ts';
import { moneyText } from './explain/names.ts';
import { CliError, type Report, table, tableOr } from './report.ts';
import { onStage, verb } from './verb.ts';

export const SCANS =
  'Reads the table page by page until enough is found: meant for a look, not for a report over everything.';

const OPERATION_STATUSES: readonly OperationStatus[] = [
  'planned',
  'attempting',
  'unknown',
  'deferred',
  'applied',
  'rejected',
];

function statusOption(what: string, choices: readonly string[]): Option {
  return new Option('--status <status>', `only ${what} in this status`).choices([...choices]);
}

function statuses(transitions: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(transitions).filter((status) => status !== 'none');
}

export const ordersList = verb('list', `Orders, newest first of those read. ${SCANS}`, [
  'crossdock orders list --status captured',
  'crossdock orders list --limit 100 --json',
])
  .addOption(statusOption('orders', statuses(ORDER_TRANSITIONS)))
  .option('--limit <n>', 'how many', positive, 25)
  .action(
    onStage(async (_stage, { status, limit }) => {
      const found = await states<OpenOrder>(
        'ORDER#',
        (order) => status === undefined || order.status === status,
        Number(limit),
      );
      const orders = found.sort((a, b) => (a.placedAt < b.placedAt ? 1 : -1)).map(orderRow);
      return list(orders, 'no orders', ['orderId', 'number', 'status', 'total', 'erp', 'refunded', 'placedAt']);
    }),
  );

const orderRow = (order: OpenOrder) => ({
  orderId: order.id.orderId,
  channel: `${order.id.channel}/${order.id.account}`,
  number: order.number,
  status: order.status,
  total: moneyText({ minor: order.total, currency: order.currency }),
  erp: order.erp?.number,
  refunded: formatMoney({ minor: refundedOrPending(order), currency: order.currency }),
  placedAt: order.placedAt,
});

export const returnsList = verb('list', `Returns, newest first of those read. ${SCANS}`, [
  'crossdock returns list --status awaiting-approval',
])
  .addOption(statusOption('returns', statuses(RETURN_TRANSITIONS)))
  .option('--limit <n>', 'how many', positive, 25)
  .action(
    onStage(async (_stage, { status, limit }) => {
      const found = await states<OpenReturn>(
        'RETURN#',
        (one) => status === undefined || one.status === status,
        Number(limit),
      );
      const returns = found
        .sort((a, b) => (a.authorization.requestedAt < b.authorization.requestedAt ? 1 : -1))
        .map(({ authorization, status: now, finance }) => ({
          returnId: authorization.id.returnId,
          rma: authorization.rma,
          order: authorization.orderNumber,
          status: now,
          refund: finance && moneyText({ minor: finance.refund, currency: authorization.currency }),
          requestedAt: authorization.requestedAt,
        }));
      return list(returns, 'no returns', ['returnId', 'rma', 'order', 'status', 'refund', 'requestedAt']);
    }),
  );

export const operationsList = verb('list', `Operations, newest first of those read. ${SCANS}`, [
  'crossdock operations list --status rejected',
  'crossdock operations list --target tryton/main',
])
  .addOption(statusOption('operations', OPERATION_STATUSES))
  .option('--target <connector/account>', 'only operations for this partner account')
  .option('--limit <n>', 'how many', positive, 25)
  .action(
    onStage(async (stage, { status, target, limit }) => {
      const wanted = (one: Operation): boolean =>
        (status === undefined || one.status === status) &&
        (target === undefined || `${one.target.connector}/${one.target.account}` === target);
      const found = await scan<Operation>({ TableName: stage.output('OperationsTableName') }, wanted, Number(limit));
      const operations = found
        .sort((a, b) => (a.plannedAt < b.plannedAt ? 1 : -1))
        .map(({ key, status: now, attempts, ref, reason, plannedAt, dueAt }) => ({
          key,
          status: now,
          attempts,
          ref,
          reason: reason?.code,
          plannedAt,
          dueAt,
        }));
      return list(operations, 'no operations', ['key', 'status', 'attempts', 'ref', 'reason', 'plannedAt']);
    }),
  );

export const operationsShow = verb('show <key>', 'One operation with its content, attempts and outcome.', [
  'crossdock operations show erp/sales-order/shopify/main/5001',
]).action(
  onStage(async (_stage, _options, key: string) => {
    const operation = await operationStore().get(key);
    if (!operation) throw new CliError(1, `no operation ${key}: list them with "crossdock operations list"`);
    const rows = Object.entries(operation).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
    return { json: operation, text: table(['field', 'value'], rows) };
  }),
);

function list<T extends Record<string, string | number | undefined>>(
  rows: readonly T[],
  nothing: string,
  columns: readonly (keyof T & string)[],
): Report {
  return {
    json: rows,
    text: tableOr(
      nothing,
      columns,
      rows.map((row) => columns.map((column) => row[column])),
    ),
  };
}

/** States of one kind of aggregate. Personal data lies beside them, and is not read. */
export const states = <S>(prefix: string, wanted: (state: S) => boolean, limit: number): Promise<S[]> =>
  scan<{ state: S }>(
    {
      TableName: tableNames.state(),
      FilterExpression: '#sk = :state AND begins_with(#pk, :prefix)',
      ProjectionExpression: '#state',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk', '#state': 'state' },
      ExpressionAttributeValues: { ':state': STATE_ROW, ':prefix': prefix },
    },
    ({ state }) => wanted(state),
    limit,
  ).then((rows) => rows.map(({ state }) => state));

async function scan<R>(input: ScanCommandInput, wanted: (row: R) => boolean, limit: number): Promise<R[]> {
  const found: R[] = [];
  let ExclusiveStartKey: ScanCommandInput['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey } = await documentClient().send(
      new ScanCommand({ ...input, ExclusiveStartKey }),
    );
    found.push(...(Items as R[]).filter(wanted));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey && found.length < limit);
  return found.slice(0, limit);
}

export function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('give a whole number above zero');
  return Number(text);
}
