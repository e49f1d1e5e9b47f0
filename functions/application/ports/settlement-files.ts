/** Where settlement files are laid down, by people or by partners. */
export interface SettlementDrop {
  /** The bytes of a file as they come. Throws PoisonError (FILE_GONE) when there is none under the key. */
  open(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** Names what lies under a key now; undefined when nothing does. */
  version(key: string): Promise<string | undefined>;
  /**
   * Lays a file down in the place of the one that `version` names, and returns when it is durable. Answers false, and lays
   * nothing down, when another lies there by now.
   */
  replace(key: string, bytes: Uint8Array, version: string | undefined): Promise<boolean>;
  /** What the columns of an account's generic files mean, if somebody has said so. */
  mapping(channel: string, account: string): Promise<unknown>;
}

/** The lines of settlements, kept for good. A name is only ever written with one content, so writing it twice is harmless. */
export interface SettlementLines {
  put(name: string, text: string): Promise<void>;
  /** Throws PoisonError (LINES_GONE) when nothing lies under the name. */
  get(name: string): Promise<string>;
}

/** A batch of orders that are to be told what a settlement says of them. */
export type BatchTask = { readonly settlement: string; readonly revision: number; readonly batch: number };

/** Where work on settlements is handed over. */
export interface SettlementWork {
  /** Throws TransientError unless all are taken; a batch that is sent twice is told twice, which is harmless. */
  send(tasks: readonly BatchTask[]): Promise<void>;
  /** Asks whoever reads files to classify a settlement anew, from its kept lines. Throws TransientError. */
  reclassify(settlement: string): Promise<void>;
}

/** A settlement as its channel lists it. */
export type ListedSettlement = {
  readonly settlementId: string;
  /** ISO instant. */
  readonly issuedAt: string;
  /**
   * `closed`: it holds all of its lines. `open`: the channel has not paid it out, so that lines may still come. `unknown`: the
   * channel says something else of it, in its own words.
   */
  readonly standing: 'closed' | 'open' | { readonly unknown: string };
};

/** A channel account that can be asked for its settlements. Reads only, and throws as every partner does. */
export interface SettlementSource {
  /** Format of what `fetch` gives out. */
  readonly format: string;
  /** What was issued at this instant or later, the oldest first. */
  list(since: string, signal: AbortSignal): AsyncIterable<ListedSettlement>;
  /** One settlement as a file. Throws PoisonError (SETTLEMENT_GONE) when the channel has none of this id. */
  fetch(settlementId: string, signal: AbortSignal): Promise<Uint8Array>;
}

/** Asks for settlements to be collected. */
export interface SettlementRequests {
  /** Throws TransientError unless all are taken; one that is asked for twice is collected twice, which is harmless. */
  ask(requests: readonly CollectionRequest[]): Promise<void>;
}

export type CollectionRequest = { readonly account: string; readonly settlementId: string };
