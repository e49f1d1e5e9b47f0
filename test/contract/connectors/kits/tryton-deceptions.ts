import type { Answer, Exchange } from '../tape.ts';
import type { Deception } from '../under-test.ts';
import { recorded } from './tryton-tapes.ts';

/** Where Tryton says yes, or nothing at all, and it is not done: its recorded tapes with another answer at the end. */

const error = (...details: readonly unknown[]): Answer => ({ body: { error: details } });
const userError = (message: string): Answer => error('UserError', [message, '', null]);

/** The tape up to the request at this place of it, which is answered with something else. */
const ending = (tape: readonly Exchange[], at: number, answer: Answer): Exchange[] => [
  ...tape.slice(0, at),
  { ...(tape[at] as Exchange), answer },
];

/** Place of a request on the tape; of several with its name, the last one. */
const last = (tape: readonly Exchange[], name: string): number =>
  tape.findLastIndex((one) => one.name === `model.${name}`);

/** An answer on the tape with something of its first row changed. */
function rowWith(exchange: Exchange | undefined, changes: object): Answer {
  const body = exchange?.answer.body as { result?: object[] } | undefined;
  const [row, ...others] = body?.result ?? [];
  return { body: { result: [{ ...row, ...changes }, ...others] } };
}

const decimal = (text: string) => ({ __class__: 'Decimal', decimal: text });

/** What every button can come to. */
function buttonDeceptions(tape: readonly Exchange[], button: string): Deception[] {
  const at = last(tape, button);
  return [
    {
      name: 'the ERP refuses, told with HTTP 200',
      exchanges: ending(tape, at, userError('You are not allowed to do this.')),
      outcome: 'rejected',
      code: 'ERP_ACCESS_DENIED',
    },
    {
      name: 'the ERP asks "are you sure?"',
      exchanges: ending(tape, at, error('UserWarning', ['hash.done', 'Are you sure?', ''])),
      outcome: 'rejected',
      code: 'ERP_WARNING',
    },
    {
      name: "the ERP's database fails, told with HTTP 200",
      exchanges: ending(tape, at, error('server closed the connection unexpectedly', 'traceback')),
      outcome: 'unknown',
    },
  ];
}

export function salesOrderDeceptions(): Deception[] {
  const { applied } = recorded('sales-order');
  const confirm = last(applied, 'sale.sale.confirm');
  const quoted = applied[confirm - 1] as Exchange;
  const processed = confirm + 1;
  const moves = last(applied, 'stock.move.read');
  const stale = ending(applied, confirm, error('ConcurrencyException', []));
  return [
    ...buttonDeceptions(applied, 'sale.sale.confirm'),
    {
      name: 'the button answers nothing, and the sale stays as it was',
      exchanges: ending(applied, processed, quoted.answer),
      outcome: 'rejected',
      code: 'ERP_STATE_UNCHANGED',
    },
    {
      name: 'the processed sale comes to another total',
      exchanges: ending(applied, processed, rowWith(applied[processed], { total_amount: decimal('35.66') })),
      outcome: 'rejected',
      code: 'TOTAL_MISMATCH',
    },
    {
      name: 'the ERP has made its shipment twice',
      exchanges: ending(applied, moves, rowWith(applied[moves], { quantity: 4 })),
      outcome: 'rejected',
      code: 'DUPLICATE_SHIPMENTS',
    },
    {
      name: 'somebody has cancelled it',
      exchanges: ending(applied, processed, rowWith(applied[processed], { state: 'cancelled' })),
      outcome: 'rejected',
      code: 'SALE_CANCELLED',
    },
    {
      name: 'the sale is in a state that nobody knows',
      exchanges: ending(applied, processed, rowWith(applied[processed], { state: 'kit-unknown-word' })),
      outcome: 'thrown',
    },
    {
      name: 'the sale is being changed by others, again and again',
      exchanges: [...stale, quoted, ...stale.slice(-1)],
      outcome: 'throttled',
    },
  ];
}

