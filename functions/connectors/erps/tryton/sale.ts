import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import { formatMoney } from '#core/kernel/money.ts';
import type { TaxPlan } from './booking.ts';
import type { Calls, Values } from './calls.ts';
import { minorFromDecimal } from './decimal.ts';
import { TrytonFailure } from './failure.ts';
import { decimal, ids } from './wire.ts';

/**
 * A sale of Tryton, which is both our sales order and (with negative quantities) our return document, on its way
 * `draft → quotation → confirmed → processing → done`. Every step reads the state again, because a button pressed in the
 * wrong state answers null, and because a person or a queue worker may have moved the sale.
 */
export const SALE = 'sale.sale';

const TAXES = { taxes: ids };
const SHAPE = {
  number: z.nullable(z.string()),
  state: z.enum(['draft', 'quotation', 'confirmed', 'processing', 'done', 'cancelled']),
  total_amount: z.nullable(decimal),
  lines: ids,
  shipments: ids,
  shipment_returns: ids,
  invoices: ids,
};

export type Sale = Awaited<ReturnType<typeof findSale>> & object;

/** What a sale must be; `total` in minor units, negative for a return. */
export type SaleWanted = {
  readonly webId: string;
  readonly currency: string;
  readonly total: number;
  /** The best plan for its tax that is still open: the other one is tried when the ERP's total is another. */
  readonly plan: TaxPlan;
  /** Values to create it with, without lines and `web_id`. */
  values(): Promise<Values>;
  /** Values of its lines. */
  lines(plan: TaxPlan): Promise<readonly Values[]>;
};

export async function findSale(calls: Calls, webId: string) {
  const [found] = await calls.find(SALE, [['web_id', '=', webId]], SHAPE, { limit: 1 });
  return found;
}

/** The sale as processed by the ERP, at the wanted total: made, or taken up where an earlier attempt left it. */
export async function processedSale(calls: Calls, wanted: SaleWanted): Promise<Sale> {
  let sale = (await findSale(calls, wanted.webId)) ?? (await created(calls, wanted));
  for (let last: Sale['state'] | undefined; !isProcessed(sale); ) {
    if (sale.state === 'cancelled') {
      throw new BusinessError(
        'SALE_CANCELLED',
        `somebody cancelled sale ${label(sale, wanted)} in the ERP: reset it to draft there, or give the operation up`,
      );
    }
    if (sale.state === last) {
      throw new BusinessError(
        'ERP_STATE_UNCHANGED',
        `sale ${label(sale, wanted)} stays in state "${sale.state}": see in the ERP what keeps it there`,
      );
    }
    last = sale.state;
    sale = await advance(calls, sale, wanted);
  }
  assertTotal(sale, wanted);
  return sale;
}

/** The sale, if it is processed and comes to the wanted total. */
export async function foundProcessed(
  calls: Calls,
  wanted: Pick<SaleWanted, 'webId' | 'currency' | 'total'>,
): Promise<Sale | undefined> {
  const sale = await findSale(calls, wanted.webId);
  if (!sale || !isProcessed(sale)) return undefined;
  assertTotal(sale, wanted);
  return sale;
}

const isProcessed = ({ state }: Pick<Sale, 'state'>): boolean => state === 'processing' || state === 'done';

async function created(calls: Calls, wanted: SaleWanted): Promise<Sale> {
  const lines = await wanted.lines(wanted.plan);
  const values = { ...(await wanted.values()), web_id: wanted.webId, lines: [['create', lines]] };
  try {
    await calls.create(SALE, values);
  } catch (error) {
    // Somebody with the same key was first: it is our own earlier call, so what stands there is what we want.
    if (!(error instanceof TrytonFailure && error.code === 'DUPLICATE_KEY')) throw error;
  }
  return await again(calls, wanted);
}

/** Does the sale's next step; answers it as it was read after that. */
async function advance(calls: Calls, sale: Sale, wanted: SaleWanted): Promise<Sale> {
  if (sale.state === 'draft') return await quoteAtTotal(calls, sale, wanted);
  if (sale.state === 'quotation') {
    // An earlier attempt was cut off between the quotation and its comparison: quoted anew, it is compared.
    const asWanted = totalOf(sale, wanted.currency) === wanted.total;
    await calls.press(SALE, asWanted ? 'confirm' : 'draft', [sale.id]);
  } else {
    // Without a queue worker the ERP processes at confirmation, in a transaction of its own that can fail alone.
    await calls.press(SALE, 'process', [sale.id]);
  }
  return await again(calls, wanted);
}

/**
 * Quotes the draft. The ERP rounds tax over the document, so a quotation can differ from the channel's total by cents: then
 * the lines are replaced, in one call, by lines that hold the channel's tax as amounts. A draft that still differs stays
 * a draft.
 */
async function quoteAtTotal(calls: Calls, draft: Sale, wanted: SaleWanted): Promise<Sale> {
  await calls.press(SALE, 'quote', [draft.id]);
  const quoted = await again(calls, wanted);
  const total = totalOf(quoted, wanted.currency);
  if (quoted.state !== 'quotation' || total === wanted.total) return quoted;

  await calls.press(SALE, 'draft', [draft.id]);
  if (!(await hasErpTaxes(calls, quoted.lines))) throw totalMismatch(quoted, wanted);
  const lines = await wanted.lines('collected-lines');
  await calls.write(SALE, [draft.id], {
    lines: [
      ['delete', quoted.lines],
      ['create', lines],
    ],
  });
  await calls.press(SALE, 'quote', [draft.id]);
  const requoted = await again(calls, wanted);
  if (totalOf(requoted, wanted.currency) === wanted.total) return requoted;
  await calls.press(SALE, 'draft', [draft.id]);
  throw totalMismatch(requoted, wanted);
}

/** Whether the ERP computes tax on any of the lines. */
export async function hasErpTaxes(calls: Calls, lines: readonly number[]): Promise<boolean> {
  const found = await calls.read('sale.line', lines, TAXES);
  return found.some(({ taxes }) => taxes.length > 0);
}

async function again(calls: Calls, { webId }: Pick<SaleWanted, 'webId'>): Promise<Sale> {
  const sale = await findSale(calls, webId);
  if (sale) return sale;
  throw new BusinessError('SALE_GONE', `sale with web id ${webId} disappeared from the ERP while it was worked on`);
}

const totalOf = (sale: Sale, currency: string): number =>
  sale.total_amount === null ? 0 : minorFromDecimal(sale.total_amount.decimal, currency);

function assertTotal(sale: Sale, wanted: Pick<SaleWanted, 'webId' | 'currency' | 'total'>): void {
  if (totalOf(sale, wanted.currency) !== wanted.total) throw totalMismatch(sale, wanted);
}

function totalMismatch(sale: Sale, wanted: Pick<SaleWanted, 'webId' | 'currency' | 'total'>): BusinessError {
  const { currency } = wanted;
  const has = formatMoney({ minor: totalOf(sale, currency), currency });
  const must = formatMoney({ minor: wanted.total, currency });
  return new BusinessError(
    'TOTAL_MISMATCH',
    `sale ${label(sale, wanted)} comes to ${has} ${currency} in the ERP and must come to ${must}: mend its lines there, or the account's tax settings`,
  );
}

const label = (sale: Sale, { webId }: Pick<SaleWanted, 'webId'>): string =>
  sale.number === null ? `with web id ${webId}` : `${sale.number} (web id ${webId})`;
