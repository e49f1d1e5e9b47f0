import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_ROOT } from '../cache.ts';
import { timestampOf } from '../partners/shopify/shop.ts';

/** Order 450789469 of Shopify's own REST samples (2026-07), as it stood when it was placed: test/fixtures/vendor/SOURCES.md. */
const SAMPLE = path.join(PROJECT_ROOT, 'test/fixtures/vendor/shopify/order-placed.json');

/** The sample order under an id and number of our own, placed now. Amounts stay as they are. */
export async function sampleOrder(orderId: string, number: string): Promise<Record<string, unknown>> {
  const order = JSON.parse(await readFile(SAMPLE, 'utf8')) as Record<string, unknown>;
  const now = timestampOf(new Date());
  return {
    ...order,
    id: Number(orderId),
    admin_graphql_api_id: `gid://shopify/Order/${orderId}`,
    name: number,
    created_at: now,
    processed_at: now,
    updated_at: now,
  };
}
