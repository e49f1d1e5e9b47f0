import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import { returnReactions } from '#core/returns/reactions.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { specify } from '../../support/given.ts';

/** The return after a history of commands that must all be accepted. */
export const { after: stateAfter } = specify(returnDecider);

/** What a command becomes after a history. */
export const decided = (history: readonly ReturnCommand[], command: ReturnCommand) =>
  returnDecider.decide(command, stateAfter(...history));

/** What follows from the last command of a history. */
export function effectsOf(...history: readonly ReturnCommand[]) {
  const before = stateAfter(...history.slice(0, -1));
  const decision = returnDecider.decide(history.at(-1) as ReturnCommand, before);
  if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
  const state = decision.events.reduce(returnDecider.evolve, before) as OpenReturn;
  return returnReactions(decision.events, state, { connector: 'tryton', account: 'main' });
}

export const casesOf = (...history: readonly ReturnCommand[]): string[] =>
  effectsOf(...history).openCases.map(({ code }) => code);
