import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import { formatMoney } from '#core/kernel/money.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { CreditMemoContent } from '#core/returns/return.ts';
import { allowanceSale, findAllowanceSale } from './allowance.ts';
import type { Calls } from './calls.ts';
import { minorFromDecimal } from './decimal.ts';
import type { Workbench } from './document.ts';
import type { Made } from './outcome.ts';
import { proveBalanced, theOnly } from './proofs.ts';
import { returnSale } from './return-sale.ts';
import type { Sale } from './sale.ts';
import { date, dateOf, decimal, id } from './wire.ts';

const INVOICE = 'account.invoice';

const SHAPE = {
  number: z.nullable(z.string()),
  state: z.enum(['draft', 'validated', 'posted', 'paid', 'cancelled']),
  invoice_date: z.nullable(date),
  total_amount: z.nullable(decimal),
  'currency.': z.object({ code: z.string() }),
  move: z.nullable(id),
};

type Invoice = Awaited<ReturnType<typeof creditMemo>> & object;

/**
 * `erp/credit-memo`: the customer invoice of negative amount that the ERP drafted for the return document, dated and
 * posted. It is compared to the cent before it is posted, because a posted one can't be taken back, and its journal entry
 * is proved balanced after.
 */
export async function postCreditMemo(calls: Calls, bench: Workbench, operation: Operation, now: string): Promise<Made> {
  const given = operation.content as unknown as CreditMemoContent;
  const content = given.withoutGoods
    ? onDocument(given, await allowanceSale(calls, bench, operation, given, now))
    : given;
  const draft = await creditMemo(calls, content);
  if (!draft) {
    throw new BusinessError(
      'CREDIT_MEMO_MISSING',
      `the ERP has no credit memo for return ${content.returnId}: see whether it was deleted, and process return document ${content.receiptRef} in the ERP again`,
    );
  }
  assertTotal(draft, content);
  if (!isPosted(draft)) {
    if (draft.invoice_date === null)
      await calls.write(INVOICE, [draft.id], { invoice_date: dateOf(content.creditDate ?? now) });
    await calls.press(INVOICE, 'post', [draft.id]);
  }
  const posted = await provenCreditMemo(calls, content);
  if (posted) return posted;
  throw new BusinessError(
    'ERP_STATE_UNCHANGED',
    `the credit memo of return ${content.returnId} is not posted although the ERP was asked to: see in the ERP what keeps it`,
  );
}

export async function findCreditMemo(calls: Calls, operation: Operation): Promise<Made | undefined> {
  const content = operation.content as unknown as CreditMemoContent;
  if (!content.withoutGoods) return await provenCreditMemo(calls, content);
  const sale = await findAllowanceSale(calls, operation, content);
  return sale && (await provenCreditMemo(calls, onDocument(content, sale)));
}

/** A credit memo and the document that the ERP drafted it for. */
type Drafted = Omit<CreditMemoContent, 'receiptRef' | 'withoutGoods'> & { readonly receiptRef: string };

const onDocument = (content: CreditMemoContent, { id: ref }: Sale): Drafted => ({
  ...content,
  receiptRef: String(ref),
});

async function provenCreditMemo(calls: Calls, content: Drafted): Promise<Made | undefined> {
  const memo = await creditMemo(calls, content);
  if (!memo || !isPosted(memo)) return undefined;
  assertTotal(memo, content);
  // An invoice of nothing has no journal entry.
  if (memo.move !== null) await proveBalanced(calls, memo.move);
  return { ref: String(memo.id), facts: { number: memo.number ?? '', total: content.total } };
}

async function creditMemo(calls: Calls, content: Drafted) {
  const sale = await returnSale(calls, content);
  const invoices = await calls.read(INVOICE, sale.invoices, SHAPE);
  return theOnly(
    invoices.filter(({ state }) => state !== 'cancelled'),
    'credit memo',
    content.returnId,
  );
}

const isPosted = ({ state }: Invoice): boolean => state === 'posted' || state === 'paid';

function assertTotal(memo: Invoice, { returnId, currency, total }: Drafted): void {
  const { code } = memo['currency.'];
  const has =
    memo.total_amount === null || code !== currency ? undefined : minorFromDecimal(memo.total_amount.decimal, code);
  if (has === -total) return;
  const must = formatMoney({ minor: -total, currency });
  throw new BusinessError(
    'TOTAL_MISMATCH',
    `the credit memo of return ${returnId} comes to ${memo.total_amount?.decimal ?? 'nothing'} ${code} in the ERP and must come to ${must} ${currency}: mend it there`,
  );
}
