import type { SettlementFormat } from '#application/ports/settlements.ts';
import { classifier, type RuleSet } from '#core/settlements/rules.ts';
import { readRows } from '../kit/rows.ts';
import { type Mapping, mappingOf } from './mapping.ts';
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
  rulesOf: (mapping) => declaredBy(mappingOf(mapping)),
  async *read(bytes, options) {
    const mapping = mappingOf(options.mapping);
    const reader = new CsvReader(mapping, options, classifier(options.rules ?? declaredBy(mapping)));
    for await (const _ of readRows(bytes, mapping, (row) => reader.row(row))) yield* reader.parts();
    yield* reader.end();
  },
};

const declaredBy = ({ channel, version, rules }: Mapping): RuleSet => ({ name: `csv/${channel}`, version, rules });
