/** Where settlement files are laid down, by people or by partners. */
export interface SettlementDrop {
  /** The bytes of a file as they come. Throws PoisonError (FILE_GONE) when there is none under the key. */
  open(key: string): Promise<AsyncIterable<Uint8Array>>;
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