export function itemReceiptDeceptions(): Deception[] {
  const { applied } = recorded('item-receipt');
  const end = applied.length - 1;
  const first = applied.findIndex(({ name }) => name === 'model.sale.sale.search_read');
  return [
    ...buttonDeceptions(applied, 'stock.shipment.out.return.receive'),
    {
      name: 'the button answers nothing, and the goods are not received',
      exchanges: ending(applied, end, rowWith(applied[end], { state: 'draft' })),
      outcome: 'rejected',
      code: 'RECEIPT_NOT_RECEIVED',
    },
    {
      name: "the order's sale is another one by now",
      exchanges: ending(applied, first, rowWith(applied[first], { id: 99 })),
      outcome: 'rejected',
      code: 'SALES_ORDER_UNKNOWN',
    },
  ];
}

export function creditMemoDeceptions(): Deception[] {
  const { applied } = recorded('credit-memo');
  const draft = applied.findIndex(({ name }) => name === 'model.account.invoice.read');
  const posted = last(applied, 'account.invoice.read');
  const entry = last(applied, 'account.move.line.search_read');
  const post = last(applied, 'account.invoice.post');
  return [
    ...buttonDeceptions(applied, 'account.invoice.post'),
    {
      name: 'the period is closed',
      exchanges: ending(applied, post, userError('You must create a period for the date.')),
      outcome: 'rejected',
      code: 'PERIOD_CLOSED',
    },
    {
      name: 'the button answers nothing, and it is not posted',
      exchanges: ending(applied, posted, (applied[draft] as Exchange).answer),
      outcome: 'rejected',
      code: 'ERP_STATE_UNCHANGED',
    },
    {
      name: 'the draft comes to another total',
      exchanges: ending(applied, draft, rowWith(applied[draft], { total_amount: decimal('-13.58') })),
      outcome: 'rejected',
      code: 'TOTAL_MISMATCH',
    },
    {
      name: 'its journal entry is not balanced',
      exchanges: ending(applied, entry, rowWith(applied[entry], { credit: decimal('13.56') })),
      outcome: 'rejected',
      code: 'JOURNAL_UNBALANCED',
    },
  ];
}

export function journalDeceptions(): Deception[] {
  const { applied } = recorded('journal');
  const post = last(applied, 'account.move.post');
  const read = last(applied, 'account.move.search_read');
  const draft = applied.findLastIndex(({ name }, at) => at < post && name === 'model.account.move.search_read');
  const drafted = applied.findIndex(({ name }) => name === 'model.account.move.line.search_read');
  const period = last(applied, 'account.period.search_read');
  const accounts = last(applied, 'account.account.search_read');
  const end = applied.length - 1;
  const { result: found } = (applied[read] as Exchange).answer.body as { result: object[] };
  const twice = [...found, { ...found[0], id: 9999 }];
  return [
    ...buttonDeceptions(applied, 'account.move.post'),
    {
      name: 'the ERP finds it unbalanced',
      exchanges: ending(
        applied,
        post,
        userError('To post move "1", you must balance all its lines debits and credits.'),
      ),
      outcome: 'rejected',
      code: 'JOURNAL_UNBALANCED',
    },
    {
      name: 'the period is closed',
      exchanges: ending(applied, period, rowWith(applied[period], { state: 'closed' })),
      outcome: 'rejected',
      code: 'PERIOD_CLOSED',
    },
    {
      name: 'there is no period of its day',
      exchanges: ending(applied, period, { body: { result: [] } }),
      outcome: 'rejected',
      code: 'PERIOD_CLOSED',
    },
    {
      name: 'the period is in a state that nobody knows',
      exchanges: ending(applied, period, rowWith(applied[period], { state: 'kit-unknown-word' })),
      outcome: 'thrown',
    },
    {
      name: 'one of its accounts is closed',
      exchanges: ending(applied, accounts, { body: { result: [] } }),
      outcome: 'rejected',
      code: 'ACCOUNT_UNKNOWN',
    },
    {
      name: 'the draft has other amounts',
      exchanges: ending(applied, drafted, rowWith(applied[drafted], { credit: decimal('13.58') })),
      outcome: 'rejected',
      code: 'JOURNAL_DIFFERS',
    },
    {
      name: 'the draft has other accounts',
      exchanges: ending(applied, drafted, rowWith(applied[drafted], { account: 9999 })),
      outcome: 'rejected',
      code: 'JOURNAL_DIFFERS',
    },
    {
      name: 'the button answers nothing, and it is not posted',
      exchanges: ending(applied, read, (applied[draft] as Exchange).answer),
      outcome: 'rejected',
      code: 'ERP_STATE_UNCHANGED',
    },
    {
      name: 'another entry bears its key',
      exchanges: ending(applied, read, { body: { result: twice } }),
      outcome: 'rejected',
      code: 'DUPLICATE_JOURNALS',
    },
    {
      name: 'it is posted with other amounts',
      exchanges: ending(applied, end, rowWith(applied[end], { credit: decimal('13.58') })),
      outcome: 'rejected',
      code: 'TOTAL_MISMATCH',
    },
    {
      name: 'it is in a state that nobody knows',
      exchanges: ending(applied, read, rowWith(applied[read], { state: 'kit-unknown-word' })),
      outcome: 'thrown',
    },
  ];
}

