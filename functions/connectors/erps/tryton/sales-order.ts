import type { CallContext } from '#application/ports/connector.ts';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { BookingContent } from '#core/orders/reactions.ts';
import { defaultAddress, shipToAddress } from './address.ts';
import type { Part } from './booking.ts';
import type { Calls, Values } from './calls.ts';
import { lineValues, type Workbench } from './document.ts';
import { webIdOfExchange, webIdOfOrder } from './external-key.ts';
import { orderSale, partyOfOrder } from './order-sale.ts';
import type { Made } from './outcome.ts';
import { proveMadeOnce } from './proofs.ts';
import { foundProcessed, processedSale, type Sale } from './sale.ts';
import { productForFee, type TrytonSettings } from './settings.ts';
import { dateOf } from './wire.ts';

/**
 * `erp/sales-order`: a sale with the order's key, processed by the ERP (so that its shipment waits in the warehouse), at
 * the total the channel charged less what the marketplace remits itself.
 */
export async function bookSalesOrder(
  calls: Calls,
  bench: Workbench,
  operation: Operation,
  context: CallContext,
): Promise<Made> {
  const content = operation.content as unknown as BookingContent;
  const parts = orderParts(content, bench.settings);
  const sale = await processedSale(calls, {
    ...identity(operation, content),
    plan: 'erp-taxes',
    values: () => headerValues(calls, bench, content, context),
    lines: (plan) => lineValues(calls, bench, parts, plan, 1, content.currency),
  });
  return await proven(calls, sale, content);
}

export async function findSalesOrder(calls: Calls, operation: Operation): Promise<Made | undefined> {
  const content = operation.content as unknown as BookingContent;
  const sale = await foundProcessed(calls, identity(operation, content));
  return sale && (await proven(calls, sale, content));
}

const identity = (operation: Operation, { currency, total, replaces }: BookingContent) => ({
  webId: replaces ? webIdOfExchange(operation.subject) : webIdOfOrder(operation.subject),
  currency,
  total,
});

async function proven(calls: Calls, sale: Sale, { total }: BookingContent): Promise<Made> {
  await proveMadeOnce(calls, sale);
  return { ref: String(sale.id), facts: { number: sale.number ?? '', total } };
}

/** Lines, shipping and fees of an order, each as something with a product. */
export function orderParts(content: BookingContent, settings: TrytonSettings): Part[] {
  const shipping: Part = { sku: settings.products.shipping, quantity: 1, ...content.shipping };
  const fees = content.fees.map(({ kind, net }): Part => {
    const sku = net === 0 ? '' : productForFee(settings, kind);
    if (sku !== undefined) return { sku, quantity: 1, net, taxes: [] };
    throw new BusinessError(
      'FEE_NOT_MAPPED',
      `the order has a fee of kind "${kind}", and the account's settings name no product for it: name one under products.fees`,
    );
  });
  const charges = [shipping, ...fees].filter(({ net, taxes }) => net !== 0 || taxes.some(({ amount }) => amount !== 0));
  return [...content.lines.filter(({ quantity, net }) => quantity > 0 || net !== 0), ...charges];
}

async function headerValues(
  calls: Calls,
  { directory, settings }: Workbench,
  content: BookingContent,
  context: CallContext,
): Promise<Values> {
  const { invoiceOnShipment } = await calls.series();
  const { shop, company } = await directory.shop(calls);
  const party = content.replaces ? undefined : await directory.party(calls);
  const paymentTerm = await directory.paymentTerm(calls);
  return {
    company,
    web_shop: shop,
    reference: content.number,
    currency: await directory.currency(calls, content.currency),
    warehouse: await directory.location(calls, settings.warehouse),
    sale_date: dateOf(content.placedAt),
    shipment_method: 'order',
    invoice_method: invoiceOnShipment,
    ...(party === undefined
      ? await partyReplaced(calls, content)
      : await addressedTo(calls, directory, context, party)),
    ...(paymentTerm !== undefined && { payment_term: paymentTerm }),
  };
}

/** An exchange goes where the order went, whose sale names the buyer's address. */
async function partyReplaced(calls: Calls, { replaces }: BookingContent): Promise<Values> {
  if (!replaces) throw new Error('an order without a party replaces another');
  return await partyOfOrder(calls, await orderSale(calls, replaces));
}

async function addressedTo(
  calls: Calls,
  directory: Workbench['directory'],
  context: CallContext,
  party: number,
): Promise<Values> {
  const personal = await context.personal();
  return {
    party,
    invoice_address: await defaultAddress(calls, party),
    shipment_address: await shipToAddress(calls, directory, party, personal?.shipTo),
  };
}
