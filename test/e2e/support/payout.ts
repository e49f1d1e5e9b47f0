import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientsOf, output, type World } from '../../../bin/local/world.ts';
import { outputName } from '../../../functions/topology.ts';

export const FEE = 136;
export const today = new Date().toISOString().slice(0, 10);

/** A payout of one order of 36.50. */
export const payout = (
  id: string,
  order: { readonly id: number | string },
  { fee = FEE, off = 0 }: { readonly fee?: number; readonly off?: number } = {},
): string => payoutOf(id, today, [{ id: order.id, charged: 3650, fee }], off);

/** Asks for a settlement to be collected, as news of its being due does. */
export async function request({ engine, outputs }: World, wanted: object): Promise<void> {
  const sqs = new SQSClient(clientsOf(engine));
  const QueueUrl = output(outputs, outputName('Queue', 'shopify-payouts'));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(wanted) }));
  sqs.destroy();
}

/** Lays a file into the drop, as a job or a partner's transfer would. */
export async function layDown({ engine, outputs }: World, Key: string, Body: string): Promise<void> {
  const s3 = new S3Client({ ...clientsOf(engine), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: output(outputs, 'DropBucketName'), Key, Body }));
  s3.destroy();
}

/** An order in a payout; amounts in minor units of US dollars. */
type PaidOrder = {
  readonly id: number | string;
  /** All that the buyer paid. */
  readonly charged: number;
  /** What Shopify keeps of it. */
  readonly fee: number;
  readonly refunded?: number;
};

/**
 * A payout of Shopify Payments with these orders, as the two answers of its API have it (`{ payouts, transactions }`). `off`:
 * by how much its announced total is wrong.
 */
function payoutOf(id: string, day: string, orders: readonly PaidOrder[], off = 0): string {
  const common = { payout_id: id, currency: 'USD', processed_at: `${day}T06:00:00Z`, test: false };
  const rows = orders.flatMap(({ id: orderId, charged, fee, refunded = 0 }) => [
    { type: 'charge', amount: charged, fee, orderId },
    ...(refunded === 0 ? [] : [{ type: 'refund', amount: -refunded, fee: 0, orderId }]),
  ]);
  const announced = rows.reduce((sum, { amount, fee }) => sum + amount - fee, -off);
  return JSON.stringify({
    payouts: [{ id, date: day, currency: 'USD', amount: decimal(announced) }],
    transactions: [
      ...rows.map(({ type, amount, fee, orderId }, index) => ({
        id: `${id}${index + 1}`,
        type,
        amount: decimal(amount),
        fee: decimal(fee),
        net: decimal(amount - fee),
        source_order_id: String(orderId),
        ...common,
      })),
      {
        id: `${id}${rows.length + 1}`,
        type: 'payout',
        amount: decimal(-announced),
        fee: '0.00',
        net: decimal(-announced),
        ...common,
      },
    ],
  });
}

const decimal = (minor: number): string => (minor / 100).toFixed(2);
