import { mkdirSync, writeFileSync } from 'node:fs';
import type { Operation, ProbeAnswer } from '#core/operations/operation.ts';
import type { BookingContent } from '#core/orders/reactions.ts';
import { openErp } from '../../../integration/tryton/support/erp.ts';
import {
  applied,
  booking,
  creditMemo,
  itemReceipt,
  journal,
  salesOrder,
  stockMove,
  supplierClaim,
  within,
} from '../../../integration/tryton/support/operations.ts';
import { type Recorded, Recorder } from './recorder.ts';

/**
 * Records the tapes of the Tryton connector from a real server: `node test/contract/connectors/record/tryton.ts`. To be run
 * again when the connector asks for something else than before; the kit then says at which request.
 */

const FOLDER = new URL('../fixtures/tryton/', import.meta.url);

const erp = await openErp('sqlite');
const recorder = await Recorder.before(erp.url);
const now = new Date().toISOString();
const context = () => ({ ...within(), now });
const placedAt = '2026-07-01T08:00:00.000Z';

/** Each piece of work by a connector that knows nothing yet, so that every tape begins with its login. */
async function record(name: string, operation: Operation) {
  const fresh = () => erp.connector({ url: recorder.url }).executor;
  const absent = await recorder.during(() => fresh().probe(operation, context()));
  expectKind(absent.result, 'absent');
  const made = await recorder.during(() => fresh().execute(operation, context()));
  const outcome = applied(made.result);
  const found = await recorder.during(() => fresh().probe(operation, context()));
  expectKind(found.result, 'found');
  const again = await recorder.during(() => fresh().execute(operation, context()));
  applied(again.result);
  const tapes = { absent, applied: made, found, standing: again };
  const written = Object.entries(tapes).map(([tape, { recorded }]) => [tape, recorded.map(exchange)]);
  const { key, kind, target, subject, content } = operation;
  write(name, { now, operation: { key, kind, target, subject, content }, outcome, ...Object.fromEntries(written) });
  return outcome;
}

function expectKind(answer: ProbeAnswer, kind: ProbeAnswer['kind']): void {
  if (answer.kind !== kind) throw new Error(`the probe answers ${JSON.stringify(answer)} instead of ${kind}`);
}

/** Password and session key are replaced; they were this run's own. */
function exchange({ path, authorization, body, status, answer }: Recorded) {
  const { method, params } = body as { method: string; params: unknown[] };
  const login = method === 'common.db.login';
  return {
    method,
    path,
    ...(authorization !== undefined && { session: true }),
    params: login ? [params[0], { password: 'password' }] : params,
    status,
    answer: login ? { result: [(answer as { result: unknown[] }).result[0], 'session'] } : withoutId(answer),
  };
}

function withoutId(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  const { id: _id, ...rest } = answer as Record<string, unknown>;
  return rest;
}

function write(name: string, tape: object): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(`${name}.json`, FOLDER), printed(tape));
  console.log(name);
}

/** One exchange a line, so that a change of one shows as one. */
function printed(tape: object): string {
  const members = Object.entries(tape).map(([name, value]) => {
    const text = Array.isArray(value)
      ? `[\n  ${value.map((one) => JSON.stringify(one)).join(',\n  ')}\n ]`
      : JSON.stringify(value);
    return ` ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

/** The ERP knows its company's currency only; a rate lets it take orders in others. */
async function addCurrency(code: string, numeric: string, digits: number): Promise<void> {
  const decimal = (text: string) => ({ __class__: 'Decimal', decimal: text });
  const date = { __class__: 'date', year: 2020, month: 1, day: 1 };
  const rates = [['create', [{ date, rate: decimal('2') }]]];
  const rounding = decimal(digits === 0 ? '1' : `0.${'1'.padStart(digits, '0')}`);
  const values = { name: code, code, symbol: code, numeric_code: numeric, digits, rounding, rates };
  await erp.desk.call('currency.currency', 'create', [[values]]);
}

/** An order of one mug, all of which comes back. */
async function thereAndBack(currency: string, minor: number): Promise<void> {
  const lines = [{ lineId: 'L1', sku: 'MUG-BLUE', quantity: 1, net: minor, taxes: [] }];
  const name = currency.toLowerCase();
  const order = salesOrder(booking({ placedAt, currency, lines, total: minor }), `5001-${name}`);
  const booked = await record(`sales-order.${name}`, order);
  await erp.desk.ship(Number(booked.ref));
  const inCurrency = (operation: Operation): Operation => ({
    ...operation,
    content: { ...operation.content, currency },
  });
  const receipt = inCurrency(dated(itemReceipt(order, booked, { lines, total: minor }, `R1-${name}`)));
  const received = await record(`item-receipt.${name}`, receipt);
  await record(`credit-memo.${name}`, inCurrency(creditMemo(receipt, received.ref, minor)));
}

const dated = (operation: Operation): Operation => ({
  ...operation,
  content: { ...operation.content, receivedAt: placedAt },
});

try {
  await addCurrency('JPY', '392', 0);
  await addCurrency('KWD', '414', 3);
  // One line of two is taxed: two taxed ones ask for the tax side by side, and a tape has one order.
  const [shirts, mug] = booking().lines;
  const goods = [shirts, { ...mug, taxes: [] }] as BookingContent['lines'];
  const order = salesOrder(booking({ placedAt, lines: goods, total: 3565 }), '5001');
  const booked = await record('sales-order', order);
  for (const [currency, minor] of [
    ['JPY', 1234],
    ['KWD', 12345],
  ] as const) {
    await thereAndBack(currency, minor);
  }
  await erp.desk.ship(Number(booked.ref));
  const lines = [
    {
      lineId: 'L1',
      sku: 'TSHIRT-M',
      quantity: 1,
      net: 1234,
      taxes: [{ title: 'Sales tax', rate: '0.10', amount: 123, collectedBy: 'seller' as const }],
    },
  ];
  const receipt = dated(itemReceipt(order, booked, { lines, total: 1357 }, 'R1'));
  const received = await record('item-receipt', receipt);
  await record('credit-memo', creditMemo(receipt, received.ref, 1357));
  const moves = [{ sku: 'TSHIRT-M', quantity: 1, disposition: 'quarantine' as const }];
  await record('stock-move', stockMove(receipt, received.ref, moves));
  await record('journal', journal('2026-07-01', {}, 'ST1'));
  await record('supplier-claim', supplierClaim({}, '2026-06'));
  const claimed = (amount: number) => [{ sku: 'MUG-BLUE', quantity: 1, amount, label: 'Broken: RMA-1' }];
  await record('supplier-claim.jpy', supplierClaim({ currency: 'JPY', lines: claimed(1234), total: 1234 }, '2026-07'));
  await record(
    'supplier-claim.kwd',
    supplierClaim({ currency: 'KWD', lines: claimed(12_345), total: 12_345 }, '2026-08'),
  );
} finally {
  await recorder.close();
  await erp.close();
}
