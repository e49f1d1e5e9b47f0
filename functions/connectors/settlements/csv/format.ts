import type { SettlementFormat } from '#application/ports/settlements.ts';
import { classifier, type RuleSet } from '#core/settlements/rules.ts';
import { readRows } from '../kit/rows.ts';
import { mappingOf } from './mapping.ts';
import { CsvReader } from './reader.ts';

/** Its rules are the mapping's. */
const NONE: RuleSet = { name: 'csv', version: '2026-11-01', rules: [] };

/** Any file of rows under a header, as its mapping declares it. */
export const csv: SettlementFormat = {
  id: 'csv',
  label: 'CSV with a declared mapping',
  channel: 'csv',
  mapping: 'required',
  rules: NONE,
  async *read(bytes, options) {
    const mapping = mappingOf(options.mapping);
    const declared = { name: `csv/${mapping.channel}`, version: mapping.version, rules: mapping.rules };
    const reader = new CsvReader(mapping, options, classifier(options.rules ?? declared));
    for await (const _ of readRows(bytes, mapping, (row) => reader.row(row))) yield* reader.parts();
    yield* reader.end();
  },
};
