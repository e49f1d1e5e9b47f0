import type { Case, CaseToOpen } from '#core/cases/case.ts';
import type { TimerToSet } from '#core/kernel/effects.ts';
import type { Operation, Target } from '#core/operations/operation.ts';
import type { PublishableEvent } from './publisher.ts';

/** An aggregate as it lies in the state table. */
export type Stored<S> = {
  readonly state: S;
  /** Raised by every commit; a commit is conditional on it. */
  readonly version: number;
  /** Of the last journalled event. */
  readonly sequence: number;
  /** Codes of the aggregate's open cases, so that one can be closed without a look-up. */
  readonly openCases: readonly string[];
};

/** One aggregate's part of a commit. */
export type AggregateWrite = {
  readonly key: string;
  /** 0 when the aggregate must not exist yet. */
  readonly expectedVersion: number;
  readonly state: unknown;
  readonly sequence: number;
  readonly openCases: readonly string[];
  /** Published by the relay, in order. */
  readonly events: readonly PublishableEvent[];
  readonly operations: readonly Operation[];
  readonly casesToOpen: readonly CaseToOpen[];
  readonly casesToClose: readonly string[];
  readonly timersToSet: readonly TimerToSet[];
  readonly timersToClear: readonly string[];
  /** An id of somebody else's by which people will look for this (ERP number, RMA, refund id). At most one a commit. */
  readonly foreignId?: string;
};

/** Proof that a delivery was taken: kept until the sender can't send it again. */
export type InboxMark = {
  /** `shopify#main` */
  readonly mailbox: string;
  readonly deliveryId: string;
  readonly outcome: 'applied' | 'ignored' | 'parked';
  readonly why?: string;
  /** What it was about. */
  readonly subject?: string;
  readonly receivedAt: string;
  /** Where the raw message lies, when it was too large for the queue. */
  readonly rawRef?: string;
};

/** Finds what people know by an id of somebody else's: an order number, an RMA, a tracking number. */
export interface ForeignIds {
  /** Keys of the aggregates that were given the id. */
  subjectsOf(foreignId: string): Promise<string[]>;
}

export type Commit = {
  readonly now: string;
  readonly aggregates: readonly AggregateWrite[];
  readonly inbox?: InboxMark;
  /** The executor's new row of an operation, conditional on the revision before it. */
  readonly operation?: { readonly row: Operation; readonly expectedRevision: number };
};

export type CommitResult =
  | { readonly kind: 'committed' }
  /** Somebody else changed an aggregate or the operation first: read again and decide again. */
  | { readonly kind: 'conflict' }
  /** The inbox has this delivery already. */
  | { readonly kind: 'seen' }
  /** An operation of this key exists already; nothing was written. */
  | { readonly kind: 'operation-exists'; readonly key: string };

/** State, journal, operations, timers, cases and inbox, written together or not at all. */
export interface Store {
  load<S>(key: string): Promise<Stored<S> | undefined>;
  commit(commit: Commit): Promise<CommitResult>;
  seen(mailbox: string, deliveryId: string): Promise<InboxMark | undefined>;
}

/** Cases that belong to no aggregate's decision (parked messages, partner outages), and the list that people work from. */
export interface CaseStore {
  open(subject: string, found: CaseToOpen, now: string): Promise<void>;
  /** Does nothing when it is not open. */
  close(subject: string, code: string, now: string): Promise<void>;
  listOpen(query: { readonly owner?: string; readonly limit: number }): Promise<Case[]>;
}

export interface OperationStore {
  get(key: string): Promise<Operation | undefined>;
  /** Replaces the row if its revision is still the expected one; false when somebody else was first. */
  save(row: Operation, expectedRevision: number): Promise<boolean>;
  /** Keys of operations that are due at `now`, oldest first. */
  due(now: string, limit: number): Promise<{ readonly key: string; readonly dueAt: string }[]>;
}

/** A workflow that waits for a fact about an aggregate, known by the token that lets it go on. */
export type Wait = {
  readonly step: string;
  readonly token: string;
  readonly since: string;
  /** The workflow counts the token as lost when it hears nothing of it for so long. */
  readonly patienceSeconds: number;
};

export interface WaitStore {
  put(subject: string, wait: Wait, checkAt: string): Promise<void>;
  get(subject: string, step: string): Promise<Wait | undefined>;
  /** Removes it only while it still holds this token. */
  remove(subject: string, wait: Wait): Promise<void>;
}

export type DueTimer = { readonly subject: string; readonly name: string; readonly dueAt: string };

export interface TimerStore {
  /** Timers due at `now`, oldest first; waits show up as `WAIT#<step>`. */
  due(now: string, limit: number): Promise<DueTimer[]>;
  /** Moves one on if nobody else has; false when it was taken or is gone. */
  postpone(timer: DueTimer, until: string): Promise<boolean>;
  /** Takes one away if nobody else has. */
  remove(timer: DueTimer): Promise<boolean>;
}

/** Partners that asked us to slow down; all operations of one wait. */
export interface PauseStore {
  pausedUntil(target: Target): Promise<string | undefined>;
  /** Keeps the later of two ends. */
  pause(target: Target, until: string): Promise<void>;
}

/** How far a poll has read, in the partner's own terms. */
export interface CursorStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, cursor: string): Promise<void>;
}
