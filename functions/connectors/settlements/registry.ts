import type { SettlementFormat } from '#application/ports/settlements.ts';
import { amazonV2 } from './amazon-v2/format.ts';
import { csv } from './csv/format.ts';
import { ebay } from './ebay/format.ts';
import { mirakl } from './mirakl/format.ts';
import { shopifyPayouts } from './shopify-payouts/format.ts';
import { walmart } from './walmart/format.ts';

/** Every form of settlement file that can be read, by its id. A new one is a folder beside this and a place in the list. */
export const settlementFormats: Readonly<Record<string, SettlementFormat>> = Object.fromEntries(
  [amazonV2, shopifyPayouts, ebay, mirakl, walmart, csv].map((format) => [format.id, format]),
);
