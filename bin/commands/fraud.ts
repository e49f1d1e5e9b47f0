import { randomUUID } from 'node:crypto';
import { forgetBuyer } from '#application/returns/fraud/forget-buyer.ts';
import type { OrderState } from '#core/orders/state.ts';
import type { FraudJudgement, FraudVerdict } from '#core/returns/fraud/judge.ts';
import { fraudReport, type Judged, judgedReturn, outcomeOf } from '#core/returns/fraud/report.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import { stateStore } from '#platform/aws/stores.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { hashKeys } from '../../functions/handlers/wiring/fraud.ts';
import { returnKeyOf } from './decide-returns.ts';
import { moneyText } from './explain/names.ts';
import { readStates } from './read-states.ts';
import { CliError, type Report, table, tableOr } from './report.ts';
import { APPLY, onStage, verb } from './verb.ts';

export const fraudExplain = verb(
  'explain <return>',
  'What the fraud rules said of a return and why, at its authorization and before its refund; shadow rules too.',
  ['crossdock fraud explain R-1001', 'crossdock fraud explain RETURN#generic#main#R-1001 --json'],
).action(
  onStage(async (stage, _options, given: string) => {
    const key = await returnKeyOf(stage, given);
    const state = (await stateStore().load<ReturnState>(key))?.state;
    if (!state || state.status === 'none')
      throw new CliError(1, `no return ${given}: "crossdock returns list" has them`);
    return explained(key, state);
  }),
);

/** Hashes of the buyer are left out: a person has no use for them. */
function explained(key: string, state: OpenReturn): Report {
  const moments = [momentOf('authorization', state.authorization.fraud), momentOf('refund', state.finance?.fraud)];
  const verdicts = moments.flat();
  const json = { returnKey: key, status: state.status, outcome: outcomeOf(state), verdicts };
  if (verdicts.length === 0) {
    const why = state.authorization.unjudged ? 'fraud rules could not be asked yet' : 'no fraud rules were asked';
    return { json, text: `${key}: ${why}` };
  }
  const rows = verdicts.flatMap(({ moment, verdict }) => [
    [moment, nameOf(verdict), verdict.score, effectOf(moment, verdict), ''],
    ...verdict.fired.map(({ rule, version, weight, reason, settled }) => [
      ...['', `  ${rule} ${version}`, settled ? `(${weight}) settled` : weight, reason.code],
      reason.message,
    ]),
  ]);
  return { json, text: `${key} is ${state.status}\n${table(['at', 'rules', 'score', 'says', 'why'], rows)}` };
}

const momentOf = (moment: 'authorization' | 'refund', judgement: FraudJudgement | undefined) =>
  (judgement?.verdicts ?? []).map((verdict) => ({ moment, at: judgement?.at, verdict }));

const nameOf = ({ ruleSet, version, mode }: FraudVerdict): string => `${ruleSet} ${version} (${mode})`;

/** What the verdict did, or would have done. */
function effectOf(moment: 'authorization' | 'refund', { mode, action }: FraudVerdict): string {
  if (action === 'approve') return 'approve';
  const effect =
    moment === 'refund' ? 'refund waits for finance' : action === 'review' ? 'return in review' : 'refund will wait';
  return mode === 'live' ? `${action}: ${effect}` : `would ${action}: ${effect}`;
}

export const fraudReportVerb = verb(
  'report',
  'How each set of rules did: what it stopped, or would have, and what became of it. Reads every return.',
  ['crossdock fraud report', 'crossdock fraud report --json'],
).action(
  onStage(async () => {
    const judged: Judged[] = [];
    for await (const state of readStates<OpenReturn>('RETURN#')) {
      const one = judgedReturn(state);
      if (one) judged.push(one);
    }
    const sets = fraudReport(judged);
    const rows = sets.flatMap((set) => [
      [
        ...[
          nameOf({ ...set, score: 0, action: 'approve', fired: [] }),
          set.judged,
          counted(set.review),
          counted(set.hold),
        ],
        ...[set.missed, moneyOf(set.falseHeld), moneyOf(set.foulHeld)],
      ],
      ...set.rules.map((rule) => [`  ${rule.rule} ${rule.version}`, rule.returns, counted(rule)]),
    ]);
    const head = ['rules', 'judged', 'review', 'hold', 'missed', 'held, and fair', 'held, and foul'];
    const text = tableOr('no return was judged by fraud rules', head, rows);
    return { json: sets, text: sets.length === 0 ? text : `${text}\nCounts are: all (fair, foul, open).` };
  }),
);

const counted = ({
  returns,
  fair,
  foul,
  open,
}: {
  returns: number;
  fair: number;
  foul: number;
  open: number;
}): string => `${returns} (${fair}, ${foul}, ${open})`;

const moneyOf = (sums: Readonly<Record<string, number>>): string =>
  Object.entries(sums)
    .map(([currency, minor]) => moneyText({ minor, currency }))
    .join(', ');

export const fraudForget = verb(
  'forget <order>',
  "Empties what is remembered of an order's buyer and address. To be done before the order's personal data is erased.",
  ['crossdock fraud forget ORDER#shopify#main#5001', 'crossdock fraud forget ORDER#shopify#main#5001 --apply'],
)
  .option(...APPLY)
  .action(
    onStage(async (_stage, { apply }, key: string) => {
      const order = (await stateStore().load<OrderState>(key))?.state;
      if (!order || order.status === 'none')
        throw new CliError(1, `no order ${key}: give its key, such as ORDER#shopify#main#5001`);
      const id = randomUUID();
      const cause = { now: clock.now(), correlationId: id, causationId: `forget/${id}` };
      const done = await forgetBuyer({ store: stateStore(), hashKeys }, order, apply === true, cause);
      const what = `${done.profiles} profiles with ${done.entries} entries`;
      const text = done.written
        ? `${what} forgotten`
        : done.profiles === 0
          ? 'nothing is remembered'
          : `${what} would be forgotten (dry run: add --apply)`;
      return { json: done, text };
    }),
  );
