import { BusinessError } from '#core/kernel/errors.ts';
import type { Money } from '#core/kernel/money.ts';
import type { LineQuantity } from '#core/kernel/quantity.ts';
import { amount, orderKey, type TaxLine } from '#core/orders/order.ts';
import type { OpenOrder, OrderState } from '#core/orders/state.ts';
import { returnableUnits } from '#core/returns/policy.ts';
import { parseReturnKey } from '#core/returns/return.ts';
import { deliveryOf } from '#core/returns/window.ts';
import type { ForeignIds, Store } from '../ports/store.ts';

export type LookUpPorts = { readonly store: Store; readonly foreignIds: ForeignIds };

export type OrderQuestion = {
  /** The channel's id of the order, or the number that people use, with or without its "#". */
  readonly reference: string;
  readonly channel?: string;
  readonly account?: string;
};

/** Who asks, and which channel accounts it may ask about. */
export type Asker = {
  readonly platform: string;
  readonly account: string;
  readonly mayAsk: (channel: string, account: string) => boolean;
};

type Charge = {
  readonly net: Money;
  readonly taxes: readonly (Omit<TaxLine, 'amount'> & { readonly amount: Money })[];
};

/**
 * What a returns platform needs of an order to offer a return. Who the buyer is and where exactly they live is not in it:
 * country and kind of customer are all that rules ask for.
 */
export type OrderAnswer = {
  readonly channel: string;
  readonly account: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly status: OpenOrder['status'];
  readonly orderedAt: string;
  readonly currency: string;
  readonly total: Money;
  readonly shipping: Charge;
  readonly customerType: 'consumer' | 'business';
  readonly shipToCountry?: string;
  readonly lines: readonly (Charge & {
    readonly lineId: string;
    readonly sku: string;
    readonly title?: string;
    readonly quantity: number;
    readonly shipped: number;
    readonly returning: number;
    readonly refunded: number;
    /** Units that could come back by their number; whether they may is asked with an eligibility check. */
    readonly returnable: number;
  })[];
  readonly shipments: readonly {
    readonly shipmentId: string;
    readonly shippedAt: string;
    /** The day that the return window is counted from, where the delivery was reported. */
    readonly deliveredAt?: string;
    readonly trackingNumber?: string;
    readonly lines: readonly LineQuantity[];
  }[];
  /** The asking platform's own returns of the order. */
  readonly returns: readonly string[];
};

/**
 * Finds an order by what people know it by. Throws BusinessError ORDER_NOT_FOUND, also for an order that the asker may not
 * see, and ORDER_AMBIGUOUS when several channels have one of that number.
 */
export async function lookUpOrder(ports: LookUpPorts, question: OrderQuestion, asker: Asker): Promise<OrderAnswer> {
  const found = new Map<string, OpenOrder>();
  for (const key of await candidates(ports, question)) {
    const stored = await ports.store.load<OrderState>(key);
    if (stored && stored.state.status !== 'none' && fits(stored.state, question, asker)) found.set(key, stored.state);
  }
  const [order, ...more] = found.values();
  if (!order)
    throw new BusinessError('ORDER_NOT_FOUND', 'no such order: check the reference, or ask when it has arrived');
  if (more.length > 0) {
    const named = [order, ...more].map(({ id }) => `${id.channel}/${id.account}`).join(', ');
    throw new BusinessError('ORDER_AMBIGUOUS', `${named} each have such an order: name the channel and the account`);
  }
  return orderAnswer(order, asker);
}

/** No number is shared by more channels than a retailer has. */
const MOST_CANDIDATES = 20;

async function candidates({ foreignIds }: LookUpPorts, { reference, channel, account }: OrderQuestion) {
  const own =
    channel !== undefined && account !== undefined ? [orderKey({ channel, account, orderId: reference })] : [];
  const numbers = reference.startsWith('#') ? [reference] : [reference, `#${reference}`];
  const known = await Promise.all(numbers.map((number) => foreignIds.subjectsOf(number)));
  return [...own, ...known.flat().filter((key) => key.startsWith('ORDER#'))].slice(0, MOST_CANDIDATES);
}

/** A tracking number or the ERP's own number would find it too: only the number and the id are a buyer's to know. */
function fits({ id, number }: OpenOrder, { reference, channel, account }: OrderQuestion, { mayAsk }: Asker): boolean {
  const named = [id.orderId, number].includes(reference) || number === `#${reference}`;
  return (
    named &&
    (channel === undefined || channel === id.channel) &&
    (account === undefined || account === id.account) &&
    mayAsk(id.channel, id.account)
  );
}

function orderAnswer(order: OpenOrder, asker: Asker): OrderAnswer {
  const { id, number, status, placedAt, currency, total, customer } = order;
  const charge = ({ net, taxes }: { readonly net: number; readonly taxes: readonly TaxLine[] }): Charge => ({
    net: amount(order, net),
    taxes: taxes.map((tax) => ({ ...tax, amount: amount(order, tax.amount) })),
  });
  return {
    channel: id.channel,
    account: id.account,
    orderId: id.orderId,
    orderNumber: number,
    status,
    orderedAt: placedAt,
    currency,
    total: amount(order, total),
    shipping: charge(order.shipping),
    customerType: customer.type,
    ...(customer.country !== undefined && { shipToCountry: customer.country }),
    lines: order.lines.map((line) => ({
      lineId: line.lineId,
      sku: line.sku,
      ...(line.title !== undefined && { title: line.title }),
      quantity: line.quantity,
      shipped: line.shipped,
      returning: line.returning,
      refunded: line.refunded,
      returnable: returnableUnits(order, line.lineId),
      ...charge(line),
    })),
    shipments: order.shipments.map((shipment) => shipmentAnswer(order, shipment)),
    returns: order.returns
      .map(parseReturnKey)
      .filter((one) => isOf(asker, one))
      .map(({ returnId }) => returnId),
  };
}

const isOf = (asker: Asker, { platform, account }: { readonly platform: string; readonly account: string }): boolean =>
  platform === asker.platform && account === asker.account;

function shipmentAnswer(order: OpenOrder, shipment: OpenOrder['shipments'][number]): OrderAnswer['shipments'][number] {
  const { shipmentId, shippedAt, trackingNumber, lines } = shipment;
  const deliveredAt = deliveryOf(order, shipment);
  return {
    shipmentId,
    shippedAt,
    ...(deliveredAt !== undefined && { deliveredAt }),
    ...(trackingNumber !== undefined && { trackingNumber }),
    lines,
  };
}
