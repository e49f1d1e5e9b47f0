import type { Reason } from '../kernel/decision.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import {
  isEnded,
  type Operation,
  type Outcome,
  type PlannedOperation,
  type ProbeAnswer,
  type ProbePolicy,
} from './operation.ts';

/**
 * The unknown-outcome protocol as pure functions over one operation row:
 *
 *   planned → attempting(lease, attempt n) → applied(ref) | rejected(reason) | unknown(cause) | deferred(until)
 *
 * The executor writes what these functions answer before it goes on; each write is conditional on the row's revision, so
 * of two executors with the same message only one gets past `begin`.
 */

/** Reason code of an operation whose call nobody saw the end of. */
export const OUTCOME_UNKNOWN = 'OUTCOME_UNKNOWN';

const CUT_OFF: Reason = { code: OUTCOME_UNKNOWN, message: 'the executor was cut off during the call' };

/** Times in seconds. */
export type ProtocolSettings = {
  /** Longer than the longest partner call: a lease found expired means that a call was cut off. */
  readonly leaseSeconds: number;
  /** When the sweep hands a planned operation to its queue again, in case its message was lost. */
  readonly watchdogSeconds: number;
  /** First delay after throttling or an outage that named none; doubles per attempt. */
  readonly retryBaseSeconds: number;
  readonly retryMaxSeconds: number;
  /** How long after an unknown outcome the first probe runs. */
  readonly probeDelaySeconds: number;
};

export const DEFAULT_SETTINGS: ProtocolSettings = {
  leaseSeconds: 90,
  watchdogSeconds: 120,
  retryBaseSeconds: 5,
  retryMaxSeconds: 900,
  probeDelaySeconds: 5,
};

/** A new row for a planned operation. `now` is an ISO 8601 instant in UTC. */
export function plan(
  planned: PlannedOperation,
  now: string,
  correlationId: string,
  settings: ProtocolSettings = DEFAULT_SETTINGS,
): Operation {
  return {
    ...planned,
    fingerprint: fingerprint(planned.content),
    status: 'planned',
    revision: 1,
    attempts: 0,
    plannedAt: now,
    correlationId,
    dueAt: later(now, settings.watchdogSeconds),
  };
}

export type Begin =
  | { readonly do: 'nothing'; readonly why: string }
  /** Write `operation`, then ask the partner before anything else. */
  | { readonly do: 'probe'; readonly operation: Operation }
  /** Write `operation`, then call. */
  | { readonly do: 'execute'; readonly operation: Operation };

/**
 * What to do with an operation that came off its queue. A lease that ran out means that a call may have been cut off, so
 * its operation is probed like one whose answer was lost.
 */
export function begin(operation: Operation, now: string, owner: string, settings = DEFAULT_SETTINGS): Begin {
  if (isEnded(operation)) return { do: 'nothing', why: `already ${operation.status}` };
  if (operation.status === 'attempting' && operation.lease && operation.lease.until > now) {
    return { do: 'nothing', why: 'another executor holds the lease' };
  }
  if (operation.notBefore && operation.notBefore > now) {
    return { do: 'nothing', why: `not to be called before ${operation.notBefore}` };
  }

  const until = later(now, settings.leaseSeconds);
  // Moving an operation in the index of due ones costs writes: the time set when it was planned will do if it is later.
  const dueAt = operation.dueAt !== undefined && operation.dueAt > until ? operation.dueAt : until;
  const { notBefore: _passed, ...open } = operation;
  const leased: Operation = {
    ...open,
    status: 'attempting',
    revision: operation.revision + 1,
    lease: { owner, until },
  };
  const cutOff = operation.status === 'attempting';
  const unsettled = cutOff || operation.unknownSince !== undefined;
  if (!unsettled) return { do: 'execute', operation: counted({ ...leased, dueAt }) };
  const probing = { ...leased, dueAt, unknownSince: operation.unknownSince ?? now };
  return { do: 'probe', operation: cutOff ? { ...probing, reason: CUT_OFF } : probing };
}

export type AfterProbe =
  | { readonly do: 'settle'; readonly operation: Operation }
  /** Absent, and the read can be trusted: the call may be made again, with the same key. */
  | { readonly do: 'execute'; readonly operation: Operation }
  | { readonly do: 'wait'; readonly operation: Operation }
  /** Nobody but a person can tell: write `operation` and open a case. Never a blind retry. */
  | { readonly do: 'escalate'; readonly operation: Operation };

/** What a probe's answer means for an operation whose outcome is unknown. */
export function afterProbe(
  operation: Operation,
  answer: ProbeAnswer,
  policy: ProbePolicy,
  now: string,
  settings = DEFAULT_SETTINGS,
): AfterProbe {
  const unknownSince = operation.unknownSince ?? now;
  switch (answer.kind) {
    case 'found':
      return { do: 'settle', operation: applied(operation, answer.ref, answer.facts, now) };
    case 'throttled':
    case 'unavailable': {
      const told = answer.kind === 'throttled' ? answer.retryAfterSeconds : secondsUntil(answer.until, now);
      // As long again as it has been unknown for: nobody counts probes, and a partner that is away is asked ever more rarely.
      const wait = backoff(operation, settings, told, secondsUntil(now, unknownSince));
      return { do: 'wait', operation: unknown(operation, unknownSince, now, wait) };
    }
    case 'absent':
      if (policy.read === 'authoritative') {
        const { unknownSince: _settled, ...known } = operation;
        return { do: 'execute', operation: counted({ ...known, revision: operation.revision + 1 }) };
      }
      return waitOrEscalate(operation, policy, unknownSince, now, settings);
  }
}

