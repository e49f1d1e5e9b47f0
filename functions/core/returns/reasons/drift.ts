import type { CaseToOpen } from '../../cases/case.ts';
import { accepted, type Decider, type Decision, ignored } from '../../kernel/decision.ts';
import { type Effects, effects } from '../../kernel/effects.ts';

/**
 * Codes of one source that no map knows, and how many returns wait for one. A code's count goes up when a return is asked
 * for with it and down when that return is re-normalised; sums do not mind the order, so its case is open just while the
 * sum is above zero. Each event is counted once by its inbox mark, which is committed with the count.
 */
export type DriftState = { readonly waiting: Readonly<Record<string, number>> };

type Counted = {
  readonly source: string;
  /** Codes that one more return carries without anybody knowing them. */
  readonly unmapped: readonly string[];
  /** Codes that one return fewer waits for. */
  readonly mapped: readonly string[];
};

export type DriftCommand = { readonly type: 'count-reasons' } & Counted;
export type DriftEvent = { readonly type: 'reasons.counted' } & Counted;

export const driftKey = (source: string): string => `REASONS#${source.replace('/', '#')}`;

/** A platform that makes codes up must not grow a row without end: later new codes share one entry. */
const MAX_CODES = 200;
const MANY = '*';

export const driftDecider: Decider<DriftState, DriftCommand, DriftEvent> = {
  initial: { waiting: {} },
  decide({ source, unmapped, mapped }, state): Decision<DriftEvent> {
    if (unmapped.length + mapped.length === 0) return ignored('every code is known');
    return accepted({
      type: 'reasons.counted',
      source,
      unmapped: [...new Set(unmapped.map((code) => entryOf(state, code)))],
      mapped: [...new Set(mapped.map((code) => entryLeft(state, code)))],
    });
  },
  evolve({ waiting }, { unmapped, mapped }) {
    const sums = new Map(Object.entries(waiting));
    for (const code of unmapped) sums.set(code, (sums.get(code) ?? 0) + 1);
    for (const code of mapped) sums.set(code, (sums.get(code) ?? 0) - 1);
    return { waiting: Object.fromEntries([...sums].filter(([, returns]) => returns !== 0)) };
  },
};

function entryOf({ waiting }: DriftState, code: string): string {
  return Object.hasOwn(waiting, code) || Object.keys(waiting).length < MAX_CODES ? code : MANY;
}

/** What was counted in the shared entry leaves it, whether or not there is room again. */
function entryLeft({ waiting }: DriftState, code: string): string {
  return Object.hasOwn(waiting, code) || (waiting[MANY] ?? 0) <= 0 ? code : MANY;
}

const caseCode = (code: string): string => `REASON_DRIFT#${code}`;

/** Opens the case of a code that returns wait for, and closes that of one that none waits for any more. */
export function driftReactions(events: readonly DriftEvent[], { waiting }: DriftState): Effects {
  const isWaitedFor = (code: string): boolean => (waiting[code] ?? 0) > 0;
  const opened = events.flatMap(({ source, unmapped }) =>
    unmapped.filter(isWaitedFor).map((code) => driftCase(source, code, waiting[code] ?? 0)),
  );
  const touched = events.flatMap(({ unmapped, mapped }) => [...unmapped, ...mapped]);
  return effects({
    openCases: opened,
    closeCases: [...new Set(touched)].filter((code) => !isWaitedFor(code)).map(caseCode),
  });
}

function driftCase(source: string, code: string, returns: number): CaseToOpen {
  const what = code === MANY ? `more than ${MAX_CODES} codes` : `"${code}"`;
  return {
    code: caseCode(code),
    owner: 'retail-operations',
    message: `${source} gives ${what} as a reason for returns, which no map knows: ${returns} wait for a person`,
    suggestedFix: `add it to reasons.maps of the stage under source "${source}" with a new version, deploy, then: crossdock reasons renormalize --apply`,
  };
}