export function stockMoveDeceptions(): Deception[] {
  const { applied } = recorded('stock-move');
  const done = last(applied, 'stock.shipment.out.return.done');
  const shipment = applied.findIndex(({ name }, at) => at > done && name === 'model.stock.shipment.out.return.read');
  const end = applied.length - 1;
  return [
    ...buttonDeceptions(applied, 'stock.shipment.out.return.done'),
    {
      name: 'the button answers nothing, and the shipment is not done',
      exchanges: ending(applied, shipment, rowWith(applied[shipment], { state: 'received' })),
      outcome: 'rejected',
      code: 'ERP_STATE_UNCHANGED',
    },
    {
      name: 'the units were put elsewhere',
      exchanges: ending(applied, end, rowWith(applied[end], { to_location: 3 })),
      outcome: 'rejected',
      code: 'STOCK_ELSEWHERE',
    },
  ];
}

export function supplierClaimDeceptions(): Deception[] {
  const { applied } = recorded('supplier-claim');
  const read = last(applied, 'account.invoice.search_read');
  const supplier = last(applied, 'party.party.search_read');
  const { result: found } = (applied[read] as Exchange).answer.body as { result: object[] };
  return [
    ...buttonDeceptions(applied, 'account.invoice.create'),
    {
      name: 'the ERP no longer has the supplier',
      exchanges: ending(applied, supplier, { body: { result: [] } }),
      outcome: 'rejected',
      code: 'SUPPLIER_UNKNOWN',
    },
    {
      name: 'it was made and is not there',
      exchanges: ending(applied, read, { body: { result: [] } }),
      outcome: 'rejected',
      code: 'SUPPLIER_CLAIM_GONE',
    },
    {
      name: 'it comes to another total',
      exchanges: ending(applied, read, rowWith(applied[read], { total_amount: decimal('-15.01') })),
      outcome: 'rejected',
      code: 'TOTAL_MISMATCH',
    },
    {
      name: 'another one bears its key',
      exchanges: ending(applied, read, { body: { result: [...found, { ...found[0], id: 9999 }] } }),
      outcome: 'rejected',
      code: 'DUPLICATE_SUPPLIER_CLAIMS',
    },
    {
      name: 'somebody has cancelled it',
      exchanges: ending(applied, read, rowWith(applied[read], { state: 'cancelled' })),
      outcome: 'rejected',
      code: 'SUPPLIER_CLAIM_CANCELLED',
    },
    {
      name: 'it is in a state that nobody knows',
      exchanges: ending(applied, read, rowWith(applied[read], { state: 'kit-unknown-word' })),
      outcome: 'thrown',
    },
  ];
}
