import { type CanonicalReason, type MappedReason, mapReason, normalCode, type ReasonMap } from '../reasons.ts';
import type { OpenReturn } from '../state.ts';
import { reasonSource } from './catalogue.ts';

/** What maps make of the returns that there are: how much they cover, and what another version would change. */

/** One line whose canonical reason is another under a new map. */
export type ReasonChange = {
  readonly lineId: string;
  readonly given: string;
  /** Missing when no map knew the code. */
  readonly before?: CanonicalReason;
  readonly after?: CanonicalReason;
};

/** The reason of each line as it is held now: as decided, or as the last re-normalisation left it. */
export function reasonsOf(
  state: Pick<OpenReturn, 'authorization' | 'reasons'>,
): { lineId: string; reason: MappedReason }[] {
  const later = state.reasons;
  return state.authorization.lines.map(({ lineId, reason }, index) => ({
    lineId,
    reason: later?.lines[index] ?? reason,
  }));
}

/** What a map makes of a return's codes, line by line; undefined when it leaves every line as it is. */
export function renormalized(
  state: Pick<OpenReturn, 'authorization' | 'reasons'>,
  map: ReasonMap,
): { readonly lines: readonly MappedReason[]; readonly changes: readonly ReasonChange[] } | undefined {
  const held = reasonsOf(state);
  const lines = held.map(({ reason }) => mapReason(map, reason.given));
  const changes = held.flatMap(({ lineId, reason }, index): ReasonChange[] => {
    const after = lines[index]?.canonical;
    if (after === reason.canonical) return [];
    const before = reason.canonical;
    return [{ lineId, given: reason.given, ...(before && { before }), ...(after && { after }) }];
  });
  return changes.length === 0 ? undefined : { lines, changes };
}

export type Coverage = {
  readonly source: string;
  readonly lines: number;
  readonly mapped: number;
  /** The codes that no map knows, the most frequent first. */
  readonly unmapped: readonly { readonly code: string; readonly lines: number; readonly returns: number }[];
};

/** How much of what each source said is understood, by source; the least understood first. */
export function coverageOf(returns: Iterable<Pick<OpenReturn, 'authorization' | 'reasons'>>): Coverage[] {
  const sources = new Map<
    string,
    { lines: number; mapped: number; codes: Map<string, { lines: number; returns: Set<string> }> }
  >();
  for (const state of returns) {
    const source = reasonSource(state.authorization.id);
    const one = sources.get(source) ?? { lines: 0, mapped: 0, codes: new Map() };
    sources.set(source, one);
    for (const { reason } of reasonsOf(state)) {
      one.lines += 1;
      if (reason.canonical !== undefined) one.mapped += 1;
      else {
        const code = normalCode(reason.given);
        const seen = one.codes.get(code) ?? { lines: 0, returns: new Set<string>() };
        one.codes.set(code, seen);
        seen.lines += 1;
        seen.returns.add(state.authorization.id.returnId);
      }
    }
  }
  return [...sources]
    .map(([source, { lines, mapped, codes }]) => ({
      source,
      lines,
      mapped,
      unmapped: [...codes]
        .map(([code, seen]) => ({ code, lines: seen.lines, returns: seen.returns.size }))
        .sort((a, b) => b.lines - a.lines || (a.code < b.code ? -1 : 1)),
    }))
    .sort((a, b) => b.lines - b.mapped - (a.lines - a.mapped) || (a.source < b.source ? -1 : 1));
}
