import { BusinessError } from '#core/kernel/errors.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { CreditMemoContent } from '#core/returns/return.ts';
import type { Calls } from './calls.ts';
import { lineValues, type Workbench } from './document.ts';
import { webIdOfReturn } from './external-key.ts';
import { headerValues } from './item-receipt.ts';
import { orderSale } from './order-sale.ts';
import { foundProcessed, hasErpTaxes, processedSale, type Sale } from './sale.ts';

type WithoutGoods = Extract<CreditMemoContent, { withoutGoods: object }>;

/**
 * The document of a credit for goods that the buyer keeps. It is a return sale like any other, of the service product that
 * the settings name for allowances instead of the goods: Tryton moves no stock for a service, so nothing is received and
 * nothing becomes sellable again, while price and tax are those of the units.
 */
export async function allowanceSale(
  calls: Calls,
  bench: Workbench,
  operation: Operation,
  content: WithoutGoods,
  now: string,
): Promise<Sale> {
  const { withoutGoods, currency, returnId } = content;
  const sku = bench.settings.products.allowance;
  if (sku === undefined) {
    throw new BusinessError(
      'ALLOWANCE_NOT_MAPPED',
      `the buyer keeps the goods of return ${returnId}, and the account's settings name no service product for that credit: name one under products.allowance`,
    );
  }
  const order = await orderSale(calls, withoutGoods);
  const parts = withoutGoods.lines.filter(({ quantity }) => quantity > 0).map((line) => ({ ...line, sku }));
  const header = { rma: withoutGoods.rma, currency, receivedAt: now };
  return await processedSale(calls, {
    ...identity(operation, content),
    plan: (await hasErpTaxes(calls, order.lines)) ? 'erp-taxes' : 'collected-lines',
    values: () => headerValues(calls, bench, header, order),
    lines: (plan) => lineValues(calls, bench, parts, plan, -1, currency),
  });
}

export const findAllowanceSale = (
  calls: Calls,
  operation: Operation,
  content: WithoutGoods,
): Promise<Sale | undefined> => foundProcessed(calls, identity(operation, content));

const identity = (operation: Operation, { currency, total }: WithoutGoods) => ({
  webId: webIdOfReturn(operation.subject),
  currency,
  total: -total,
});
