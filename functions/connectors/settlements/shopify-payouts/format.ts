import type { SettlementFormat } from '#application/ports/settlements.ts';
import { classifier } from '#core/settlements/rules.ts';
import { documentOf } from '../kit/json.ts';
import { beginsAsJson, peek } from '../kit/peek.ts';
import { readRows } from '../kit/rows.ts';
import { readApi } from './api.ts';
import { ExportReader } from './export.ts';
import { rules } from './rules.ts';

/** A charge is all that the buyer paid in one amount. */
const SHOPIFY = { id: 'shopify-payouts', channel: 'shopify', told: 'as-charged' } as const;

/** Payouts of Shopify Payments: the API's payouts and balance transactions as JSON, or the admin's export as CSV. */
export const shopifyPayouts: SettlementFormat = {
  id: SHOPIFY.id,
  label: 'Shopify payouts (API JSON or CSV export)',
  channel: SHOPIFY.channel,
  mapping: 'none',
  rules,
  async *read(bytes, options) {
    const classify = classifier(options.rules ?? rules);
    const { first, whole } = await peek(bytes);
    if (beginsAsJson(first)) {
      yield* readApi(await documentOf(whole), SHOPIFY, options, classify);
      return;
    }
    const reader = new ExportReader(SHOPIFY, options, classify);
    for await (const _ of readRows(whole, { delimiter: ',', quotes: true }, (row) => reader.row(row)))
      yield* reader.parts();
    yield* reader.end();
  },
};
