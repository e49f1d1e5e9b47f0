import type { ErpReader, OperationExecutor, Translator, WebhookVerifier } from '#application/ports/connector.ts';
import type { Clock } from '#application/ports/runtime.ts';
import type { ConnectorManifest, WebhookManifest } from '#connectors/manifest.ts';
import type { JsonObject, OperationKind, PlannedOperation } from '#core/operations/operation.ts';
import type { MemoryStore } from '#platform/memory/store.ts';
import type { Answer, Exchange } from './tape.ts';

/**
 * What the kit can't know of a connector: how its partner's messages look and are signed, and what goes over the wire in
 * an operation. One file a connector, in `kits/`.
 */
export type ConnectorUnderTest = {
  /** Required where the manifest declares a webhook. */
  readonly webhook?: WebhookUnderTest;
  /** Required where the manifest declares operations. */
  readonly operations?: OperationsUnderTest;
  /** Required where the manifest declares that it reads shipments. */
  readonly shipments?: ShipmentsUnderTest;
  /** Required where the manifest declares that it reads the status of orders. */
  readonly orderStatus?: OrderStatusUnderTest;
  /** Required where the manifest declares that it reads accounting periods. */
  readonly accountingPeriods?: AccountingPeriodsUnderTest;
};

/** A check that the partner's nature rules out. The reason stands in the report in its place. */
export type LeftOut = { readonly leftOut: string };

export const isLeftOut = (given: unknown): given is LeftOut =>
  typeof given === 'object' && given !== null && 'leftOut' in given;

/** A message as the partner would send it, but for its signature. */
export type Sample = {
  readonly topic: string;
  readonly body: Json;
  /** Lower-case names; those that say more than signature, topic and delivery. */
  readonly headers?: Readonly<Record<string, string>>;
};

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Signing = {
  readonly secret: string;
  /** What a redelivery repeats. */
  readonly delivery: string;
  /** Epoch seconds. */
  readonly at: number;
};

