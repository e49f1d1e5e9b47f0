import { takeDelivery, takeFulfillment, takeOrder } from '#application/orders/take-order.ts';
import { takeChannelRefund } from '#application/refunds/take-channel-refund.ts';
import { accountOf, once } from '#platform/env.ts';
import { intakeHandler } from '#platform/handlers/intake.ts';
import { ids, intakeBasis } from '#platform/handlers/on-aws.ts';
import { orderPorts, refundPorts } from '../../../../handlers/wiring/aggregates.ts';
import { parseSettings } from '../settings.ts';
import { shopifyTranslator } from '../translate.ts';

/** Each account has its own shop, and takes no message of another. */
const translator = shopifyTranslator({
  shopDomain: (account) => parseSettings(accountOf({ connector: 'shopify', account }).settings).shopDomain,
});

const ports = once(() => ({
  ...intakeBasis(),
  translator,
  takers: {
    order: takeOrder(orderPorts()),
    delivery: takeDelivery(orderPorts()),
    'channel-fulfillment': takeFulfillment(orderPorts()),
    'channel-refund': takeChannelRefund(refundPorts()),
  },
}));

export const handler = intakeHandler(ports, ids);
