import type { OpenReturn } from '../state.ts';
import type { FraudAction, FraudVerdict } from './judge.ts';

/**
 * How the rules did, by what became of the returns that they stopped or would have stopped. The outcome is read off what
 * people and the warehouse found, never off the rules themselves.
 */

/** `fair`: paid, and nothing was wrong with it. `foul`: a person refused it, or it brought nothing of ours. */
export type Outcome = 'fair' | 'foul' | 'open';

export function outcomeOf({ status, review, finance, inspections, refund }: OpenReturn): Outcome {
  const found = inspections.flatMap(({ lines }) => lines);
  const refused = review?.decision === 'rejected' || finance?.outcome === 'refused';
  if (refused || found.some(({ condition }) => condition === 'wrong-item' || condition === 'empty')) return 'foul';
  return status === 'closed' || refund?.status === 'paid' ? 'fair' : 'open';
}

export type Judged = {
  readonly returnId: string;
  readonly currency: string;
  /** Minor units: what was paid or would be. */
  readonly amount: number;
  readonly outcome: Outcome;
  /** One a rule set: the stronger of what it said at the authorization and at the refund. */
  readonly verdicts: readonly FraudVerdict[];
};

/** What a report needs of a return; undefined for one that no rule judged, or that the policy refused by itself. */
export function judgedReturn(state: OpenReturn): Judged | undefined {
  const { authorization, finance } = state;
  const said = [...(authorization.fraud?.verdicts ?? []), ...(finance?.fraud?.verdicts ?? [])];
  if (said.length === 0 || authorization.decision === 'rejected') return undefined;
  const strongest = new Map<string, FraudVerdict>();
  for (const verdict of said) {
    const known = strongest.get(verdict.ruleSet);
    if (!known || STRENGTH[verdict.action] >= STRENGTH[known.action]) strongest.set(verdict.ruleSet, verdict);
  }
  return {
    returnId: authorization.id.returnId,
    currency: authorization.currency,
    amount: finance?.refund ?? authorization.lines.reduce((sum, line) => sum + line.refundEstimate, 0),
    outcome: outcomeOf(state),
    verdicts: [...strongest.values()],
  };
}

const STRENGTH: Readonly<Record<FraudAction, number>> = { approve: 0, hold: 1, review: 2 };

type Tally = { readonly returns: number; readonly fair: number; readonly foul: number; readonly open: number };

export type SetReport = {
  readonly ruleSet: string;
  readonly version: string;
  readonly mode: FraudVerdict['mode'];
  readonly judged: number;
  readonly hold: Tally;
  readonly review: Tally;
  /** Foul returns that the set let pass. */
  readonly missed: number;
  /** By currency in minor units: refunds of fair returns that waited or would have, and money of foul ones. */
  readonly falseHeld: Readonly<Record<string, number>>;
  readonly foulHeld: Readonly<Record<string, number>>;
  readonly rules: readonly (Tally & { readonly rule: string; readonly version: number })[];
};

/** How each version of each rule set did. */
export function fraudReport(returns: readonly Judged[]): SetReport[] {
  const bySet = Map.groupBy(
    returns.flatMap((one) => one.verdicts.map((verdict) => ({ one, verdict }))),
    ({ verdict: { ruleSet, version, mode } }) => JSON.stringify([ruleSet, version, mode]),
  );
  return [...bySet.values()].flatMap((said) => {
    const [first] = said;
    return first ? [setReport(first.verdict, said)] : [];
  });
}

type Said = { readonly one: Judged; readonly verdict: FraudVerdict };

function setReport({ ruleSet, version, mode }: FraudVerdict, said: readonly Said[]): SetReport {
  const acting = (action: FraudAction) => said.filter(({ verdict }) => verdict.action === action);
  const stopped = said.filter(({ verdict }) => verdict.action !== 'approve');
  const byRule = Map.groupBy(
    said.flatMap(({ one, verdict }) => verdict.fired.map((fired) => ({ one, fired }))),
    ({ fired }) => JSON.stringify([fired.rule, fired.version]),
  );
  const rules = [...byRule.values()].flatMap((fires) => {
    const [first] = fires;
    if (!first) return [];
    const { rule, version: of } = first.fired;
    return [{ rule, version: of, ...tally(fires.map(({ one }) => one)) }];
  });
  return {
    ...{ ruleSet, version, mode, judged: said.length },
    hold: tally(acting('hold').map(({ one }) => one)),
    review: tally(acting('review').map(({ one }) => one)),
    missed: acting('approve').filter(({ one }) => one.outcome === 'foul').length,
    falseHeld: money(stopped, 'fair'),
    foulHeld: money(stopped, 'foul'),
    rules: rules.sort((a, b) => b.returns - a.returns || (a.rule < b.rule ? -1 : 1)),
  };
}

const tally = (returns: readonly Judged[]): Tally => {
  const count = (outcome: Outcome): number => returns.filter((one) => one.outcome === outcome).length;
  return { returns: returns.length, fair: count('fair'), foul: count('foul'), open: count('open') };
};

function money(said: readonly Said[], outcome: Outcome): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { one } of said) {
    if (one.outcome === outcome) sums[one.currency] = (sums[one.currency] ?? 0) + one.amount;
  }
  return sums;
}
