import { never } from '../kernel/decision.ts';
import { allEffects, type Effects, effects, NO_EFFECTS } from '../kernel/effects.ts';
import type { JsonObject, PlannedOperation, Target } from '../operations/operation.ts';
import * as cases from './cases.ts';
import { COLLECT_AGAIN_AFTER_DAYS } from './decider.ts';
import type { SettlementEvent } from './events.ts';
import { settlementKey } from './line.ts';
import { type JournalContent, journalKey } from './posting.ts';
import { type OpenSettlement, waitsForRules } from './state.ts';
import { RECORDING_PATIENCE_MINUTES, ROUNDS_UNTIL_CASE } from './untold.ts';

/** Looks after batches that were not told: whoever told them may have died. */
export const RECORDING_TIMER = 'recording';
/** Channels change settlements for weeks: it is to be collected again. */
export const COLLECT_TIMER = 'collect-again';
/** It was to be collected by itself, and nobody has heard of it since. */
export const OVERDUE_TIMER = 'collection-overdue';

/** Refunds come for months, and what differs is put right late: it is matched again when it is no longer collected again. */
export const MATCH_TIMER = 'match-again';

/** Rules come with a deployment, which tells nobody: a settlement that waits for some asks for them by itself. */
export const RULES_TIMER = 'rules';

/** Orders of a batch have come that were missing: a minute for others to come too, and it is told again. */
export const arrivalTimer = (batch: number): string => `${ARRIVAL}${batch}`;
export const batchOfArrival = (timer: string): number | undefined =>
  timer.startsWith(ARRIVAL) ? Number(timer.slice(ARRIVAL.length)) : undefined;
const ARRIVAL = 'orders-arrived/';

export const MATCH_AGAIN_DAYS = 7;
/** Orders without a difference are looked at for as long: buyers return their presents until the end of January. */
export const MATCHED_FOR_DAYS = 120;
/** The first posting stands: a channel that is away for an afternoon is not worth a person's time. */
export const COLLECTION_PATIENCE_HOURS = 6;

/** When rules are looked for again: after as long again as they have been waited for, a quarter of an hour to an hour. */
export function nextLookForRules(since: string, now: string): string {
  const waited = Date.parse(now) - Date.parse(since);
  return later(now, Math.min(Math.max(waited, 15 * MINUTE), 60 * MINUTE));
}

/** Where a settlement is posted, and whether its channel can be asked for it or a person has to fetch the file. */
export type SettlementRouting = { readonly erp: Target; readonly collectsItself: boolean };

/** What follows from events of a settlement; `state` is the settlement after all of them. */
export const settlementReactions = (
  events: readonly SettlementEvent[],
  state: OpenSettlement,
  routing: SettlementRouting,
): Effects => allEffects(events.map((event) => react(event, state, routing)));

function react(event: SettlementEvent, state: OpenSettlement, routing: SettlementRouting): Effects {
  switch (event.type) {
    case 'settlement.imported':
      return allEffects([
        state.awaited ? NO_EFFECTS : COLLECTED,
        effects({
          setTimers: [
            ...(state.pending.length > 0
              ? [{ name: RECORDING_TIMER, dueAt: later(event.at, RECORDING_PATIENCE_MINUTES * MINUTE) }]
              : []),
            ...(event.revision === 1 ? nextCollection(event.at, 0) : []),
            ...(isCollectedForGood(state) ? [matchAgain(event.at)] : []),
          ],
        }),
      ]);
    case 'settlement.collected-unchanged':
      // Due at once: whoever collects it again wants to know how it stands now.
      return allEffects([COLLECTED, effects({ setTimers: [{ name: MATCH_TIMER, dueAt: state.importedAt }] })]);
    case 'settlement.batch-recorded':
      return NO_EFFECTS;
    case 'settlement.order-arrived':
      return effects({ setTimers: [{ name: arrivalTimer(event.batch), dueAt: later(event.at, MINUTE) }] });
    case 'settlement.batch-begun':
      return effects({ clearTimers: [arrivalTimer(event.batch)] });
    case 'settlement.untold':
      return event.rounds < ROUNDS_UNTIL_CASE ? NO_EFFECTS : effects({ openCases: [cases.notTold(state)] });
    case 'settlement.matched':
      return allEffects([
        effects({ closeCases: [cases.BLOCKED, cases.NOT_TOLD], clearTimers: [RECORDING_TIMER] }),
        effects(cases.differences(state)),
      ]);
    case 'settlement.blocked':
      return effects({
        openCases: [cases.blocked(state)],
        // Due at once: rules may have been deployed since the file was read. The timer ends itself once nothing waits.
        setTimers: waitsForRules(state) ? [{ name: RULES_TIMER, dueAt: state.importedAt }] : [],
      });
    case 'settlement.posting-planned':
      return effects({ operations: event.parts.map((part) => postingOf(part, routing.erp)) });
    case 'settlement.part-posted':
      return effects({ closeCases: [cases.refusedCode(event.part)] });
    case 'settlement.part-refused':
      return effects({ openCases: [cases.postingRefused(state, event)] });
    case 'settlement.collection-due':
      return effects({
        openCases: routing.collectsItself ? [] : [cases.collectAgain(state)],
        setTimers: [
          ...nextCollection(state.importedAt, event.times),
          ...(isCollectedForGood(state) ? [matchAgain(event.at)] : []),
          ...(routing.collectsItself ? [overdue(event.at)] : []),
        ],
      });
    case 'settlement.collection-overdue':
      return effects({ openCases: [cases.collectAgain(state)] });
    default:
      return never(event);
  }
}

/** It has been collected again: whoever was asked to, or was about to be, is done. */
const COLLECTED = effects({ closeCases: [cases.COLLECT_AGAIN], clearTimers: [OVERDUE_TIMER] });

function nextCollection(from: string, times: number): { name: string; dueAt: string }[] {
  const days = COLLECT_AGAIN_AFTER_DAYS[times];
  return days === undefined ? [] : [{ name: COLLECT_TIMER, dueAt: later(from, days * DAY) }];
}

/** Nobody is asked any more to collect it. */
export const isCollectedForGood = ({ asked }: Pick<OpenSettlement, 'asked'>): boolean =>
  asked >= COLLECT_AGAIN_AFTER_DAYS.length;

const matchAgain = (from: string) => ({ name: MATCH_TIMER, dueAt: later(from, MATCH_AGAIN_DAYS * DAY) });

const overdue = (from: string) => ({
  name: OVERDUE_TIMER,
  dueAt: later(from, COLLECTION_PATIENCE_HOURS * 60 * MINUTE),
});

function postingOf(content: JournalContent, target: Target): PlannedOperation {
  return {
    key: journalKey(content.settlement, content.part),
    kind: 'erp/journal',
    target,
    subject: settlementKey(content.settlement),
    content: content as unknown as JsonObject,
  };
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const later = (instant: string, milliseconds: number): string =>
  new Date(Date.parse(instant) + milliseconds).toISOString();
