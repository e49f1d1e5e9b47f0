import { CsvError, parse } from 'csv-parse/sync';
import type { Assignment } from '#application/claims/assign-suppliers.ts';
import { MoneyError, parseMoney } from '#core/kernel/money.ts';
import { CliError } from '../report.ts';

const COLUMNS = ['sku', 'supplier', 'unit_cost', 'currency'] as const;
type Column = (typeof COLUMNS)[number];

/** Suppliers stand in keys and in numbers that they are told. */
const SUPPLIER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const MAX_ROWS = 200_000;

/** Reads the CSV (RFC 4180, comma or semicolon) by the names in its head. Throws CliError with the row for what is wrong. */
export function readSuppliers(text: string): Assignment[] {
  const [head = [], ...rows] = cells(text);
  const at = new Map(head.map((name, index) => [name.trim().toLowerCase(), index]));
  for (const needed of ['sku', 'supplier']) {
    if (!at.has(needed)) throw new CliError(2, `the file has no column "${needed}": its head is ${COLUMNS.join(', ')}`);
  }
  if (rows.length > MAX_ROWS)
    throw new CliError(2, `the file has ${rows.length} rows; ${MAX_ROWS} are taken: split it`);
  const seen = new Set<string>();
  return rows.map((row, index) => {
    const field = (name: Column): string => row[at.get(name) ?? -1]?.trim() ?? '';
    const assignment = assignmentOf(field, index + 2);
    if (seen.has(assignment.sku)) throw faulty(index + 2, `sku "${assignment.sku}" is given twice`);
    seen.add(assignment.sku);
    return assignment;
  });
}

function assignmentOf(field: (name: Column) => string, row: number): Assignment {
  const sku = field('sku');
  const supplier = field('supplier');
  if (sku === '' || sku.length > 100) throw faulty(row, 'a sku has 1 to 100 characters');
  if (!SUPPLIER.test(supplier)) {
    throw faulty(row, `supplier "${supplier}" is not letters, digits and . _ - , 32 at most`);
  }
  const [cost, currency] = [field('unit_cost'), field('currency')];
  if (cost === '' && currency === '') return { sku, supplier };
  try {
    const unitCost = parseMoney(cost, currency);
    if (unitCost.minor < 0) throw faulty(row, `unit_cost ${cost} is below zero`);
    return { sku, supplier, unitCost };
  } catch (error) {
    if (error instanceof MoneyError) throw faulty(row, error.message);
    throw error;
  }
}

const faulty = (row: number, what: string): CliError => new CliError(2, `row ${row}: ${what}`);

/** Rows of cells; blank rows are left out. */
function cells(text: string): string[][] {
  const delimiter = (text.split(/\r?\n/, 1)[0] ?? '').includes(';') ? ';' : ',';
  try {
    const rows = parse(text, { bom: true, delimiter, relaxColumnCount: true, skipEmptyLines: true });
    return rows.filter((row) => row.some((one) => one.trim() !== ''));
  } catch (error) {
    if (error instanceof CsvError) throw new CliError(2, `the file is no CSV: ${error.message}`);
    throw error;
  }
}
