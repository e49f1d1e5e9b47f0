import type { Decider, Reason } from '#core/kernel/decision.ts';
import type { Effects } from '#core/kernel/effects.ts';
import { TransientError } from '#core/kernel/errors.ts';
import { plan } from '#core/operations/protocol.ts';
import { caseClosedV1, caseOpenedV1 } from '#events/cases/types.ts';
import type { EventType } from '#events/event-type.ts';
import type { PublishableEvent } from './ports/publisher.ts';
import type { AggregateWrite, Commit, Store, Stored } from './ports/store.ts';

/** One kind of aggregate: its decider, what follows from its events, and how they are told to the world. */
export type AggregateDefinition<S, C, E> = {
  readonly decider: Decider<S, C, E>;
  react(events: readonly E[], state: S, key: string): Effects;
  /** The type and data an event is published as; undefined for events that stay inside. Never personal data. */
  publish(event: E, state: S, key: string): { readonly type: EventType; readonly data: unknown } | undefined;
  /** An id of somebody else's that the events bring, for look-ups. */
  foreignId(events: readonly E[], state: S): string | undefined;
  /** Channel and account for the envelope. */
  origin(key: string): { readonly channel?: string; readonly account?: string };
};

/** Where a command comes from; carried into every event and operation that follows from it. */
export type Cause = {
  readonly now: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string;
};

export type Staged<S> =
  | { readonly kind: 'staged'; readonly write: AggregateWrite; readonly state: S }
  | { readonly kind: 'ignored'; readonly why: string; readonly state: S }
  | { readonly kind: 'rejected'; readonly reason: Reason; readonly state: S };

/** Decides a command and lays out everything that follows from it, for the caller to commit. */
export function stage<S, C, E>(
  definition: AggregateDefinition<S, C, E>,
  key: string,
  command: C,
  stored: Stored<S> | undefined,
  cause: Cause,
): Staged<S> {
  const before = stored?.state ?? definition.decider.initial;
  const decision = definition.decider.decide(command, before);
  if (decision.kind !== 'accepted') return { ...decision, state: before };

  const after = decision.events.reduce((state, event) => definition.decider.evolve(state, event), before);
  const effects = definition.react(decision.events, after, key);
  const wasOpen = stored?.openCases ?? [];
  const closing = effects.closeCases.filter((code) => wasOpen.includes(code));
  const opening = new Map(effects.openCases.map((found) => [found.code, found]));
  const openCases = [...new Set([...wasOpen.filter((code) => !closing.includes(code)), ...opening.keys()])];
  const published = [
    ...decision.events.map((event) => definition.publish(event, after, key)),
    ...[...opening.values()]
      .filter(({ code }) => !wasOpen.includes(code))
      .map(({ code, owner, message, suggestedFix, moneyAtRisk }) => ({
        type: caseOpenedV1,
        data: { code, owner, message, suggestedFix, ...(moneyAtRisk && { moneyAtRisk }) },
      })),
    ...closing.map((code) => ({ type: caseClosedV1, data: { code } })),
  ].filter((one) => one !== undefined);

  let sequence = stored?.sequence ?? 0;
  const events = published.map((one) => envelop(one, key, ++sequence, definition.origin(key), cause));
  const foreignId = definition.foreignId(decision.events, after);
  return {
    kind: 'staged',
    state: after,
    write: {
      key,
      expectedVersion: stored?.version ?? 0,
      state: after,
      sequence,
      openCases,
      events,
      operations: effects.operations.map((planned) => plan(planned, cause.now, cause.correlationId)),
      casesToOpen: [...opening.values()],
      casesToClose: closing,
      timersToSet: effects.setTimers,
      timersToClear: effects.clearTimers,
      ...(foreignId !== undefined && { foreignId }),
    },
  };
}

function envelop(
  { type, data }: { type: EventType; data: unknown },
  key: string,
  sequence: number,
  origin: { channel?: string; account?: string },
  cause: Cause,
): PublishableEvent {
  return {
    type: type.type,
    source: type.source,
    envelope: {
      metadata: {
        id: `${key}/${sequence}`,
        schemaVersion: type.schemaVersion,
        occurredAt: cause.now,
        correlationId: cause.correlationId,
        causationId: cause.causationId,
        ...origin,
        subject: key,
        sequence,
        ...(cause.traceparent !== undefined && { traceparent: cause.traceparent }),
      },
      data,
    },
  };
}

export type Handled<S> =
  | { readonly kind: 'committed'; readonly state: S }
  | { readonly kind: 'seen' }
  | { readonly kind: 'ignored'; readonly why: string; readonly state: S }
  | { readonly kind: 'rejected'; readonly reason: Reason; readonly state: S };

const TRIES = 4;

/**
 * Loads, decides, commits; when somebody else was first, decides again on what they left. What is committed besides the
 * aggregate (inbox mark, operation row) comes in with `also`. An ignored command still leaves its inbox mark.
 */
export async function handle<S, C, E>(
  store: Store,
  definition: AggregateDefinition<S, C, E>,
  key: string,
  command: C,
  cause: Cause,
  also: Pick<Commit, 'inbox' | 'operation'> = {},
): Promise<Handled<S>> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const staged = stage(definition, key, command, await store.load<S>(key), cause);
    if (staged.kind === 'rejected') return staged;
    if (staged.kind === 'ignored') {
      if (!also.inbox && !also.operation) return staged;
      const inbox = also.inbox && { ...also.inbox, outcome: 'ignored' as const, why: staged.why };
      const result = await store.commit({ now: cause.now, aggregates: [], ...also, ...(inbox && { inbox }) });
      if (result.kind === 'seen') return result;
      if (result.kind === 'committed') return staged;
      continue;
    }
    const result = await store.commit({ now: cause.now, aggregates: [staged.write], ...also });
    if (result.kind === 'committed') return { kind: 'committed', state: staged.state };
    if (result.kind === 'seen') return result;
    if (result.kind === 'operation-exists') throw operationExists(key, result.key);
  }
  throw new TransientError('VERSION_CONFLICT', `${key} changed under ${TRIES} attempts: the message will come again`, {
    context: { subject: key },
  });
}

/** The decider plans each operation once; a second plan under a taken key means that state and operations disagree. */
export const operationExists = (subject: string, operation: string): Error =>
  new Error(`${subject} plans ${operation}, which exists already: compare both with "crossdock explain"`);
