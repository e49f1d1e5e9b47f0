import { styleText } from 'node:util';
import { find } from './explain/find.ts';
import { SECTIONS } from './explain/sections.ts';
import { gather, type Story } from './explain/story.ts';
import { stageTables } from './explain/tables.ts';
import { CliError, type Report } from './report.ts';
import { onStage, verb } from './verb.ts';

export const explain = verb(
  'explain <id>',
  'What happened to an order, return, refund, operation or delivery: state, money, cases, and one timeline with causes.',
  [
    'crossdock explain 5001                                    # the channel’s order id, or "#1001"',
    'crossdock explain RMA-7K3M9QZT2B                          # also ERP, tracking and refund numbers',
    'crossdock explain erp/sales-order/shopify/main/5001       # an operation’s key',
    "crossdock explain 'TARGET#tryton#main'                    # a partner account",
  ],
).action(
  onStage(async (stage, _options, id: string) => {
    const tables = stageTables(stage);
    const [key, ...others] = await find(tables, id);
    if (key === undefined) {
      throw new CliError(
        1,
        `nothing here is known by "${id}": look with "crossdock orders list" or "crossdock dlq list"; numbers are found a moment after they were written`,
      );
    }
    if (others.length > 0) return candidates(id, [key, ...others]);
    const story = await gather(tables, key);
    if (!story) throw new CliError(1, `"${id}" leads to ${key}, and the tables hold nothing under that key`);
    return told(story);
  }),
);

/** An explanation of a story, section by section. */
export function told(story: Story): Report {
  const [{ key }] = story.chapters;
  const parts = SECTIONS.flatMap(({ name, title, tell }) => {
    const said = tell(story);
    return said ? [{ name, title, ...said }] : [];
  });
  return {
    json: { subject: key, ...Object.fromEntries(parts.map(({ name, json }) => [name, json])) },
    text: [key, ...parts.map(({ title, text }) => `${styleText('bold', title)}\n${text}`)].join('\n\n'),
  };
}

function candidates(id: string, keys: readonly string[]): Report {
  const message = `"${id}" is known in ${keys.length} places: name one of them`;
  return {
    json: { error: { code: 'AMBIGUOUS', message }, candidates: keys },
    text: [message, ...keys.map((key) => `  crossdock explain '${key}'`)].join('\n'),
    exit: 1,
  };
}
