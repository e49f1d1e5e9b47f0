import { reasonSource } from '#core/returns/reasons/catalogue.ts';
import { type ReasonChange, renormalized } from '#core/returns/reasons/history.ts';
import type { CanonicalReason, ReasonMap } from '#core/returns/reasons.ts';
import { normalCode } from '#core/returns/reasons.ts';
import { returnKey } from '#core/returns/return.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { Cause } from '../aggregate.ts';
import { changeReturn, type ReturnPorts } from './change-return.ts';

export type Renormalize = {
  /** Returns as they lie in the table, one after the other: there may be very many. */
  readonly returns: AsyncIterable<OpenReturn>;
  readonly mapOf: (source: string) => ReasonMap;
  /** Only what this source said. */
  readonly source?: string;
  /** Writes only when true. */
  readonly apply: boolean;
};

/** All lines of a source that one code brought from one reason to another. */
export type Difference = {
  readonly source: string;
  readonly code: string;
  readonly before?: CanonicalReason;
  readonly after?: CanonicalReason;
  readonly lines: number;
  readonly returns: number;
};

export type Renormalized = {
  readonly read: number;
  /** Returns with a reason that is another now, and of those the ones that were written. */
  readonly changed: number;
  readonly written: number;
  readonly differences: readonly Difference[];
};

/**
 * Reads the history by other maps and shows the difference; applied, each return that reads otherwise gets an event of it.
 * Cut off in the middle it is run again: returns that were written read the same by then.
 */
export async function renormalizeReasons(
  ports: ReturnPorts,
  { returns, mapOf, source: only, apply }: Renormalize,
  cause: Cause,
): Promise<Renormalized> {
  const totals = new Map<string, Difference>();
  let read = 0;
  let changed = 0;
  let written = 0;
  for await (const state of returns) {
    const source = reasonSource(state.authorization.id);
    if (only !== undefined && source !== only) continue;
    read += 1;
    const map = mapOf(source);
    const found = renormalized(state, map);
    if (!found) continue;
    changed += 1;
    add(totals, source, found.changes);
    if (!apply) continue;
    const command = { type: 'renormalize-reasons', map, at: cause.now } as const;
    const handled = await changeReturn(ports, returnKey(state.authorization.id), () => command, cause);
    if (handled.kind === 'committed') written += 1;
  }
  const differences = [...totals.values()].sort((a, b) => b.lines - a.lines || (a.code < b.code ? -1 : 1));
  return { read, changed, written, differences };
}

function add(totals: Map<string, Difference>, source: string, changes: readonly ReasonChange[]): void {
  const counted = new Set<string>();
  for (const { given, before, after } of changes) {
    const code = normalCode(given);
    const key = JSON.stringify([source, code, before, after]);
    const total = totals.get(key) ?? {
      ...{ source, code, lines: 0, returns: 0 },
      ...(before && { before }),
      ...(after && { after }),
    };
    const returns = total.returns + (counted.has(key) ? 0 : 1);
    counted.add(key);
    totals.set(key, { ...total, lines: total.lines + 1, returns });
  }
}
