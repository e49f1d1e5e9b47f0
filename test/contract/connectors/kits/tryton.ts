import type { Clock } from '#application/ports/runtime.ts';
import { trytonConnector } from '#connectors/erps/tryton/connector.ts';
import { parseSettings } from '#connectors/erps/tryton/settings.ts';
import { ERP_SETTINGS } from '../../../../bin/local/erp/settings.ts';
import type { Exchange } from '../tape.ts';
import type { ConnectorUnderTest } from '../under-test.ts';
import {
  creditMemoDeceptions,
  itemReceiptDeceptions,
  journalDeceptions,
  salesOrderDeceptions,
  stockMoveDeceptions,
  supplierClaimDeceptions,
} from './tryton-deceptions.ts';
import { trytonShipments } from './tryton-shipments.ts';
import { exchange, isLogin, recorded } from './tryton-tapes.ts';

const open = (url: string, clock: Clock) =>
  trytonConnector({
    settings: parseSettings({
      url,
      database: 'crossdock',
      user: 'crossdock',
      ...ERP_SETTINGS,
    }),
    secret: async () => JSON.stringify({ password: 'password' }),
    clock,
  });

const deceptions = {
  'erp/sales-order': salesOrderDeceptions(),
  'erp/item-receipt': itemReceiptDeceptions(),
  'erp/credit-memo': creditMemoDeceptions(),
  'erp/stock-move': stockMoveDeceptions(),
  'erp/journal': journalDeceptions(),
  'erp/supplier-claim': supplierClaimDeceptions(),
};

/** An operation about amounts, in three currencies. */
const inCurrencies = (name: string) => ({
  ...recorded(name),
  currencies: { JPY: recorded(`${name}.jpy`), KWD: recorded(`${name}.kwd`) },
});

export const tryton: ConnectorUnderTest = {
  operations: {
    open: (url, clock) => open(url, clock).executor,
    now: recorded('sales-order').now,
    throttled: {
      withTime: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) } }),
      withoutTime: { status: 429 },
    },
    credentials: { refused: { status: 401 }, renewal: recorded('sales-order').absent.filter(isLogin) },
    lost: {
      'HTTP 502': { status: 502, body: '<html>' },
      'broken JSON': { body: '{"result": ' },
      'an answer without result and error': { body: {} },
    },
    kinds: {
      'erp/sales-order': { ...inCurrencies('sales-order'), deceptions: deceptions['erp/sales-order'] },
      'erp/item-receipt': { ...inCurrencies('item-receipt'), deceptions: deceptions['erp/item-receipt'] },
      'erp/credit-memo': { ...inCurrencies('credit-memo'), deceptions: deceptions['erp/credit-memo'] },
      'erp/stock-move': {
        ...recorded('stock-move'),
        deceptions: deceptions['erp/stock-move'],
        currencies: { leftOut: 'a stock move is about units and holds no amounts' },
      },
      'erp/journal': {
        ...recorded('journal'),
        deceptions: deceptions['erp/journal'],
        currencies: { leftOut: "a settlement in another currency than that of the company's books is refused" },
      },
      'erp/supplier-claim': { ...inCurrencies('supplier-claim'), deceptions: deceptions['erp/supplier-claim'] },
    },
  },
  shipments: {
    partner: trytonShipments,
    open: (url, clock) => open(url, clock).reader,
    morePages: 250,
    overlapSeconds: 120,
    throttled: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) } }),
    refused: { status: 401 },
    renewsCredentials: true,
  },
  orderStatus: {
    open: (url, clock) => open(url, clock).reader,
    orderKey: 'ORDER#shopify#main#5001',
    inState: saleInState,
    states: {
      draft: 'draft',
      quotation: 'draft',
      confirmed: 'open',
      processing: 'open',
      done: 'done',
      cancelled: 'cancelled',
    },
    unknownOrder: [...recorded('sales-order').absent.filter(isLogin), orderAsked([])],
  },
  accountingPeriods: {
    open: (url, clock) => open(url, clock).reader,
    date: '2026-07-01',
    inState: (state) => periodAnswered([{ id: 1, name: '2026-07', state }]),
    states: { open: 'open', closed: 'closed', locked: 'closed' },
    missing: periodAnswered([]),
  },
};

function saleInState(state: string): readonly Exchange[] {
  return [...recorded('sales-order').absent.filter(isLogin), orderAsked([{ id: 1, number: '1', state, lines: [] }])];
}

/** The way to a period as the journal's tape has it, up to this answer. */
function periodAnswered(periods: readonly object[]): readonly Exchange[] {
  const { applied } = recorded('journal');
  const shop = applied.filter(({ name }) => name === 'model.web.shop.search_read');
  const asked = applied.find(({ name }) => name === 'model.account.period.search_read') as Exchange;
  return [...applied.filter(isLogin), ...shop, { ...asked, answer: { body: { result: periods } } }];
}

function orderAsked(sales: readonly object[]): Exchange {
  const domain = [['web_id', '=', 'shopify-main-5001']];
  const params = [domain, 0, 1, null, ['number', 'state', 'lines'], { language: 'en', company: 1 }];
  const method = 'model.sale.sale.search_read';
  return exchange({ method, path: '/crossdock/', session: true, params, status: 200, answer: { result: sales } }, 2);
}
