import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Assignment, assignSuppliers } from '#application/claims/assign-suppliers.ts';
import { closeClaim } from '#application/claims/close-claim.ts';
import { type ClaimState, claimKey, type OpenClaim, totalsOf } from '#core/claims/claim.ts';
import { claimsCsv } from '#core/claims/csv.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { claimPorts } from '../../functions/handlers/wiring/claims.ts';
import { readSuppliers } from './claims/suppliers-file.ts';
import { standingOf } from './explain/facts.ts';
import { moneyText } from './explain/names.ts';
import { readStates } from './read-states.ts';
import { CliError, type Report, table, tableOr } from './report.ts';
import { APPLY, onStage, verb } from './verb.ts';

/** Claims against suppliers (docs/claims.md). */

function month(given: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(given)) return given;
  throw new InvalidArgumentError('give a month such as 2026-11.');
}

/** `<supplier> <period>`, the period held to be a month. */
const ofOneClaim = (name: string, does: string, examples: readonly string[]): Command => {
  const made = verb(`${name} <supplier> <period>`, does, examples);
  made.registeredArguments.at(1)?.argParser(month);
  return made;
};

const FILTERS = [
  new Option('--supplier <supplier>', 'only claims against this supplier'),
  new Option('--period <month>', 'only claims of this month, such as 2026-11').argParser(month),
  new Option('--status <status>', 'only claims in this status').choices(['open', 'closed']),
] as const;

type Filter = Readonly<Record<string, unknown>>;

async function claimsLike({ supplier, period, status }: Filter): Promise<OpenClaim[]> {
  const found: OpenClaim[] = [];
  for await (const claim of readStates<OpenClaim>('CLAIM#')) {
    const fits =
      (supplier === undefined || claim.supplier === supplier) &&
      (period === undefined || claim.period === period) &&
      (status === undefined || claim.status === status);
    if (fits && claim.lines.length > 0) found.push(claim);
  }
  return found.sort((a, b) => (claimKey(a) < claimKey(b) ? -1 : 1));
}

const costs = (claim: OpenClaim): string => totalsOf(claim.lines).costs.map(moneyText).join(', ');

const list = verb('list', 'Claims with their totals. Reads the table from end to end.', [
  'crossdock claims list',
  'crossdock claims list --supplier acme --status open',
]);
for (const one of FILTERS) list.addOption(one);
export const claimsList = list.action(
  onStage(async (_stage, filter) => {
    const claims = await claimsLike(filter);
    const json = claims.map(({ lines, ...claim }) => ({ ...claim, ...totalsOf(lines) }));
    const rows = claims.map((claim) => {
      const { lines, units, linesWithoutCost } = totalsOf(claim.lines);
      return [claim.supplier, claim.period, claim.status, claim.number, lines, units, costs(claim), linesWithoutCost];
    });
    const head = ['supplier', 'period', 'status', 'number', 'lines', 'units', 'costs', 'without cost'];
    return { json, text: tableOr('no claims', head, rows) };
  }),
);

export const claimsShow = ofOneClaim('show', 'One claim with its lines and their evidence.', [
  'crossdock claims show acme 2026-11',
]).action(
  onStage(async (_stage, _options, supplier: string, period: string) => {
    const claim = (await claimPorts().store.load<ClaimState>(claimKey({ supplier, period })))?.state;
    if (!claim || claim.status === 'none')
      throw new CliError(1, `no claim against ${supplier} for ${period}: "crossdock claims list" has them`);
    const rows = claim.lines.map((line) => [
      ...[line.returnKey, line.orderNumber, line.sku, line.quantity, line.condition, line.reason, line.basis],
      ...[line.inspectionId, line.inspectedAt.slice(0, 10)],
      line.unitCost && moneyText(line.unitCost),
    ]);
    const head = ['return', 'order', 'sku', 'units', 'found', 'reason', 'basis', 'inspection', 'at', 'unit cost'];
    const name = claim.number ?? `${supplier} ${period}, open`;
    const documents = (claim.documents ?? []).map(
      (one) => `credit note ${one.nth} of ${moneyText(one.total)}: ${standingOf(one)}`,
    );
    return {
      json: { ...claim, totals: totalsOf(claim.lines) },
      text: [`${name}: ${costs(claim)}`, ...documents, table(head, rows)].join('\n'),
    };
  }),
);

export const claimsClose = ofOneClaim(
  'close',
  'Numbers a claim and freezes it; what comes later goes to the next period that is open.',
  ['crossdock claims close acme 2026-11', 'crossdock claims close acme 2026-11 --by fatima --apply'],
)
  .option('--by <operator>', 'who closes it; kept with the claim', userInfo().username)
  .option(...APPLY)
  .action(
    onStage(async (_stage, { by, apply }, supplier: string, period: string) => {
      const cause = { now: clock.now(), correlationId: randomUUID(), causationId: `operator/${by}` };
      const asked = { by: String(by), apply: apply === true };
      const { possible, ...closed } = await closeClaim(claimPorts(), { supplier, period }, asked, cause);
      return {
        json: { supplier, period, ...closed },
        text: `${supplier} ${period}: ${closed.message}`,
        exit: possible ? 0 : 1,
      };
    }),
  );

const exporting = verb('export', 'Claims with all their evidence, as CSV or JSON on standard output.', [
  'crossdock claims export --supplier acme --period 2026-11 > acme-2026-11.csv',
  'crossdock claims export --status closed --json',
]);
for (const one of FILTERS) exporting.addOption(one);
export const claimsExport = exporting.action(
  onStage(async (_stage, filter): Promise<Report> => {
    const claims = await claimsLike(filter);
    return { json: claims, text: claimsCsv(claims).trimEnd() };
  }),
);

export const claimsSuppliers = verb(
  'suppliers <file>',
  'Says who supplies which SKU at what cost: CSV with sku, supplier, and unit_cost and currency where they are known.',
  ['crossdock claims suppliers suppliers.csv', 'crossdock claims suppliers suppliers.csv --apply'],
)
  .option(...APPLY)
  .action(
    onStage(async (_stage, { apply }, file: string) => {
      const assignments: Assignment[] = readSuppliers(read(file));
      const id = randomUUID();
      const cause = { now: clock.now(), correlationId: id, causationId: `suppliers/${id}` };
      const done = await assignSuppliers(claimPorts(), assignments, apply === true, cause);
      const text = apply
        ? `${done.changed} of ${done.read} SKUs written, ${done.collected} returns collected`
        : `${done.changed} of ${done.read} SKUs would be written (dry run: add --apply)`;
      return { json: done, text };
    }),
  );

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(2, `${file} can't be read: ${(error as Error).message}`);
  }
}
