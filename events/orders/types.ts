import { eventType } from '../event-type.ts';

export const orderCapturedV1 = eventType('order.captured.v1', 1, 'An order arrived from its channel and is stored.');

export const orderAmendedV1 = eventType(
  'order.amended.v1',
  1,
  'The channel changed what was ordered after the order was captured.',
);

export const orderCancelledV1 = eventType('order.cancelled.v1', 1, 'The channel cancelled the order.');

export const orderBookedV1 = eventType('order.booked.v1', 1, 'The ERP holds a sales order for it.');

export const orderBookingRefusedV1 = eventType(
  'order.booking-refused.v1',
  1,
  'The ERP refuses the order for a business reason; a case is open.',
);

export const orderShippedV1 = eventType('order.shipped.v1', 1, 'Goods of the order left the house.');

export const orderDeliveredV1 = eventType(
  'order.delivered.v1',
  1,
  'A parcel of the order, or all of it, arrived; sent again when a better report names another time.',
);

export const orderFulfillmentConfirmedV1 = eventType(
  'order.fulfillment-confirmed.v1',
  1,
  'The channel knows of the shipment.',
);

export const orderFulfillmentRefusedV1 = eventType(
  'order.fulfillment-refused.v1',
  1,
  'The channel refuses the shipment; a case is open.',
);

export const orderSettledV1 = eventType(
  'order.settled.v1',
  1,
  'A settlement of the channel says what it pays out for the order; sent again when a later collection says something else.',
);
