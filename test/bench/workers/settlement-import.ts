import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse';
import { importFile } from '#application/settlements/import-file.ts';
import { matchOrders } from '#application/settlements/match-orders.ts';
import { readSettlements } from '#application/settlements/read-settlements.ts';
import { settlementAggregate } from '#application/settlements/settlement-aggregate.ts';
import { amazonV2 } from '#connectors/settlements/amazon-v2/format.ts';
import { journalOf } from '#core/settlements/journal.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { temporarySpools } from '#platform/temporary-spool.ts';

/**
 * Child of the settlement bench: takes a file in and tells what that took. Arguments: `read` (parse, classify, match, journal),
 * `keep` (what the function does with it: its lines laid into the archive, its settlements committed) or `bare` (csv-parse and
 * nothing else), the file, a folder for spools and the archive.
 */
const [, , what = '', file = '', folder = ''] = process.argv;
const timeZone = 'America/Los_Angeles';
const now = '2026-11-10T00:00:00Z';

async function bare(): Promise<number> {
  let rows = 0;
  for await (const _ of createReadStream(file).pipe(parse({ delimiter: '\t', quote: false }))) rows += 1;
  return rows;
}

async function read(): Promise<number> {
  const bytes = createReadStream(file);
  const reading = await readSettlements(temporarySpools(folder), amazonV2, bytes, { account: 'main', timeZone });
  if (reading.kind === 'refused') throw new Error(reading.reason.message);
  const lookup = { find: async () => new Map() };
  let orders = 0;
  for await (const _ of matchOrders(reading.file, lookup, { asOf: now })) orders += 1;
  for (const { header, totals } of reading.file.settlements) {
    const journal = journalOf(header, totals, { timeZone, detail: 'summary' });
    if (journal.kind === 'blocked') throw new Error(journal.reasons.map(({ message }) => message).join('; '));
  }
  await reading.file.close();
  return orders;
}

async function keep(): Promise<number> {
  const store = new MemoryStore();
  const routing = { erp: { connector: 'tryton', account: 'main' }, collectsItself: false };
  const ports = {
    store,
    cases: store.cases,
    settlements: settlementAggregate(() => routing),
    drop: { open: async () => createReadStream(file), mapping: async () => undefined },
    lines: { put: intoArchive, get: async (name: string) => Promise.reject(new Error(`${name} was never asked for`)) },
    spools: temporarySpools(folder),
    format: () => amazonV2,
    terms: { timeZone, detail: 'summary' },
  } as const;
  const as = { key: file, channel: 'amazon', account: 'main', format: 'amazon-v2', name: path.basename(file) };
  const outcome = await importFile(ports, as, `${now}/1`, { now, correlationId: 'bench', causationId: file });
  if (outcome.kind === 'refused') throw new Error(outcome.reason.message);
  return outcome.settlements.filter(({ kind }) => kind === 'imported').length;
}

async function intoArchive(name: string, text: string): Promise<void> {
  const object = path.join(folder, 'archive', name);
  await mkdir(path.dirname(object), { recursive: true });
  await writeFile(object, Buffer.from(text, 'utf8'));
}

const WHAT: Readonly<Record<string, () => Promise<number>>> = { bare, read, keep };

const work = WHAT[what];
if (!work) throw new Error(`"${what}" is nothing to measure: name one of ${Object.keys(WHAT).join(', ')}`);
const [began, cpu] = [performance.now(), process.cpuUsage()];
const count = await work();
const { user, system } = process.cpuUsage(cpu);
const told = {
  count,
  ms: performance.now() - began,
  cpuMs: (user + system) / 1_000,
  peakKb: process.resourceUsage().maxRSS,
};
process.stdout.write(JSON.stringify(told));
