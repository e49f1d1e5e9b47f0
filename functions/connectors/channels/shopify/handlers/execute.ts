import { orderSubject } from '#application/orders/order-subject.ts';
import { refundSubject } from '#application/refunds/record-refund-outcome.ts';
import { secretPart } from '#platform/aws/secrets.ts';
import { accountOf, once } from '#platform/env.ts';
import { executeHandler } from '#platform/handlers/execute.ts';
import { ids, secrets } from '#platform/handlers/on-aws.ts';
import { orderPorts, refundPorts } from '../../../../handlers/wiring/aggregates.ts';
import { executePorts, perAccount } from '../../../../handlers/wiring/executing.ts';
import { shopifyConnector } from '../connector.ts';
import { parseSettings } from '../settings.ts';

const shopify = perAccount((target) => {
  const { settings, secretName } = accountOf(target);
  const accessToken = async () => secretPart(secretName, await secrets().get(secretName), 'accessToken');
  return shopifyConnector({ settings: parseSettings(settings), accessToken });
});

export const handler = executeHandler(
  once(() =>
    executePorts({
      executor: shopify,
      subjects: { ORDER: orderSubject(orderPorts()), REFUND: refundSubject(refundPorts()) },
    }),
  ),
  ids,
);
