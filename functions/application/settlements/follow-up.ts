import { daysBetween } from '#core/kernel/calendar.ts';
import { parseSettlementKey } from '#core/settlements/line.ts';
import {
  batchOfArrival,
  COLLECT_TIMER,
  isCollectedForGood,
  MATCH_AGAIN_DAYS,
  MATCH_TIMER,
  MATCHED_FOR_DAYS,
  nextLookForRules,
  OVERDUE_TIMER,
  RECORDING_TIMER,
  RULES_TIMER,
} from '#core/settlements/reactions.ts';
import {
  batchesOf,
  batchesToRepeat,
  type OpenSettlement,
  type SettlementState,
  waitsForRules,
} from '#core/settlements/state.ts';
import { RECORDING_PATIENCE_MINUTES } from '#core/settlements/untold.ts';
import { type Cause, handle } from '../aggregate.ts';
import type { IdSource } from '../ports/runtime.ts';
import type { SettlementWork } from '../ports/settlement-files.ts';
import type { DueTimer, Store } from '../ports/store.ts';
import type { SettlementAggregate } from './settlement-aggregate.ts';

export type FollowUpPorts = {
  readonly store: Store;
  readonly settlements: SettlementAggregate;
  readonly work: SettlementWork;
  readonly ids: IdSource;
};

export const isSettlement = (subject: string): boolean => subject.startsWith('SETTLEMENT#');

/** Hands out the batches whose orders have not been told. Twice is harmless: a batch that was told is ignored. */
export async function handOutBatches(
  { store, work }: Pick<FollowUpPorts, 'store' | 'work'>,
  settlement: string,
): Promise<number> {
  const state = await opened(store, settlement);
  return state ? send(work, settlement, state, state.pending) : 0;
}

/** A timer of a settlement. Early, late or doubled it does no harm: the settlement knows how far it is. */
export async function onSettlementTimer(
  ports: FollowUpPorts,
  { subject, name }: Pick<DueTimer, 'subject' | 'name'>,
  now: string,
): Promise<{ readonly again: string } | 'done'> {
  const arrived = batchOfArrival(name);
  if (arrived !== undefined) return await tellArrived(ports, subject, arrived, now);
  switch (name) {
    case RECORDING_TIMER:
      return await handOutAgain(ports, subject, now);
    case COLLECT_TIMER:
      await collectAgain(ports, subject, now);
      return 'done';
    case MATCH_TIMER:
      return await matchAgain(ports, subject, now);
    case OVERDUE_TIMER:
      await noteOverdue(ports, subject, now);
      return 'done';
    case RULES_TIMER: {
      const state = await opened(ports.store, subject);
      if (!state || !waitsForRules(state)) return 'done';
      await ports.work.reclassify(subject);
      return { again: nextLookForRules(state.importedAt, now) };
    }
    default:
      throw new Error(`a settlement has no timer "${name}"`);
  }
}

/** What nobody has told; the settlement says when there will be another round, and lets a person know where none helps. */
async function handOutAgain(
  ports: FollowUpPorts,
  subject: string,
  now: string,
): Promise<{ readonly again: string } | 'done'> {
  if ((await handOutBatches(ports, subject)) === 0) return 'done';
  const command = { type: 'note-untold', at: now } as const;
  const cause = causeOf(ports, subject, RECORDING_TIMER, now);
  const handled = await handle(ports.store, ports.settlements, subject, command, cause);
  if (handled.kind === 'seen' || handled.state.status === 'none' || !handled.state.untold) return 'done';
  return { again: handled.state.untold.next };
}

/** Until somebody has begun the batch; whoever was asked to may have died. */
async function tellArrived(
  { store, work }: FollowUpPorts,
  subject: string,
  batch: number,
  now: string,
): Promise<{ readonly again: string } | 'done'> {
  const state = await opened(store, subject);
  if (!state?.arrived?.includes(batch)) return 'done';
  await send(work, subject, state, [batch]);
  return { again: minutesAfter(now, RECORDING_PATIENCE_MINUTES) };
}

/** What was put right meanwhile, and what was refunded, is matched too, before the timer moves on. */
async function collectAgain(ports: FollowUpPorts, subject: string, now: string): Promise<void> {
  const state = await opened(ports.store, subject);
  if (state) await send(ports.work, subject, state, batchesOf(state));
  const command = { type: 'note-collection-due', at: now } as const;
  await handle(ports.store, ports.settlements, subject, command, causeOf(ports, subject, COLLECT_TIMER, now));
}

/**
 * All orders for some months, those that differ for as long as they do. While it is still collected again, that asks for the
 * orders too.
 */
async function matchAgain(
  { store, work }: FollowUpPorts,
  subject: string,
  now: string,
): Promise<{ readonly again: string } | 'done'> {
  const state = await opened(store, subject);
  if (!state) return 'done';
  const young = daysBetween(state.importedAt, now) <= MATCHED_FOR_DAYS;
  const sent = await send(work, subject, state, young ? batchesOf(state) : batchesToRepeat(state));
  const ends = sent === 0 || !isCollectedForGood(state);
  return ends ? 'done' : { again: minutesAfter(now, MATCH_AGAIN_DAYS * 24 * 60) };
}

async function noteOverdue(ports: FollowUpPorts, subject: string, now: string): Promise<void> {
  const command = { type: 'note-collection-overdue' } as const;
  await handle(ports.store, ports.settlements, subject, command, causeOf(ports, subject, OVERDUE_TIMER, now));
}

const causeOf = ({ ids }: Pick<FollowUpPorts, 'ids'>, subject: string, timer: string, now: string): Cause => ({
  now,
  correlationId: ids.next(),
  causationId: `${subject}/TIMER#${timer}`,
});

async function opened(store: Store, settlement: string): Promise<OpenSettlement | undefined> {
  parseSettlementKey(settlement);
  const state = (await store.load<SettlementState>(settlement))?.state;
  return state?.status === 'none' ? undefined : state;
}

async function send(
  work: SettlementWork,
  settlement: string,
  { revision }: OpenSettlement,
  batches: readonly number[],
): Promise<number> {
  await work.send(batches.map((batch) => ({ settlement, revision, batch })));
  return batches.length;
}

const minutesAfter = (instant: string, minutes: number): string =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();
