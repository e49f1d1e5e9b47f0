import { takeDelivery, takeOrder } from '#application/orders/take-order.ts';
import { takeReturnProgress } from '#application/returns/record-return-progress.ts';
import { once } from '#platform/env.ts';
import { intakeHandler } from '#platform/handlers/intake.ts';
import { ids, intakeBasis } from '#platform/handlers/on-aws.ts';
import { orderPorts, returnPorts } from '../../../handlers/wiring/aggregates.ts';
import { translator } from '../translate.ts';

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
