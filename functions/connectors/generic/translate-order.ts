import type { ChannelOrder, OrderLine, PersonalData, TaxLine } from '#core/orders/order.ts';
import { utc } from '../wire.ts';
import { Amounts, taxLines } from './amounts.ts';
import type { WireOrder } from './wire.ts';

/** An order of the generic format. Throws PoisonError AMOUNT_MALFORMED with the path. */
export function translateOrder(wire: WireOrder, account: string): ChannelOrder {
  const amounts = new Amounts(wire.currency);
  return {
    id: { channel: 'generic', account, orderId: wire.orderId },
    number: wire.orderNumber ?? wire.orderId,
    // Two changes of one instant are told apart by the sender's own count.
    version: { updatedAt: Date.parse(wire.updatedAt), triggeredAt: wire.version },
    placedAt: utc(wire.placedAt),
    currency: wire.currency,
    lines: wire.lines.map((line, index) => orderLine(line, `data.lines.${index}`, wire.pricesIncludeTax, amounts)),
    shipping: shippingOf(wire, amounts),
    fees: [],
    total: amounts.minor(wire.total, 'data.total'),
    ...(wire.cancelledAt && { cancelledAt: utc(wire.cancelledAt) }),
    customer: profileOf(wire),
    personal: personalOf(wire),
  };
}

function orderLine(line: WireOrder['lines'][number], path: string, taxInside: boolean, amounts: Amounts): OrderLine {
  const taxes = taxLines(line.taxes, `${path}.taxes`, amounts);
  const discount = amounts.minor(line.discount ?? '0', `${path}.discount`);
  const gross = amounts.minor(line.unitPrice, `${path}.unitPrice`, line.quantity) - discount;
  return {
    lineId: line.lineId,
    sku: line.sku.trim(),
    ...(line.title !== undefined && { title: line.title }),
    quantity: line.quantity,
    net: taxInside ? gross - sum(taxes) : gross,
    discount,
    taxes,
  };
}

function shippingOf({ shipping, pricesIncludeTax }: WireOrder, amounts: Amounts): ChannelOrder['shipping'] {
  if (!shipping) return { net: 0, taxes: [] };
  const taxes = taxLines(shipping.taxes, 'data.shipping.taxes', amounts);
  const price = amounts.minor(shipping.price, 'data.shipping.price');
  return { net: pricesIncludeTax ? price - sum(taxes) : price, taxes };
}

const sum = (taxes: readonly TaxLine[]): number => taxes.reduce((total, { amount }) => total + amount, 0);

/** Three characters of a postal code find a region, and no household. */
const POSTAL_PREFIX = 3;

function profileOf({ customer, shipTo }: WireOrder): ChannelOrder['customer'] {
  return {
    ...(customer?.id !== undefined && { channelCustomerId: customer.id }),
    type: customer?.type ?? 'consumer',
    taxExempt: customer?.taxExempt ?? false,
    ...(shipTo && { country: shipTo.country }),
    ...(shipTo?.region !== undefined && { region: shipTo.region }),
    ...(shipTo?.postalCode !== undefined && { postalPrefix: shipTo.postalCode.slice(0, POSTAL_PREFIX) }),
  };
}

function personalOf({ customer, shipTo }: WireOrder): PersonalData {
  return {
    ...(customer?.email !== undefined && { email: customer.email }),
    ...(customer?.phone !== undefined && { phone: customer.phone }),
    ...(customer?.vatId !== undefined && { vatId: customer.vatId }),
    ...(shipTo && {
      shipTo: {
        ...(shipTo.name !== undefined && { name: shipTo.name }),
        ...(shipTo.company !== undefined && { company: shipTo.company }),
        lines: shipTo.lines,
        ...(shipTo.city !== undefined && { city: shipTo.city }),
        ...(shipTo.region !== undefined && { region: shipTo.region }),
        ...(shipTo.postalCode !== undefined && { postalCode: shipTo.postalCode }),
        country: shipTo.country,
        ...(shipTo.phone !== undefined && { phone: shipTo.phone }),
      },
    }),
  };
}
