import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { ItemReceiptContent } from '#core/returns/return.ts';
import type { Part } from './booking.ts';
import type { Calls, Values } from './calls.ts';
import { lineValues, type Workbench } from './document.ts';
import { webIdOfReturn } from './external-key.ts';
import { orderSale, partyOfOrder } from './order-sale.ts';
import type { Made } from './outcome.ts';
import { proveMadeOnce, theOnly } from './proofs.ts';
import { foundProcessed, hasErpTaxes, processedSale, SALE, type Sale } from './sale.ts';
import { dateOf } from './wire.ts';

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
    values: () => headerValues(calls, bench, content, order),
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

/** Header of a document that takes back what an order sold: goods, or money alone. */
export async function headerValues(
  calls: Calls,
  { directory, settings }: Workbench,
  content: Pick<ItemReceiptContent, 'rma' | 'currency' | 'receivedAt'>,
  order: Sale,
): Promise<Values> {
  const { shop, company } = await directory.shop(calls);
  return {
    ...(await partyOfOrder(calls, order)),
    company,
    web_shop: shop,
    origin: `${SALE},${order.id}`,
    reference: content.rma,
    currency: await directory.currency(calls, content.currency),
    warehouse: await directory.location(calls, settings.warehouse),
    sale_date: dateOf(content.receivedAt),
    shipment_method: 'order',
    invoice_method: 'order',
  };
}
