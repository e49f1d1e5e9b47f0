import { PoisonError } from '#core/kernel/errors.ts';
import { parseSettlementKey, type SettlementId } from '#core/settlements/line.ts';
import { classifier, type RuleSet } from '#core/settlements/rules.ts';
import { namesAllWords, type OpenSettlement, type SettlementState, waitsForRules } from '#core/settlements/state.ts';
import type { Cause } from '../aggregate.ts';
import type { SettlementPart } from '../ports/settlements.ts';
import { type ImportedSettlement, type ImportPorts, keepSettlements, mappingOf } from './import-file.ts';
import { ordersName, othersName } from './names.ts';
import { type KeptLine, linesIn, rowsIn } from './rows.ts';
import { PARTITIONS, spoolFile } from './spooled-file.ts';

export type ReclassifyPorts = Omit<ImportPorts, 'cases'>;

/**
 * Classifies the kept lines of a blocked settlement by the rules that are deployed now. All that a format adds to a line
 * besides its class is kept with it, so that this comes to what reading the file again would, also when the file has long
 * been forgotten. What has changed is a collection like any other, as of the time of the one it takes the place of: a file
 * that was laid down later wins. Twice is nothing new.
 */
export async function reclassify(
  ports: ReclassifyPorts,
  settlement: string,
  cause: Cause,
): Promise<ImportedSettlement> {
  const id = parseSettlementKey(settlement);
  const ignored = (why: string): ImportedSettlement => ({ settlementId: id.settlementId, kind: 'ignored', why });
  const state = (await ports.store.load<SettlementState>(settlement))?.state;
  if (!state || state.status === 'none' || !waitsForRules(state)) return ignored('it waits for no rule');
  const { collection } = state;
  const rules = await rulesNow(ports, id, collection.header.format);
  if (typeof rules === 'string') return ignored(rules);
  const classify = classifier(rules);
  const { totals } = collection;
  if (namesAllWords(totals) && !totals.unclassified.some(({ source }) => classify(source))) {
    return ignored('no rule knows its words');
  }
  const spool = await ports.spools.open(PARTITIONS);
  try {
    const spooled = await spoolFile(keptParts(ports, id, state, classify), spool, ports.terms.timeZone);
    const { collectedAt, file } = collection;
    const [done] = await keepSettlements(ports, spooled, { collectedAt, file }, cause);
    return done ?? ignored('it has no lines');
  } finally {
    await spool.close();
  }
}

/** The rules, or why a mapping gives none: the case of the settlement is open, and the mapping can be uploaded again. */
async function rulesNow(ports: ReclassifyPorts, id: SettlementId, name: string): Promise<RuleSet | string> {
  const format = ports.format(name);
  if (!format) throw new Error(`${id.channel}/${id.account} was read by "${name}", which is no format any more`);
  if (!format.rulesOf) return format.rules;
  try {
    return format.rulesOf(await mappingOf(ports, id));
  } catch (error) {
    if (error instanceof PoisonError) return error.message;
    throw error;
  }
}

/** The settlement as a format would tell it, from the archive. */
async function* keptParts(
  { lines }: ReclassifyPorts,
  id: SettlementId,
  { collection, revision }: OpenSettlement,
  classify: ReturnType<typeof classifier>,
): AsyncIterable<SettlementPart> {
  const { header, digest, batches, others } = collection;
  const { settlementId } = id;
  const as = { id, digest, revision };
  const part = (kept: readonly KeptLine[]): SettlementPart => ({
    kind: 'lines',
    settlementId,
    currency: header.currency,
    lines: kept.map(({ class: _before, ...line }) => {
      const known = classify(line.source);
      return { ...line, ...(known && { class: known }) };
    }),
  });
  yield { kind: 'header', header };
  for (let batch = 0; batch < batches; batch++) {
    for (const row of rowsIn(await lines.get(ordersName(as, batch)))) yield part(row.lines);
  }
  for (let at = 0; at < others; at++) yield part(linesIn(await lines.get(othersName(as, at))));
}
