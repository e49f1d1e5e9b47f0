import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { InvalidArgumentError } from 'commander';
import { formatMoney } from '#core/kernel/money.ts';
import type { Operation } from '#core/operations/operation.ts';
import { type OpenOrder, refundedOrPending } from '#core/orders/state.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { documentClient } from '#platform/aws/document-client.ts';
import { operationStore } from '#platform/aws/stores.ts';
import { CliError, type Report, table, tableOr } from './report.ts';
import { onStage, verb } from './verb.ts';

const SCANS = 'Reads the table page by page until enough is found: meant for a look, not for a report over everything.';

export const ordersList = verb('list', `Orders, newest first of those read. ${SCANS}`, [
  'crossdock orders list --status captured',
  'crossdock orders list --limit 100 --json',
])
  .option('--status <status>', 'only orders in this status')
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
  total: `${formatMoney({ minor: order.total, currency: order.currency })} ${order.currency}`,
  erp: order.erp?.number,
  refunded: formatMoney({ minor: refundedOrPending(order), currency: order.currency }),
  placedAt: order.placedAt,
});

export const returnsList = verb('list', `Returns, newest first of those read. ${SCANS}`, [
  'crossdock returns list --status awaiting-approval',
])
  .option('--status <status>', 'only returns in this status')
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
          refund:
            finance &&
            `${formatMoney({ minor: finance.refund, currency: authorization.currency })} ${authorization.currency}`,
          requestedAt: authorization.requestedAt,
        }));
      return list(returns, 'no returns', ['returnId', 'rma', 'order', 'status', 'refund', 'requestedAt']);
    }),
  );

export const operationsList = verb('list', `Operations, newest first of those read. ${SCANS}`, [
  'crossdock operations list --status rejected',
  'crossdock operations list --target tryton/main',
])
  .option('--status <status>', 'only operations in this status')
  .option('--target <connector/account>', 'only operations for this partner account')
  .option('--limit <n>', 'how many', positive, 25)
  .action(
    onStage(async (stage, { status, target, limit }) => {
      const wanted = (one: Operation): boolean =>
        (status === undefined || one.status === status) &&
        (target === undefined || `${one.target.connector}/${one.target.account}` === target);
      const found = await scan<Operation>(stage.output('OperationsTableName'), () => true, wanted, Number(limit));
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
const states = <S>(prefix: string, wanted: (state: S) => boolean, limit: number): Promise<S[]> =>
  scan<{ pk: string; sk: string; state: S }>(
    process.env.STATE_TABLE_NAME ?? '',
    ({ pk, sk }) => sk === 'STATE' && pk.startsWith(prefix),
    ({ state }) => wanted(state),
    limit,
  ).then((rows) => rows.map(({ state }) => state));

async function scan<R>(
  TableName: string,
  kind: (row: R) => boolean,
  wanted: (row: R) => boolean,
  limit: number,
): Promise<R[]> {
  const found: R[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page: { Items?: Record<string, unknown>[]; LastEvaluatedKey?: Record<string, unknown> } =
      await documentClient().send(new ScanCommand({ TableName, ExclusiveStartKey }));
    found.push(...((page.Items ?? []) as R[]).filter((row) => kind(row) && wanted(row)));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey && found.length < limit);
  return found.slice(0, limit);
}

export function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('give a whole number above zero');
  return Number(text);
}