/** An unknown outcome that can't be probed at all, or not yet. */
export function waitOrEscalate(
  operation: Operation,
  policy: ProbePolicy,
  unknownSince: string,
  now: string,
  settings = DEFAULT_SETTINGS,
): AfterProbe {
  const lag = policy.read === 'lagging' ? policy.visibilityLagSeconds : 0;
  const visibleAt = later(unknownSince, lag);
  if (now < visibleAt)
    return { do: 'wait', operation: unknown(operation, unknownSince, now, secondsUntil(visibleAt, now) ?? 0) };
  return { do: 'escalate', operation: unknown(operation, unknownSince, now, settings.retryMaxSeconds) };
}

/** The row after a call, whatever it answered. */
export function afterExecute(
  operation: Operation,
  outcome: Outcome,
  policy: ProbePolicy,
  now: string,
  settings = DEFAULT_SETTINGS,
): Operation {
  switch (outcome.kind) {
    case 'applied':
      return applied(operation, outcome.ref, outcome.facts, now);
    case 'rejected':
      return ended(operation, { status: 'rejected', reason: outcome.reason }, now);
    case 'unknown': {
      const lag = policy.read === 'lagging' ? policy.visibilityLagSeconds : 0;
      const wait = Math.max(settings.probeDelaySeconds, lag);
      const reason = { code: OUTCOME_UNKNOWN, message: outcome.cause };
      return { ...unknown(operation, operation.unknownSince ?? now, now, wait), reason };
    }
    case 'throttled':
      return deferred(operation, now, backoff(operation, settings, outcome.retryAfterSeconds), {
        code: 'THROTTLED',
        message: 'the partner asked us to slow down',
      });
    case 'unavailable':
      return deferred(operation, now, backoff(operation, settings, secondsUntil(outcome.until, now)), {
        code: 'PARTNER_UNAVAILABLE',
        message: outcome.cause,
      });
  }
}

/** Puts an operation off without a call: a maintenance window, a partner that throttles everybody. */
export function deferred(operation: Operation, now: string, seconds: number, reason: Reason): Operation {
  const { lease: _released, ...rest } = operation;
  const notBefore = later(now, seconds);
  return { ...rest, status: 'deferred', revision: operation.revision + 1, notBefore, dueAt: notBefore, reason };
}

/** Ends an operation that must not be called any more (its order was cancelled first). Only while no call is unsettled. */
export function withdraw(operation: Operation, reason: Reason, now: string): Operation {
  return ended(operation, { status: 'rejected', reason }, now);
}

/** A rejected operation planned anew under its old key, after a person has mended the cause. */
export function replan(operation: Operation, now: string, settings = DEFAULT_SETTINGS): Operation | undefined {
  if (operation.status !== 'rejected') return undefined;
  const { reason: _reason, endedAt: _endedAt, ref: _ref, facts: _facts, lease: _lease, ...rest } = operation;
  return {
    ...rest,
    status: 'planned',
    revision: operation.revision + 1,
    generation: (operation.generation ?? 0) + 1,
    dueAt: later(now, settings.watchdogSeconds),
  };
}

/** The row after the sweep has handed it out, so that the next ticks leave it alone while its message is on the way. */
export function handedOut(operation: Operation, now: string, settings = DEFAULT_SETTINGS): Operation {
  return { ...operation, revision: operation.revision + 1, dueAt: later(now, settings.watchdogSeconds) };
}

function applied(operation: Operation, ref: string, facts: Operation['facts'], now: string): Operation {
  return ended(operation, { status: 'applied', ref, ...(facts && { facts }) }, now);
}

function ended(operation: Operation, end: Pick<Operation, 'status'> & Partial<Operation>, now: string): Operation {
  const {
    lease: _lease,
    dueAt: _dueAt,
    notBefore: _notBefore,
    unknownSince: _unknownSince,
    reason: _reason,
    ...rest
  } = operation;
  return { ...rest, ...end, revision: operation.revision + 1, endedAt: now };
}

function unknown(operation: Operation, unknownSince: string, now: string, seconds: number): Operation {
  const { lease: _released, ...rest } = operation;
  const notBefore = later(now, seconds);
  return { ...rest, status: 'unknown', revision: operation.revision + 1, unknownSince, notBefore, dueAt: notBefore };
}

const counted = (operation: Operation): Operation => ({ ...operation, attempts: operation.attempts + 1 });

/** The partner's own word on when to come back, else doubling from the base, `least` at least; never beyond our maximum. */
function backoff(operation: Operation, settings: ProtocolSettings, told?: number, least = 0): number {
  if (told !== undefined && told > 0) return told;
  const doubled = settings.retryBaseSeconds * 2 ** Math.min(operation.attempts, 20);
  return Math.min(settings.retryMaxSeconds, Math.max(least, doubled));
}

/** ISO instant `seconds` after another. */
export function later(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + Math.round(seconds * 1000)).toISOString();
}

function secondsUntil(instant: string | undefined, now: string): number | undefined {
  if (instant === undefined) return undefined;
  return Math.max(0, Math.ceil((Date.parse(instant) - Date.parse(now)) / 1000));
}
