import { Option } from 'commander';
import { differencesName, ordersName, othersName } from '#application/settlements/names.ts';
import { type KeptLine, linesIn, rowsIn } from '#application/settlements/rows.ts';
import { viewSettlement } from '#application/settlements/settlement-view.ts';
import { type OrderId, orderKey } from '#core/orders/order.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import type { SettlementDifference } from '#core/settlements/difference.ts';
import { classKey, settlementKey } from '#core/settlements/line.ts';
import { type OpenSettlement, SETTLEMENT_TRANSITIONS } from '#core/settlements/state.ts';
import { S3SettlementLines } from '#platform/aws/settlement-files.ts';
import { journal, operationStore, stateStore } from '#platform/aws/stores.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { moneyText } from '../explain/names.ts';
import { positive, SCANS, states } from '../lists.ts';
import { CliError, type Report, table } from '../report.ts';
import { onStage, verb } from '../verb.ts';
import { listSettlements, showSettlement } from './stage-view.ts';

export const settlementsList = verb('list', `Settlements that were read, newest first of those read here. ${SCANS}`, [
  'crossdock settlements list',
  'crossdock settlements list --status blocked --json',
])
  .addOption(
    new Option('--status <status>', 'only settlements in this status').choices(
      Object.keys(SETTLEMENT_TRANSITIONS).filter((status) => status !== 'none'),
    ),
  )
  .option('--limit <n>', 'how many', positive, 25)
  .action(
    onStage(async (_stage, { status, limit }) => {
      const wanted = (one: OpenSettlement): boolean => status === undefined || one.status === status;
      const found = await states<OpenSettlement>('SETTLEMENT#', wanted, Number(limit));
      return listSettlements(found.sort((a, b) => (a.importedAt < b.importedAt ? 1 : -1)));
    }),
  );

export const settlementsShow = verb(
  'show <id>',
  'One settlement: what it announces, what differs by cause and age, its journal and the documents in the ERP.',
  ['crossdock settlements show 19842011', "crossdock settlements show 'SETTLEMENT#amazon#main#19842011' --json"],
).action(
  onStage(async (_stage, _options, id: string) => {
    const key = settlementKey((await settlementOf(id)).collection.header.id);
    const view = await viewSettlement({ store: stateStore(), operations: operationStore() }, key, clock.now());
    if (!view) throw new CliError(1, `no settlement ${id}: list them with "crossdock settlements list"`);
    return showSettlement(view);
  }),
);

export const settlementsLines = verb(
  'lines <id>',
  'Lines of a settlement, as they are kept: all, of one order, of one class, or only what does not agree with the orders.',
  [
    'crossdock settlements lines 19842011 --limit 20',
    'crossdock settlements lines 19842011 --order 026-1234567-1234567',
    'crossdock settlements lines 19842011 --differences --json',
  ],
)
  .option('--order <id>', "only lines of this order, by the channel's own id")
  .option('--class <class>', 'only lines of this class (fee/commission); "unclassified" for those that have none')
  .addOption(new Option('--differences', 'what does not agree with the orders').conflicts(['order', 'class']))
  .option('--limit <n>', 'how many', positive, 100)
  .action(
    onStage(async (stage, { order, class: of, differences, limit }, id: string) => {
      process.env.ARCHIVE_BUCKET_NAME = stage.output('ArchiveBucketName');
      const state = await settlementOf(id);
      if (differences === true) return await differing(state, Number(limit));
      const wanted = (line: KeptLine): boolean =>
        of === undefined || of === (line.class ? classKey(line.class) : 'unclassified');
      return typeof order === 'string'
        ? await linesOfOrder(state, order, wanted)
        : await linesOf(state, wanted, Number(limit));
    }),
  );

