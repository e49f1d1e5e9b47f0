import type { Command } from 'commander';
import { Option } from 'commander';
import type { OrderLookup } from '#application/ports/settlements.ts';
import { type MarginRow, sumMargins } from '#core/settlements/margin.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { apply } from './settlements/apply.ts';
import { examine, readFileOrThrow, withEarlier } from './settlements/examine.ts';
import { marginRows, readCosts } from './settlements/margins.ts';
import { date, FILE_OPTIONS, type FileOptions, formatOf, readAgreements, termsOf } from './settlements/options.ts';
import { readOrders } from './settlements/orders-file.ts';
import { csvOfMargins, showExamined, showMargins } from './settlements/show.ts';
import { APPLY, onMachine, verb } from './verb.ts';

const NOBODY: OrderLookup = { find: async () => new Map() };

type ImportOptions = FileOptions & {
  readonly orders?: string;
  readonly earlier?: readonly string[];
  readonly fees?: string;
  readonly detail: 'summary' | 'per-order';
  readonly closedThrough?: string;
  readonly asOf?: string;
  readonly apply?: boolean;
  readonly wait?: boolean;
};

export const settlementsImport = withOptions(
  verb(
    'import',
    'Reads a settlement file, proves that it is whole, and shows the journal that it would post and what does not agree with the orders. Needs no AWS; with --apply the stage takes the file.',
    [
      'crossdock settlements import --format amazon-v2 --file settlement.txt --time-zone Europe/Berlin',
      'crossdock settlements import --format shopify-payouts --file payout.json --orders orders.ndjson --json',
      'crossdock settlements import --format csv --file kaufland.csv --mapping kaufland.json',
      'crossdock settlements import --format amazon-v2 --file settlement.txt --apply --wait',
    ],
  ),
)
  .option('--orders <file>', 'orders to match: JSON, or one a line, as connectors try prints them')
  .option(
    '--earlier <files...>',
    'settlement files of the same format that came before: they count when orders are matched',
  )
  .option('--fees <file>', 'what is agreed with the channel: [{"fee", "basisPoints", "of", "minimum"}]')
  .addOption(
    new Option('--detail <detail>', 'how the receivable is posted')
      .choices(['summary', 'per-order'])
      .default('summary'),
  )
  .option('--closed-through <date>', 'last day of the periods that are closed', date)
  .option('--as-of <date>', 'day that ages are reckoned to; today when left out', date)
  .option('--wait', 'with --apply: until the stage is done with it', false)
  .option(...APPLY)
  .action(
    onMachine(async ({ stage }, given) => {
      const options = given as unknown as ImportOptions;
      if (options.apply === true) return apply(stage, options);
      const format = formatOf(options);
      const terms = termsOf(options);
      const orders = options.orders === undefined ? undefined : readOrders(options.orders);
      const agreements = options.fees === undefined ? [] : readAgreements(options.fees);
      const opened = [];
      try {
        for (const file of options.earlier ?? []) opened.push(await readFileOrThrow(format, file, terms));
        const lookup = orders && (await withEarlier(orders, opened));
        const file = await readFileOrThrow(format, options.file, terms);
        opened.push(file);
        const asOf = options.asOf === undefined ? clock.now() : `${options.asOf}T00:00:00Z`;
        const { timeZone, detail, closedThrough } = options;
        const posting = { timeZone, detail, ...(closedThrough !== undefined && { closedThrough }) };
        const found = await examine(file, lookup, { ...posting, asOf, agreements });
        const blocked = found.settlements.some(({ journal }) => journal.kind === 'blocked');
        return { json: found, text: showExamined(found), exit: blocked ? 1 : 0 };
      } finally {
        await Promise.all(opened.map((file) => file.close()));
      }
    }),
  );

type MarginOptions = FileOptions & {
  readonly orders?: string;
  readonly costs?: string;
  readonly by: 'order' | 'sku' | 'channel';
  readonly csv?: boolean;
};

export const settlementsMargin = withOptions(
  verb(
    'margin',
    'What is left of sales: sale less cost, fees, refunds and shipping, by order and article. Needs no AWS.',
    [
      'crossdock settlements margin --format amazon-v2 --file settlement.txt --costs costs.json --csv > margin.csv',
      'crossdock settlements margin --format shopify-payouts --file payout.json --orders orders.ndjson --by channel',
    ],
  ),
)
  .option('--orders <file>', 'orders that say which articles an amount is for, where the channel does not')
  .option('--costs <file>', 'what a unit costs: {"<sku>": {"cost": "12.50", "currency": "EUR"}}')
  .addOption(new Option('--by <what>', 'what is summed up').choices(['order', 'sku', 'channel']).default('order'))
  .addOption(new Option('--csv', 'answer as CSV').conflicts('json'))
  .action(
    onMachine(async (_common, given) => {
      const options = given as unknown as MarginOptions;
      const costs = options.costs === undefined ? new Map() : readCosts(options.costs);
      const lookup = options.orders === undefined ? NOBODY : readOrders(options.orders);
      const file = await readFileOrThrow(formatOf(options), options.file, { ...termsOf(options), bySku: true });
      try {
        const each: MarginRow[] = [];
        for await (const row of marginRows(file, lookup, costs)) each.push(row);
        const rows = options.by === 'order' ? each : sumMargins(each, options.by);
        return { json: rows, text: options.csv === true ? csvOfMargins(rows) : showMargins(rows) };
      } finally {
        await file.close();
      }
    }),
  );

function withOptions(command: Command): Command {
  for (const option of FILE_OPTIONS) command.addOption(option);
  return command;
}
