import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { matchOrders } from '#application/settlements/match-orders.ts';
import { readSettlements } from '#application/settlements/read-settlements.ts';
import { amazonV2 } from '#connectors/settlements/amazon-v2/format.ts';
import { journalOf } from '#core/settlements/journal.ts';
import { temporarySpools } from '#platform/temporary-spool.ts';

/**
 * Child of the settlement bench: takes a file in, wholly or by a bare csv-parse, and tells what that took.
 * Arguments: `import` or `bare`, the file, a folder for spools.
 */
const [, , what = '', file = '', folder = ''] = process.argv;
const timeZone = 'America/Los_Angeles';

async function bare(): Promise<number> {
  let rows = 0;
  for await (const _ of createReadStream(file).pipe(parse({ delimiter: '\t', quote: false }))) rows += 1;
  return rows;
}

async function whole(): Promise<number> {
  const bytes = createReadStream(file);
  const reading = await readSettlements(temporarySpools(folder), amazonV2, bytes, { account: 'main', timeZone });
  if (reading.kind === 'refused') throw new Error(reading.reason.message);
  const lookup = { find: async () => new Map() };
  let orders = 0;
  for await (const _ of matchOrders(reading.file, lookup, { asOf: '2026-11-10T00:00:00Z' })) orders += 1;
  for (const { header, totals } of reading.file.settlements) {
    const journal = journalOf(header, totals, { timeZone, detail: 'summary' });
    if (journal.kind === 'blocked') throw new Error(journal.reasons.map(({ message }) => message).join('; '));
  }
  await reading.file.close();
  return orders;
}

const [began, cpu] = [performance.now(), process.cpuUsage()];
const count = await (what === 'bare' ? bare() : whole());
const { user, system } = process.cpuUsage(cpu);
const told = {
  count,
  ms: performance.now() - began,
  cpuMs: (user + system) / 1_000,
  peakKb: process.resourceUsage().maxRSS,
};
process.stdout.write(JSON.stringify(told));
