import type { SettlementView } from '#application/settlements/settlement-view.ts';
import { differencesOf, type OpenSettlement } from '#core/settlements/state.ts';
import { moneyText } from '../explain/names.ts';
import { type Report, table, tableOr } from '../report.ts';

/** Everything about one settlement: from the deposit down to what differs, and to its documents in the ERP. */
export function showSettlement(view: SettlementView): Report {
  const money = (minor: number): string => moneyText({ minor, currency: view.currency });
  const { id, collection } = view;
  const head = [
    `settlement ${id.settlementId} of ${id.channel}/${id.account}: ${view.status}`,
    `${money(view.announced)} announced${view.depositDate === undefined ? '' : ` for ${view.depositDate}`}, ${view.lines} lines, ${view.orders} orders`,
    `collection ${collection.revision}, from ${collection.file}${collection.pending > 0 ? `; ${collection.pending} batches of orders are being told` : ''}`,
    ...(view.collectAgain.due ? ['due to be collected again: drop its file once more'] : []),
    ...view.blocked.map(({ code, message }) => `blocked: ${code}: ${message}`),
  ];
  const amounts = Object.entries(view.months).flatMap(([month, sums]) =>
    Object.entries(sums).map(([key, amount]) => [month, key, money(amount ?? 0)]),
  );
  const differences = view.differences.map((one) => [
    one.cause,
    one.orders,
    money(one.amount),
    `${one.ageDays} days`,
    one.owner,
    one.examples.join(', '),
  ]);
  const parts = view.journal.map((one) => [
    one.part,
    one.date,
    money(one.debit),
    one.status,
    one.number,
    one.operation,
  ]);
  const text = [
    head.join('\n'),
    tableOr('no classified lines', ['month', 'what', 'amount'], amounts),
    tableOr('no differences', ['cause', 'orders', 'amount', 'oldest', 'owner', 'such as'], differences),
    tableOr('nothing is posted', ['part', 'date', 'amount', 'status', 'in the ERP', 'operation'], parts),
  ].join('\n\n');
  return { json: view, text };
}

/** Settlements, one a row. */
export function listSettlements(found: readonly OpenSettlement[]): Report {
  const rows = found.map((state) => {
    const { header, totals, orders } = state.collection;
    const { currency, announced } = header;
    const atRisk = Object.values(differencesOf(state)).reduce((sum, { gross }) => sum + gross, 0);
    return {
      settlementId: header.id.settlementId,
      channel: `${header.id.channel}/${header.id.account}`,
      status: state.status,
      announced: moneyText({ minor: announced, currency }),
      lines: totals.lines,
      orders,
      differs: moneyText({ minor: atRisk, currency }),
      erp: state.parts.flatMap(({ number }) => (number === undefined ? [] : [number])).join(', '),
      importedAt: state.importedAt,
    };
  });
  const columns = ['settlementId', 'channel', 'status', 'announced', 'lines', 'orders', 'differs', 'erp'] as const;
  return {
    json: rows,
    text:
      rows.length === 0
        ? 'no settlements'
        : table(
            columns,
            rows.map((row) => columns.map((column) => row[column])),
          ),
  };
}
