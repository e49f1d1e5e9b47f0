import { ledgerView } from '../ledger-view.ts';
import { table } from '../report.ts';
import { factsOf, printable } from './facts.ts';
import { orderMoney } from './money.ts';
import { linesText, moneyText, shortName, timeText } from './names.ts';
import { type Story, stateOf } from './story.ts';
import { outcomeOf, timeline } from './timeline.ts';

/** One part of an explanation; left out where a story has nothing for it. */
export type Section = {
  /** Its member in the JSON answer. */
  readonly name: string;
  readonly title: string;
  tell(story: Story): { readonly json: unknown; readonly text: string } | undefined;
};

const state: Section = {
  name: 'state',
  title: 'State',
  tell({ chapters, partOf }) {
    const facts = chapters.flatMap((chapter) => {
      const known = stateOf(chapter);
      return known ? [[shortName(chapter.key), known.state.status, factsOf(known)]] : [];
    });
    const holder = partOf.map((key) => `\npart of ${key}: crossdock explain '${key}'`).join('');
    if (facts.length === 0 && holder === '') return undefined;
    const states = chapters.map((chapter) => ({
      key: chapter.key,
      version: chapter.version,
      state: printable(chapter),
    }));
    return { json: { subjects: states, partOf }, text: `${table(['what', 'status', 'facts'], facts)}${holder}` };
  },
};

const money: Section = {
  name: 'money',
  title: 'Money',
  tell(story) {
    const found = orderMoney(story);
    if (!found) return undefined;
    const { paid, settled, pending, left, onNoLine } = found;
    const total = `paid ${moneyText(paid)}, refunded ${moneyText(settled)}, pending ${moneyText(pending)}, left ${moneyText(left)}`;
    const rest = onNoLine.minor === 0 ? '' : `\nrefunded without a word on which line: ${moneyText(onNoLine)}`;
    const lines = found.lines.map((line) => [
      line.lineId,
      line.sku,
      line.ordered,
      line.shipped,
      line.returning,
      line.refundedUnits,
      moneyText(line.paid),
      moneyText(line.refunded),
    ]);
    const head = ['line', 'sku', 'ordered', 'shipped', 'returning', 'refunded units', 'paid', 'refunded'];
    const refunds = found.refunds.map((one) => [
      one.refundId,
      one.origin,
      one.status,
      moneyText(one.amount),
      linesText(one.lines),
    ]);
    const shares =
      refunds.length === 0 ? '' : `\n${table(['refund', 'made by', 'status', 'amount', 'lines'], refunds)}`;
    return { json: found, text: `${total}\n${table(head, lines)}${shares}${rest}` };
  },
};

/** The books behind the sums. */
const ledger: Section = {
  name: 'ledger',
  title: 'Ledger',
  tell({ chapters }) {
    const about = stateOf(chapters[0]);
    return about?.kind === 'order' ? ledgerView(about.state) : undefined;
  },
};

const history: Section = {
  name: 'timeline',
  title: 'Timeline',
  tell(story) {
    const entries = timeline(story);
    if (entries.length === 0) return undefined;
    const rows = entries.map(({ at, subject, what, detail, cause }) => [
      timeText(at),
      shortName(subject),
      what,
      // An operation's end is caused by itself.
      detail.startsWith(cause) ? detail : `${detail}\n← ${cause}`.trim(),
    ]);
    return { json: entries, text: table(['when', 'whose', 'what', 'detail ← cause'], rows) };
  },
};

const operations: Section = {
  name: 'operations',
  title: 'Operations',
  tell({ operations: all }) {
    if (all.length === 0) return undefined;
    const rows = all.map((one) => [
      one.key,
      `${one.target.connector}/${one.target.account}`,
      one.status,
      one.attempts,
      outcomeOf(one),
    ]);
    const json = all.map(({ content: _content, fingerprint: _fingerprint, ...rest }) => rest);
    return { json, text: table(['operation', 'at', 'status', 'attempts', 'outcome'], rows) };
  },
};

const cases: Section = {
  name: 'cases',
  title: 'Cases',
  tell({ chapters }) {
    const all = chapters.flatMap((chapter) => chapter.cases);
    if (all.length === 0) return undefined;
    const rows = all.map((one) => [
      one.status,
      one.owner,
      one.code,
      one.count,
      one.moneyAtRisk && moneyText(one.moneyAtRisk),
      timeText(one.firstSeenAt),
      one.message,
      one.status === 'open' ? one.suggestedFix : `closed ${timeText(one.closedAt ?? '')}`,
    ]);
    const head = ['status', 'owner', 'code', 'count', 'at risk', 'since', 'what', 'suggested fix'];
    return { json: all, text: table(head, rows) };
  },
};

const waiting: Section = {
  name: 'waiting',
  title: 'Waited for',
  tell({ chapters, operations: all }) {
    const found = [
      ...chapters.flatMap(({ key, timers }) =>
        timers.map(({ name, dueAt }) => ({ subject: key, what: `deadline ${name}`, since: undefined, until: dueAt })),
      ),
      ...chapters.flatMap(({ key, waits }) =>
        waits.map(({ step, since, checkAt }) => ({
          subject: key,
          what: `workflow step ${step}`,
          since,
          until: checkAt,
        })),
      ),
      ...chapters.flatMap(({ key, pausedUntil }) =>
        pausedUntil === undefined
          ? []
          : [{ subject: key, what: 'asked us to slow down', since: undefined, until: pausedUntil }],
      ),
      ...all.flatMap(({ subject, key, status, dueAt, plannedAt }) =>
        dueAt === undefined ? [] : [{ subject, what: `${key} (${status})`, since: plannedAt, until: dueAt }],
      ),
    ];
    if (found.length === 0) return undefined;
    const rows = found.map(({ subject, what, since, until }) => [
      shortName(subject),
      what,
      since && timeText(since),
      timeText(until),
    ]);
    return { json: found, text: table(['whose', 'what', 'since', 'looked at again'], rows) };
  },
};

/** What an explanation consists of, in its order: a new part is a row here. */
export const SECTIONS: readonly Section[] = [state, money, ledger, cases, waiting, history, operations];
