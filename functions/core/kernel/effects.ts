import type { CaseToOpen } from '../cases/case.ts';
import type { PlannedOperation } from '../operations/operation.ts';

/** Something to look at again at a time: known by its subject and name, so that setting it twice moves it. */
export type TimerToSet = { readonly name: string; readonly dueAt: string };

/** What follows from a decision; written in the same transaction as its events. */
export type Effects = {
  readonly operations: readonly PlannedOperation[];
  readonly openCases: readonly CaseToOpen[];
  /** Codes of cases whose cause is gone; closing one that is not open does nothing. */
  readonly closeCases: readonly string[];
  readonly setTimers: readonly TimerToSet[];
  readonly clearTimers: readonly string[];
};

export const NO_EFFECTS: Effects = { operations: [], openCases: [], closeCases: [], setTimers: [], clearTimers: [] };

export const effects = (some: Partial<Effects>): Effects => ({ ...NO_EFFECTS, ...some });

/** All of them, in order. A case that one opens and a later one closes is closed. */
export function allEffects(parts: Iterable<Effects>): Effects {
  const all = [...parts];
  return {
    operations: all.flatMap((part) => part.operations),
    openCases: all.flatMap((part) => part.openCases),
    closeCases: all.flatMap((part) => part.closeCases),
    setTimers: all.flatMap((part) => part.setTimers),
    clearTimers: all.flatMap((part) => part.clearTimers),
  };
}
