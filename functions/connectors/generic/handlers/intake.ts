import { takeDelivery, takeOrder } from '#application/orders/take-order.ts';
import { takeReturnProgress } from '#application/returns/record-return-progress.ts';
import { accountOf, once } from '#platform/env.ts';
import { intakeHandler } from '#platform/handlers/intake.ts';
import { ids, intakeBasis } from '#platform/handlers/on-aws.ts';
import { orderPorts, returnPorts } from '../../../handlers/wiring/aggregates.ts';
import { parseSettings } from '../settings.ts';
import { genericTranslator } from '../translate.ts';

/** Its own orders apart, an account may speak of those that it may ask about. */
const translator = genericTranslator({
  channels: (account) => parseSettings(accountOf({ connector: 'generic', account }).settings).api.channels,
});

const ports = once(() => ({
  ...intakeBasis(),
  translator,
  takers: {
    order: takeOrder(orderPorts()),
    delivery: takeDelivery(orderPorts()),
    'return-progress': takeReturnProgress(returnPorts()),
  },
}));

export const handler = intakeHandler(ports, ids);
