import { styleText } from 'node:util';
import { webIdOfOrder, webIdOfReturn } from '#connectors/erps/tryton/external-key.ts';
import { formatMoney } from '#core/kernel/money.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { sitDown } from '../erp/desk.ts';
import type { World } from '../world.ts';
import { lookInto } from './look.ts';
import { sampleOrder } from './sample-order.ts';
import { waitFor } from './wait-for.ts';

export type Told = { readonly orderKey: string; readonly returnKey: string };

type Say = (text: string) => void;

/**
 * One order and one return, all the way: told step by step as it happens, with the ids, amounts and documents that the
 * ERP, the shop and Crossdock show. Every line is read from the system that it speaks of. Throws when a step does not come
 * about.
 */
export async function tellStory(
  world: World,
  say: Say,
  { orderId = '450789469', number = '#1001', patienceSeconds = 90 } = {},
): Promise<Told> {
  const { shop, platform, erp } = world;
  const look = lookInto(world);
  const desk = await sitDown(erp);
  const orderKey = `ORDER#shopify#main#${orderId}`;
  const webId = webIdOfOrder(orderKey);
  const money = (minor: number) => formatMoney({ minor, currency: 'USD' });
  const step = (title: string) => say(`\n${styleText('bold', title)}`);
  const orderNow = () => look.state<OpenOrder>(orderKey);

  step('1. The shop sells; its webhook arrives, five times over');
  const placed = shop.placeOrder(await sampleOrder(orderId, number), { times: 5 });
  await shop.settled();
  say(`   Shopify order ${placed.name} (${placed.id}), ${money(placed.total)} USD, ${placed.lines.length} lines`);
  say(
    `   ${shop.deliveries.filter(({ what }) => what === 'orders/create').length} deliveries, answered ${unique(shop.deliveries.map(({ status }) => status)).join(', ')}`,
  );

  step('2. Crossdock books it in the ERP');
  const booked = await waitFor(
    'the ERP to hold the order',
    async () => (await orderNow())?.erp && orderNow(),
    patienceSeconds,
  );
  const { sales } = await desk.documents(webId);
  const [sale] = sales;
  if (!booked || !sale) throw new Error('the order is booked, and the ERP shows no sale for it');
  say(`   order state "${booked.status}", operation erp/sales-order/shopify/main/${orderId}`);
  say(`   ERP: ${sales.length} sale, number ${sale.number}, ${sale.total} USD, state ${sale.state}, key ${sale.webId}`);
  if (sales.length !== 1) throw new Error(`five deliveries made ${sales.length} sales`);

  step('3. The warehouse ships; the shop hears of it');
  const shipments = await desk.ship(webId, '1Z999AA10123456784');
  say(`   ERP: shipment ${shipments.join(', ')} done`);
  await world.tick('tryton/poll-shipments');
  await waitFor('the shop to hear of the shipment', async () => placed.fulfillments[0]);
  await waitFor('the order to be shipped', async () => (await orderNow())?.status === 'shipped');
  const [fulfillment] = placed.fulfillments;
  say(`   Shopify: fulfillment ${fulfillment?.name}, tracking ${fulfillment?.tracking.number}`);

  step('4. The buyer wants to send one item back; the returns platform asks');
  const [line] = placed.lines;
  if (!line) throw new Error('the order has no lines');
  const request = {
    returnId: `R-${orderId}`,
    channel: 'shopify',
    account: 'main',
    orderId,
    requestedAt: new Date().toISOString(),
    lines: [{ lineId: line.id, quantity: 1, reasonCode: 'DEFECTIVE' }],
  };
  const answer = await platform.authorize(request);
  if (answer.body.decision !== 'approved') throw new Error(`the return was not approved: ${JSON.stringify(answer)}`);
  const { returnId } = request;
  const returnKey = `RETURN#generic#main#${returnId}`;
  say(
    `   answered ${answer.status}: ${answer.body.decision}, RMA ${answer.body.rma}, refund estimate ${money(answer.body.refundEstimate?.minor ?? 0)} USD`,
  );

  step('5. The parcel comes in and is inspected; Step Functions takes it from there');
  platform.inTransit(returnId, '1Z999AA10123456785');
  platform.received(returnId, [{ lineId: line.id, quantity: 1 }]);
  platform.inspected(returnId, [{ lineId: line.id, quantity: 1, condition: 'damaged', disposition: 'quarantine' }]);
  await platform.settled();
  const closed = await waitFor('the return to be closed', async () => {
    const now = await look.state<OpenReturn>(returnKey);
    return now?.status === 'closed' && now;
  });
  const went = (await look.happened(returnKey)).map((type) => type.replace(/^return\.|\.v\d+$/g, ''));
  say(`   return was ${went.join(' → ')}`);
  const back = await desk.documents(webIdOfReturn(returnKey));
  say(
    `   ERP: return ${back.returns[0]?.number} ${back.returns[0]?.state}, credit note ${back.invoices[0]?.number} over ${back.invoices[0]?.total} USD, ${back.invoices[0]?.state}`,
  );
  say(`   ERP: ${await desk.stock(line.sku ?? '', 'QUA')} ${line.sku} in quarantine`);
  const [refund] = placed.refunds;
  if (placed.refunds.length !== 1 || !refund) throw new Error(`the shop shows ${placed.refunds.length} refunds`);
  const paid = refund.transactions.reduce((sum, { amount }) => sum + amount, 0);
  say(`   Shopify: refund ${refund.id} over ${money(paid)} USD, note "${refund.note}"`);
  if (closed.refund?.amount !== paid) throw new Error(`Crossdock says ${closed.refund?.amount}, the shop paid ${paid}`);
  look.close();
  return { orderKey, returnKey };
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
