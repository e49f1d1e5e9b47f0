import type { Reason } from '../../kernel/decision.ts';
import { inForce } from '../reasons/catalogue.ts';
import { type FraudFacts, type FraudRule, reasonToFire } from './rules.ts';

/** Rules that are weighed together. A set has versions, each with a beginning, and is never changed. */
export type RuleSet = {
  readonly name: string;
  readonly version: string;
  /** ISO 8601; holds until a later version of the set begins. */
  readonly effectiveFrom: string;
  /** `shadow`: judges and is recorded, and changes nothing. */
  readonly mode: 'live' | 'shadow';
  /** Scores from which the refund waits for a person, and from which the return itself does. */
  readonly holdFrom: number;
  readonly reviewFrom: number;
  readonly rules: readonly FraudRule[];
};

/** `review`: a person decides on the return. `hold`: it goes on, and a person decides before it is paid. */
export type FraudAction = 'approve' | 'hold' | 'review';

export type FiredRule = {
  readonly rule: FraudRule['id'];
  readonly version: number;
  readonly weight: number;
  readonly reason: Reason;
  /** A person knew of it and approved the return: it counts no more. */
  readonly settled?: true;
};

export type FraudVerdict = {
  readonly ruleSet: string;
  readonly version: string;
  readonly mode: RuleSet['mode'];
  readonly score: number;
  readonly action: FraudAction;
  readonly fired: readonly FiredRule[];
};

/** What is kept of a judgement with the return: who it was about as hashes, and what each rule set said. */
export type FraudJudgement = {
  readonly at: string;
  readonly buyer?: string;
  readonly address?: string;
  readonly verdicts: readonly FraudVerdict[];
};

/** The newest version of each set that has begun. */
export const ruleSetsAt = (sets: readonly RuleSet[], at: string): RuleSet[] =>
  [...new Set(sets.map(({ name }) => name))].flatMap((name) => {
    const newest = inForce(
      sets.filter((one) => one.name === name),
      at,
    );
    return newest ? [newest] : [];
  });

/**
 * What each rule set in force says. `known`: the verdicts that a person approved the return by; the same rule of the same
 * set fires again at the refund and must not stop it a second time.
 */
export const judge = (
  sets: readonly RuleSet[],
  facts: FraudFacts,
  known: readonly FraudVerdict[] = [],
): FraudVerdict[] => ruleSetsAt(sets, facts.at).map((set) => verdictOf(set, facts, known));

function verdictOf(set: RuleSet, facts: FraudFacts, known: readonly FraudVerdict[]): FraudVerdict {
  const { name: ruleSet, version, mode, holdFrom, reviewFrom } = set;
  const seen = known.filter((one) => one.ruleSet === ruleSet).flatMap(({ fired }) => fired);
  const fired = set.rules.flatMap((rule): FiredRule[] => {
    const reason = reasonToFire(rule, facts);
    if (!reason) return [];
    const settled = seen.some((one) => one.rule === rule.id && one.reason.code === reason.code);
    return [{ rule: rule.id, version: rule.version, weight: rule.weight, reason, ...(settled && { settled }) }];
  });
  const score = fired.reduce((sum, one) => (one.settled ? sum : sum + one.weight), 0);
  const action = score >= reviewFrom ? 'review' : score >= holdFrom ? 'hold' : 'approve';
  return { ruleSet, version, mode, score, action, fired };
}

/** Told to whoever asked for the return: that a person looks at it, and not how to get around that. */
export function doubtsAtAuthorization({ verdicts }: FraudJudgement): Reason[] {
  const stops = verdicts.some(({ mode, action }) => mode === 'live' && action === 'review');
  return stops ? [{ code: 'FRAUD_REVIEW', message: 'a person looks at the return before it is approved' }] : [];
}

/** For finance, by rule set: what was said at the refund, or what was left over from the authorization. */
export function doubtsAtRefund(now: FraudJudgement, before: FraudJudgement | undefined, reviewed: boolean): Reason[] {
  const left = reviewed ? [] : (before?.verdicts ?? []);
  const stopping = [...now.verdicts, ...left].filter(({ mode, action }) => mode === 'live' && action !== 'approve');
  const bySet = new Map(stopping.reverse().map((verdict) => [verdict.ruleSet, verdict]));
  return [...bySet.values()].map((verdict) => ({ code: 'FRAUD_HOLD', message: told(verdict) }));
}

/** One verdict in a sentence, for people of the house. */
export function told({ ruleSet, version, score, fired }: FraudVerdict): string {
  const why = fired
    .map(({ weight, reason, settled }) => `${reason.message} (${settled ? 'settled' : weight})`)
    .join('; ');
  return `fraud rules ${ruleSet} ${version} score ${score}: ${why}`;
}
