/**
 * Where release series of Tryton differ for this connector; nothing else in the folder asks for the version.
 * Sources: the series' change logs (trytond 8.0: "Add rpc suffix"; stock 8.0: `done` → `do`; sale 8.0: invoice method
 * `fulfillment`; account 8.0: `post_number` renamed to `number`) and both servers' own answers.
 */
export type Series = {
  readonly name: '7.0' | '8.0';
  /** Where calls that need no database are posted. */
  readonly serverPath: string;
  databasePath(database: string): string;
  /** The button that ends a shipment. */
  readonly finishShipment: 'done' | 'do';
  /** The invoice method by which goods are invoiced when they leave the house. */
  readonly invoiceOnShipment: 'shipment' | 'fulfillment';
  /** The field of a journal entry that holds the number which posting gives it. */
  readonly entryNumber: 'post_number' | 'number';
};

export const SERIES_7: Series = {
  name: '7.0',
  serverPath: '/',
  databasePath: (database) => `/${database}/`,
  finishShipment: 'done',
  invoiceOnShipment: 'shipment',
  entryNumber: 'post_number',
};

export const SERIES_8: Series = {
  name: '8.0',
  serverPath: '/rpc/',
  databasePath: (database) => `/${database}/rpc/`,
  finishShipment: 'do',
  invoiceOnShipment: 'fulfillment',
  entryNumber: 'number',
};

/** In the order to try: a 7.0 server takes `/rpc/` for a database of that name, an 8.0 server knows no `/`. */
export const SERIES: readonly Series[] = [SERIES_7, SERIES_8];
