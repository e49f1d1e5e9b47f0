import { outputName } from '../../functions/topology.ts';
import { contentOf, type Described, describe, NO_REASON, reasonsOf } from './dlq/describe.ts';
import { peek, putBack, takeInHand } from './dlq/peek.ts';
import { type DeadLetters, deadLetters, deadLettersOf, depthOf } from './dlq/queues.ts';
import { type Choice, redrive } from './dlq/redrive.ts';
import { CopyRedrive } from './dlq/redrive-by-copy.ts';
import { MoveTaskRedrive } from './dlq/redrive-by-task.ts';
import { relayAgain, rowsIn, spanOf } from './dlq/relay-again.ts';
import { positive } from './lists.ts';
import { progress } from './progress.ts';
import { type Report, table, tableOr } from './report.ts';
import type { DeployedStage } from './stage.ts';
import { APPLY, onStage, verb } from './verb.ts';

/** Messages of each queue that are read to tell reasons; counts come from SQS itself. */
const LOOKED_AT = 100;

const byTask = new MoveTaskRedrive();
const byCopy = new CopyRedrive();

export const dlqList = verb('list', 'What waits in each queue, and what lies in its DLQ for which reasons.', [
  'crossdock dlq list',
  'crossdock dlq list --json',
]).action(
  onStage(async (stage) => {
    const { tell, end } = progress();
    tell('looking into the queues …');
    const rows = await Promise.all(deadLetters(stage).map(listed));
    end();
    const text = rows.map(({ queue, waiting, inFlight, dead, reasons }) => [
      queue,
      waiting,
      inFlight,
      dead,
      reasonsText(reasons),
    ]);
    return { json: rows, text: table(['queue', 'waiting', 'in hand', 'in its DLQ', 'reasons'], text) };
  }),
);

async function listed({ id, dlqUrl, sourceUrl }: DeadLetters) {
  const [source, dead] = await Promise.all([sourceUrl === undefined ? undefined : depthOf(sourceUrl), depthOf(dlqUrl)]);
  const count = dead.waiting + dead.inFlight;
  const messages = count === 0 ? [] : await peek(dlqUrl, LOOKED_AT);
  return {
    queue: id,
    waiting: source?.waiting ?? 0,
    inFlight: source?.inFlight ?? 0,
    dead: Math.max(count, messages.length),
    reasons: reasonsOf(messages.map(describe)),
  };
}

const reasonsText = (reasons: ReturnType<typeof reasonsOf>): string =>
  reasons.map(({ code, count }) => `${count} × ${code}`).join(', ');

export const dlqShow = verb('show <queue>', 'The messages in the DLQ of a queue: why, since when, about what.', [
  'crossdock dlq show shopify-intake',
  'crossdock dlq show shopify-intake --code ORDER_UNKNOWN --limit 5 --body',
])
  .option('--code <code>', `only messages with this reason (${NO_REASON}: they failed, and nobody parked them)`)
  .option('--limit <n>', 'how many to read', positive, LOOKED_AT)
  .option('--body', 'show the content too: it may hold personal data')
  .action(
    onStage(async (stage, { code, limit, body }, name: string) => {
      const queue = deadLettersOf(stage, name);
      const wanted = choiceOf(code, undefined).wanted ?? (() => true);
      const messages = (await peek(queue.dlqUrl, Number(limit))).filter((message) => wanted(describe(message)));
      const shown = messages.map((message) => ({
        ...describe(message),
        ...(body === true && { body: contentOf(message) }),
      }));
      const head = ['id', 'since', 'code', 'reason', 'about', 'correlation'];
      const rows = shown.map((one) => [
        one.id,
        one.since,
        one.code ?? NO_REASON,
        one.reason ?? 'its function failed each time: look for the correlation id in its log',
        one.about,
        one.correlationId,
      ]);
      const bodies = shown.flatMap((one) => ('body' in one ? [`\n${one.id}\n${one.body}`] : []));
      const text = [tableOr(`nothing is in the DLQ of ${queue.id}`, head, rows), ...bodies].join('\n');
      return { json: { queue: queue.id, messages: shown }, text };
    }),
  );