/** By its key, or by the channel's own id wherever that is known. */
async function settlementOf(id: string): Promise<OpenSettlement> {
  const keys = id.startsWith('SETTLEMENT#')
    ? [id]
    : (await journal().subjectsOf(id)).filter((key) => key.startsWith('SETTLEMENT#'));
  const [key, ...others] = keys;
  if (others.length > 0) throw new CliError(1, `"${id}" is ${keys.length} settlements: name one of ${keys.join(', ')}`);
  const found = key === undefined ? undefined : (await stateStore().load<OpenSettlement>(key))?.state;
  if (found) return found;
  throw new CliError(1, `no settlement ${id}: list them with "crossdock settlements list"`);
}

const as = ({ collection, revision }: OpenSettlement) => ({
  id: collection.header.id,
  digest: collection.digest,
  revision,
});

/** Batch after batch, until there are enough. */
async function* kept(state: OpenSettlement): AsyncIterable<KeptLine> {
  const archive = new S3SettlementLines();
  for (let batch = 0; batch < state.collection.batches; batch++) {
    for (const { lines } of rowsIn(await archive.get(ordersName(as(state), batch)))) yield* lines;
  }
  for (let part = 0; part < state.collection.others; part++) {
    yield* linesIn(await archive.get(othersName(as(state), part)));
  }
}

async function linesOf(state: OpenSettlement, wanted: (line: KeptLine) => boolean, limit: number): Promise<Report> {
  const found: KeptLine[] = [];
  for await (const line of kept(state)) {
    if (wanted(line)) found.push(line);
    if (found.length >= limit) break;
  }
  return { json: found, text: found.length === 0 ? 'no such lines' : lineTable(state, found) };
}

/** From the deposit down to the order, and on to the order's own documents. */
async function linesOfOrder(
  state: OpenSettlement,
  orderId: string,
  wanted: (line: KeptLine) => boolean,
): Promise<Report> {
  const { channel, account } = state.collection.header.id;
  const id: OrderId = { channel, account, orderId };
  const order = (await stateStore().load<OpenOrder>(orderKey(id)))?.state;
  const found: KeptLine[] = [];
  for await (const line of kept(state)) if (line.orderId === orderId && wanted(line)) found.push(line);
  if (found.length === 0) {
    throw new CliError(1, `settlement ${state.collection.header.id.settlementId} has no lines of order ${orderId}`);
  }
  const documents = order?.erp ? `sales order ${order.erp.number} in ${order.erp.account}` : undefined;
  const about = order
    ? `order ${orderId}: ${documents ?? 'not booked in the ERP'}; all of it: crossdock explain '${orderKey(id)}'`
    : `order ${orderId} is not known here`;
  const json = {
    settlement: settlementKey(state.collection.header.id),
    order: orderKey(id),
    erp: order?.erp,
    lines: found,
  };
  return { json, text: `${lineTable(state, found)}\n${about}` };
}

const lineTable = (state: OpenSettlement, lines: readonly KeptLine[]): string =>
  table(
    ['line', 'order', 'class', 'amount', 'posted', 'in the channel’s words'],
    lines.map(({ at, orderId, class: of, amount, postedAt, source }) => [
      at,
      orderId,
      of ? classKey(of) : 'unclassified',
      moneyText({ minor: amount, currency: state.collection.header.currency }),
      postedAt,
      source,
    ]),
  );

async function differing(state: OpenSettlement, limit: number): Promise<Report> {
  const archive = new S3SettlementLines();
  const found: SettlementDifference[] = [];
  for (const batch of Object.keys(state.differences)) {
    if (found.length >= limit) break;
    const text = await archive.get(differencesName(as(state), Number(batch)));
    found.push(
      ...text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as SettlementDifference),
    );
  }
  const shown = found.slice(0, limit);
  const rows = shown.map(({ cause, orderId, about, channel, ledger, amount, currency, since, owner }) => [
    cause,
    orderId,
    about,
    moneyText({ minor: channel, currency }),
    moneyText({ minor: ledger, currency }),
    moneyText({ minor: amount, currency }),
    since.slice(0, 10),
    owner,
  ]);
  const head = ['cause', 'order', 'about', 'channel', 'here', 'off', 'since', 'owner'];
  return { json: shown, text: rows.length === 0 ? 'no differences' : table(head, rows) };
}
