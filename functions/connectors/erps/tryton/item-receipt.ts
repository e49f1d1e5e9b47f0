import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { ItemReceiptContent } from '#core/returns/return.ts';
import type { Part } from './booking.ts';
import type { Calls, Values } from './calls.ts';
import { lineValues, type Workbench } from './document.ts';
import { webIdOfOrder, webIdOfReturn } from './external-key.ts';
import type { Made } from './outcome.ts';
import { proveMadeOnce, theOnly } from './proofs.ts';
import { findSale, foundProcessed, hasErpTaxes, processedSale, SALE, type Sale } from './sale.ts';
import { dateOf, id } from './wire.ts';

export const RETURN_SHIPMENT = 'stock.shipment.out.return';

const RETURN_SHAPE = { number: z.string(), state: z.enum(['draft', 'received', 'done', 'cancelled']) };

/**
 * `erp/item-receipt`: goods of a return are in the house. Tryton's return document is a sale with negative quantities that
 * points back at the order's sale; its return shipment is received into the warehouse's input zone, where the units can't
 * be sold, until `erp/stock-move` puts them away.
 *
 * The return is invoiced when ordered and not when shipped: so the ERP drafts one credit memo with all lines at once,
 * while `shipment` would credit tax lines at processing and goods at receipt, in two documents.
 */
export async function receiveItems(calls: Calls, bench: Workbench, operation: Operation): Promise<Made> {
  const content = operation.content as unknown as ItemReceiptContent;
  const order = await orderSale(calls, content);
  const parts = returnedParts(content);
  const sale = await processedSale(calls, {
    ...identity(operation, content),
    // What the order booked as amounts is taken back as amounts.
    plan: (await hasErpTaxes(calls, order.lines)) ? 'erp-taxes' : 'collected-lines',
    values: () => headerValues(calls, bench, content, order.id),
    lines: (plan) => lineValues(calls, bench, parts, plan, -1, content.currency),
  });
  const shipment = await returnShipment(calls, sale);
  if (shipment?.state === 'draft') await calls.press(RETURN_SHIPMENT, 'receive', [shipment.id]);
  return await proven(calls, sale, content);
}

export async function findItemReceipt(calls: Calls, operation: Operation): Promise<Made | undefined> {
  const content = operation.content as unknown as ItemReceiptContent;
  const sale = await foundProcessed(calls, identity(operation, content));
  return sale && (await proven(calls, sale, content));
}

/** The return shipment of a return document that is not cancelled. */
export async function returnShipment(calls: Calls, sale: Pick<Sale, 'shipment_returns' | 'number'>) {
  const found = await calls.read(RETURN_SHIPMENT, sale.shipment_returns, RETURN_SHAPE);
  return theOnly(
    found.filter(({ state }) => state !== 'cancelled'),
    'return shipment',
    sale.number ?? '',
  );
}

const identity = (operation: Operation, { currency, total }: ItemReceiptContent) => ({
  webId: webIdOfReturn(operation.subject),
  currency,
  total: -total,
});

async function proven(calls: Calls, sale: Sale, content: ItemReceiptContent): Promise<Made> {
  await proveMadeOnce(calls, sale);
  const shipment = await returnShipment(calls, sale);
  if (shipment?.state === 'received' || shipment?.state === 'done') {
    return { ref: String(sale.id), facts: { number: sale.number ?? '' } };
  }
  throw new BusinessError(
    'RECEIPT_NOT_RECEIVED',
    `the goods of return ${content.rma} (return document ${sale.number}) are not received in the ERP: its return shipment is ${shipment?.state ?? 'missing'}`,
  );
}

const returnedParts = ({ lines }: ItemReceiptContent): Part[] => lines.filter(({ quantity }) => quantity > 0);

async function orderSale(
  calls: Calls,
  { orderKey, salesOrderRef, salesOrderNumber }: ItemReceiptContent,
): Promise<Sale> {
  const sale = await findSale(calls, webIdOfOrder(orderKey));
  if (sale && String(sale.id) === salesOrderRef) return sale;
  throw new BusinessError(
    'SALES_ORDER_UNKNOWN',
    `the ERP has no sale ${salesOrderNumber} (id ${salesOrderRef}) for ${orderKey}: was the ERP's database replaced?`,
  );
}

/** Party and addresses are those of the order's sale, so that no personal data is needed here. */
async function headerValues(
  calls: Calls,
  { directory, settings }: Workbench,
  content: ItemReceiptContent,
  orderSaleId: number,
): Promise<Values> {
  const { shop, company } = await directory.shop(calls);
  const shape = {
    party: id,
    invoice_address: z.nullable(id),
    shipment_address: z.nullable(id),
    payment_term: z.nullable(id),
  };
  const [order] = await calls.read(SALE, [orderSaleId], shape);
  const { id: _id, ...taken } = order as NonNullable<typeof order>;
  return {
    ...taken,
    company,
    web_shop: shop,
    origin: `${SALE},${orderSaleId}`,
    reference: content.rma,
    currency: await directory.currency(calls, content.currency),
    warehouse: await directory.location(calls, settings.warehouse),
    sale_date: dateOf(content.receivedAt),
    shipment_method: 'order',
    invoice_method: 'order',
  };
}
