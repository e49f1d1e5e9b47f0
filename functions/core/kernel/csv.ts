/**
 * Rows of cells as CSV (RFC 4180), every row ended. Ids come from outside, and a spreadsheet runs what begins like a formula:
 * such a cell gets an apostrophe before it. A number below zero is none.
 */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

function cell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
