import type { Routing } from '#application/orders/order-aggregate.ts';
import { manifest as shopify } from '#connectors/channels/shopify/manifest.ts';
import type { Target } from '#core/operations/operation.ts';
import { jsonEnv, once } from '#platform/env.ts';

/** Channels that want to hear of shipments, by what their manifest says they can be told. */
const TOLD_OF_SHIPMENTS = [shopify].filter(({ operations }) => 'channel/fulfillment' in operations).map(({ id }) => id);

/** Which ERP account books which channel account, as deployed (`{"erp": {"default": "tryton/main", …}}`). */
export const routing = once((): Routing => {
  const erps = jsonEnv('CROSSDOCK_ROUTING', (given) => (given as { erp: Record<string, string> }).erp);
  return {
    orderRouting: (channel, account) => ({
      erp: targetOf(erps[`${channel}/${account}`] ?? erps.default ?? ''),
      channelTakesFulfillments: TOLD_OF_SHIPMENTS.includes(channel),
    }),
  };
});

/** An ERP account by its name, `<connector>/<account>`. */
export function targetOf(name: string): Target {
  const [connector, account] = name.split('/');
  if (!connector || !account) throw new Error(`routing names the ERP "${name}": name it as <connector>/<account>`);
  return { connector, account };
}