export const dlqRedrive = verb(
  'redrive <queue>',
  'Puts the messages of a DLQ back on their queue, once their cause is mended. The queue may be named as an alarm or a case names it.',
  [
    'crossdock dlq redrive shopify-intake',
    'crossdock dlq redrive shopify-intake --code ORDER_UNKNOWN --apply',
    'crossdock dlq redrive shopify-intake --limit 1 --apply    # one first, to see how it goes',
  ],
)
  .option('--code <code>', `only messages with this reason (${NO_REASON}: they failed, and nobody parked them)`)
  .option('--limit <n>', 'how many at most', positive)
  .option(...APPLY)
  .action(
    onStage(async (stage, { code, limit, apply }, name: string) => {
      const queue = deadLettersOf(stage, name);
      const { sourceUrl } = queue;
      if (sourceUrl === undefined) return relayStream(stage, queue, apply === true);
      const choice = choiceOf(code, limit);
      return apply === true
        ? moveBack({ ...queue, sourceUrl }, choice)
        : preview(queue, choice, typeof code === 'string' ? code : undefined);
    }),
  );

function choiceOf(code: unknown, limit: unknown): Choice {
  return {
    ...(typeof code === 'string' && { wanted: (message: Described) => (message.code ?? NO_REASON) === code }),
    ...(limit !== undefined && { limit: Number(limit) }),
  };
}

async function preview({ id, dlqUrl }: DeadLetters, { wanted, limit }: Choice, code?: string): Promise<Report> {
  const [{ waiting, inFlight }, messages] = await Promise.all([depthOf(dlqUrl), peek(dlqUrl, 10 * LOOKED_AT)]);
  const dead = messages.map(describe).filter((message) => wanted?.(message) ?? true);
  // Where there are more than were read, only SQS's own count says how many, and not of which reason.
  const all = wanted ? dead.length : Math.max(waiting + inFlight, dead.length);
  const count = Math.min(limit ?? all, all);
  const reasons = reasonsOf(dead);
  const which = code === undefined ? '' : ` with ${code}`;
  const message =
    count === 0
      ? `nothing${which} is in the DLQ of ${id}`
      : `would put ${count} message${count === 1 ? '' : 's'}${which} back on ${id}: ${reasonsText(reasons)} (dry run: add --apply)`;
  return { json: { queue: id, done: false, wouldMove: count, reasons, message }, text: message };
}

async function moveBack(queue: DeadLetters & { readonly sourceUrl: string }, choice: Choice): Promise<Report> {
  const { tell, end } = progress();
  const { moved, trouble } = await redrive({ byTask, byCopy }, queue, choice, (count) => tell(`${count} moved …`));
  end();
  const what = `put ${moved} message${moved === 1 ? '' : 's'} back on ${queue.id}`;
  const message = trouble === undefined ? what : `${what}, and stopped: ${trouble}`;
  return {
    json: { queue: queue.id, done: trouble === undefined, moved, message },
    text: message,
    exit: trouble === undefined ? 0 : 1,
  };
}

/** The stream's own failures have no queue to go back to: the journal rows of their time are relayed again. */
async function relayStream(stage: DeployedStage, { id, dlqUrl }: DeadLetters, apply: boolean): Promise<Report> {
  const { tell, end } = progress();
  const messages = await takeInHand(dlqUrl, 10 * LOOKED_AT);
  const told = messages.map((message) => ({ message, span: spanOf(message) }));
  const known = told.flatMap(({ message, span }) => (span ? [{ message, span }] : []));
  const rows = await rowsIn(
    known.map(({ span }) => span),
    (count) => tell(`${count} journal rows found …`),
  );
  end();
  const retryUrl = stage.output(outputName('Queue', 'relay-retry'));
  const taken = known.map(({ message }) => message);
  const { relayed, trouble } = apply ? await relayAgain(rows, retryUrl, dlqUrl, taken) : { relayed: 0 };
  const left = apply && trouble === undefined ? messages.filter((message) => !taken.includes(message)) : messages;
  await putBack(dlqUrl, left);
  const message = apply
    ? `handed ${relayed} journal rows to the relay again${trouble === undefined ? '' : `; ${trouble}`}`
    : `would hand ${rows.length} journal rows to the relay again, for ${known.length} of ${messages.length} messages (dry run: add --apply)`;
  const done = apply && trouble === undefined;
  return { json: { queue: id, done, rows: rows.length, message }, text: message, exit: trouble === undefined ? 0 : 1 };
}