export type Signed = { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

/** One of the vendor's own examples of a signature. */
export type Vector = Signed & {
  readonly name: string;
  readonly secret: string;
  readonly at: number;
  readonly valid: boolean;
};

/** An order of one line, in amounts as the partner would write them. */
export type OrderGiven = {
  readonly currency: string;
  /** Decimal texts. */
  readonly unitPrice: string;
  readonly total: string;
  readonly quantity: number;
  /** ISO 8601; a later one is a newer version of the order. */
  readonly changedAt: string;
  readonly cancelled: boolean;
};

export type WebhookUnderTest = {
  /** The account's settings, as a deployment gives them. */
  readonly settings: unknown;
  /** The part of the account's secret that signs. */
  readonly secretPart: string;
  readonly secrets: { readonly current: string; readonly previous: string; readonly stranger: string };
  /** What the receiving handler hands on. */
  readonly keepHeaders: readonly string[];
  /** As the intake handler has it for the account of these settings; the registry's where none is given. */
  readonly translator?: Translator;
  readonly sign: (sample: Pick<Sample, 'topic' | 'headers'>, body: Uint8Array, by: Signing) => Record<string, string>;
  readonly signature: {
    readonly header: string;
    /** The encoded digest in the header's value, and a value with another one. */
    readonly read: (value: string) => string;
    readonly write: (digest: string) => string;
    /** Other headers that the signature covers. */
    readonly covers: readonly string[] | LeftOut;
  };
  readonly vectors: readonly Vector[] | LeftOut;
  /** Why an old message can be sent again; required where the manifest names no tolerance. */
  readonly ageless?: LeftOut;
  /** Makes what messages refer to, where no message of this partner does. */
  readonly prepare?: (store: MemoryStore, now: string) => Promise<void>;
  /** By name, in the order in which they would come: together every kind of message that the connector understands. */
  readonly history: Readonly<Record<string, Sample>>;
  /** With all that the partner may leave out left out. */
  readonly fewest: Readonly<Record<string, Sample>>;
  /** Every field whose words the connector acts on: name of the message in `history`, path of the field, words known. */
  readonly vocabulary: readonly {
    readonly message: string;
    readonly path: string;
    readonly words: readonly string[];
  }[];
  /** Texts in the history that belong to a person, which no error may quote. */
  readonly personal: readonly string[];
  readonly order: ((given: OrderGiven) => Sample) | LeftOut;
};

/** What one operation looks like on the wire. */
export type OperationUnderTest = {
  readonly operation: PlannedOperation;
  /** Where the partner knows nothing of it yet: a probe, and an execution that does it. */
  readonly absent: readonly Exchange[];
  readonly applied: readonly Exchange[];
  /** Where it stands: a probe, and an execution that leaves it alone. */
  readonly found: readonly Exchange[];
  readonly standing: readonly Exchange[];
  readonly outcome: { readonly ref: string; readonly facts?: JsonObject };
};

/** An answer that looks like success, or has to be read to the end to be told from it. */
export type Deception = {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  /** Anything but `applied`; `thrown` is an answer in another form than documented, which is a bug until somebody looks. */
  readonly outcome: 'unknown' | 'rejected' | 'throttled' | 'unavailable' | 'thrown';
  readonly code?: string;
};

export type OperationsUnderTest = {
  /** A connector that knows nothing yet, of the partner at this address. */
  readonly open: (url: string, clock: Clock) => OperationExecutor;
  /** When the tapes were made; dates in them follow from it. */
  readonly now: string;
  readonly throttled: { readonly withTime: (seconds: number) => Answer; readonly withoutTime: Answer };
  readonly credentials: {
    readonly refused: Answer;
    /** How the connector gets new ones by itself; without it, a person must. */
    readonly renewal?: readonly Exchange[];
  };
  /** Answers, beyond broken connections, after which nobody can tell whether a write was done. */
  readonly lost: Readonly<Record<string, Answer>>;
  readonly kinds: Readonly<Partial<Record<OperationKind, OperationKindUnderTest>>>;
};

export type OperationKindUnderTest = OperationUnderTest & {
  /** It only looks at the partner: whatever is cut off has changed nothing, and being asked again costs nothing. */
  readonly looks?: true;
  readonly deceptions: readonly Deception[];
  /** The same in currencies without and with three decimals, whose amounts the tape holds to. */
  readonly currencies: { readonly JPY: OperationUnderTest; readonly KWD: OperationUnderTest } | LeftOut;
};

/** A partner over HTTP that holds shipments, and lets them change while it is read. */
export type ShipmentPartner = {
  readonly url: string;
  /** Ships the one unit of an order (of `shopify/main`, line `L1`), stamped with this time; `stranger` is not ours. */
  ship(order: string, at: string): void;
  /** Changes one, so that it bears another time. */
  touch(order: string, at: string): void;
  /** Called before each page is answered, with its number from 1. */
  onPage: (page: number) => void;
  /** Answers the next request for a page with this instead. */
  failNextPage(answer: Answer): void;
  close(): Promise<void>;
};

export type ShipmentsUnderTest = {
  readonly partner: () => Promise<ShipmentPartner>;
  readonly open: (url: string, clock: Clock) => ErpReader;
  /** Shipments that make more than one page. */
  readonly morePages: number;
  /** Behind the newest known one by this much, a shipment that shows up late is still read. */
  readonly overlapSeconds: number;
  /** Whether the connector gets new credentials by itself in the middle. */
  readonly renewsCredentials: boolean;
  readonly throttled: (seconds: number) => Answer;
  readonly refused: Answer;
};

export type OrderStatusUnderTest = {
  readonly open: (url: string, clock: Clock) => ErpReader;
  readonly orderKey: string;
  /** An order in a state of this name. */
  readonly inState: (state: string) => readonly Exchange[];
  /** The partner's names of states, and what each is to the house. */
  readonly states: Readonly<Record<string, 'draft' | 'open' | 'done' | 'cancelled'>>;
  readonly unknownOrder: readonly Exchange[];
};

export type AccountingPeriodsUnderTest = {
  readonly open: (url: string, clock: Clock) => ErpReader;
  /** A day (YYYY-MM-DD) of the period on the tapes. */
  readonly date: string;
  /** A period in a state of this name. */
  readonly inState: (state: string) => readonly Exchange[];
  /** The partner's names of states, and what each is to the house. */
  readonly states: Readonly<Record<string, 'open' | 'closed'>>;
  readonly missing: readonly Exchange[];
};

/** A connector with a webhook, complete. */
export type WebhookSubject = {
  readonly manifest: ConnectorManifest & { readonly webhook: WebhookManifest };
  readonly verifier: WebhookVerifier;
  readonly translator: Translator;
  readonly webhook: WebhookUnderTest;
};
