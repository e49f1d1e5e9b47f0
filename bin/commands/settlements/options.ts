import { InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import type { SettlementFormat } from '#application/ports/settlements.ts';
import type { ReadTerms } from '#application/settlements/read-settlements.ts';
import { settlementFormats } from '#connectors/settlements/registry.ts';
import { isTimeZone } from '#core/kernel/calendar.ts';
import type { FeeAgreement } from '#core/settlements/fees.ts';
import { CliError } from '../report.ts';
import { readJson } from './files.ts';

export type FileOptions = {
  readonly format: string;
  readonly file: string;
  readonly mapping?: string;
  readonly account: string;
  readonly channel?: string;
  readonly timeZone: string;
};

/** The options of every verb that reads a settlement file. */
export const FILE_OPTIONS: readonly Option[] = [
  new Option('--format <format>', 'what the file is').choices(Object.keys(settlementFormats)).makeOptionMandatory(),
  new Option('--file <file>', 'the settlement file').makeOptionMandatory(),
  new Option('--mapping <file>', 'JSON that says what the columns mean; for --format csv'),
  new Option('--account <name>', 'account of the channel that it is of').default('main'),
  new Option('--channel <name>', "channel as it stands in keys; the format's own when left out"),
  new Option('--time-zone <zone>', 'zone in which the months of the books end').default('UTC').argParser(timeZone),
];

export function formatOf({ format, mapping }: FileOptions): SettlementFormat {
  const found = settlementFormats[format];
  if (found === undefined) throw new CliError(2, `no format "${format}"`);
  if (found.mapping === 'required' && mapping === undefined) {
    throw new CliError(2, `--format ${format} needs --mapping: see docs/settlements.md`);
  }
  if (found.mapping === 'none' && mapping !== undefined) throw new CliError(2, `--format ${format} takes no --mapping`);
  return found;
}

export function termsOf({ account, channel, mapping, timeZone: zone }: FileOptions): ReadTerms {
  const given = mapping === undefined ? undefined : readJson('--mapping', mapping);
  const declared = (given as { channel?: unknown } | undefined)?.channel;
  const named = channel ?? (typeof declared === 'string' ? declared : undefined);
  return {
    account,
    timeZone: zone,
    ...(named !== undefined && { channel: named }),
    ...(given !== undefined && { mapping: given }),
  };
}

function timeZone(given: string): string {
  if (isTimeZone(given)) return given;
  throw new InvalidArgumentError('give a time zone such as "Europe/Berlin".');
}

export function date(given: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(given) && Number.isFinite(Date.parse(given))) return given;
  throw new InvalidArgumentError('give a date such as "2026-10-31".');
}

const agreements = z.array(
  z.strictObject({
    fee: z.string().min(1),
    basisPoints: z.int().min(0).max(10_000),
    of: z.enum(['goods', 'goods-and-shipping', 'paid']),
    minimum: z.int().min(0).optional(),
  }),
);

/** What is agreed with the channel about its fees. Throws CliError. */
export function readAgreements(file: string): FeeAgreement[] {
  const result = agreements.safeParse(readJson('--fees', file));
  if (result.success)
    return result.data.map(({ minimum, ...rest }) => ({ ...rest, ...(minimum !== undefined && { minimum }) }));
  const [issue] = result.error.issues;
  throw new CliError(
    2,
    `--fees ${file} at "${(issue?.path ?? []).map(String).join('.')}": ${issue?.message ?? 'not understood'}`,
  );
}
