import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import type { ItemReceiptContent } from '#core/returns/return.ts';
import type { Calls, Values } from './calls.ts';
import { webIdOfOrder } from './external-key.ts';
import { findSale, SALE, type Sale } from './sale.ts';
import { id } from './wire.ts';

const ORDER_SHAPE = {
  party: id,
  invoice_address: z.nullable(id),
  shipment_address: z.nullable(id),
  payment_term: z.nullable(id),
};

/** The sale of the order that goods come back of, or that goods go out for in exchange. */
export async function orderSale(
  calls: Calls,
  {
    orderKey,
    salesOrderRef,
    salesOrderNumber,
  }: Pick<ItemReceiptContent, 'orderKey' | 'salesOrderRef' | 'salesOrderNumber'>,
): Promise<Sale> {
  const sale = await findSale(calls, webIdOfOrder(orderKey));
  if (sale && String(sale.id) === salesOrderRef) return sale;
  throw new BusinessError(
    'SALES_ORDER_UNKNOWN',
    `the ERP has no sale ${salesOrderNumber} (id ${salesOrderRef}) for ${orderKey}: was the ERP's database replaced?`,
  );
}

/** Party and addresses are those of the order's sale, so that no personal data is needed here. */
export async function partyOfOrder(calls: Calls, sale: Pick<Sale, 'id'>): Promise<Values> {
  const [order] = await calls.read(SALE, [sale.id], ORDER_SHAPE);
  const { id: _id, ...taken } = order as NonNullable<typeof order>;
  return taken;
}
