import type { SettlementFormat } from '#application/ports/settlements.ts';
import { classifier } from '#core/settlements/rules.ts';
import { readRows } from '../kit/rows.ts';
import { AmazonReader } from './reader.ts';
import { rules } from './rules.ts';

/** GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2: tab-separated, never quoted, a summary row and then a row an amount. */
export const amazonV2: SettlementFormat = {
  id: 'amazon-v2',
  label: 'Amazon settlement report V2 (flat file)',
  channel: 'amazon',
  mapping: 'none',
  rules,
  async *read(bytes, options) {
    const reader = new AmazonReader(options, classifier(options.rules ?? rules));
    const chunks = readRows(bytes, { delimiter: '\t', quotes: false }, (row) => reader.row(row));
    for await (const _ of chunks) yield* reader.parts();
    yield* reader.end();
  },
};
