/**
 * What goes wrong with an ERP in its life, as the maker's documents and a running server show it. The simulator flips
 * these by virtual time; all off is a server in good health.
 */
export type Switches = {
  /** A proxy answers HTTP 503 to everything. */
  maintenance: boolean;
  /** The month ("2026-11") whose period is closed: nothing of it can be posted. */
  closedPeriod: string | undefined;
  /** Searches by `web_id` do not see sales younger than this, as behind a lagging replica. */
  readLagMs: number;
  /** Sessions end this long after their login: their next call is answered 401. */
  sessionLifetimeMs: number;
  /** The server fails in a way it did not foresee: the call's changes are undone, and HTTP 200 carries the message. */
  errorInside200:
    | {
        readonly message: string /** Methods; all of the models' when left out. */;
        readonly only?: ReadonlySet<string>;
      }
    | undefined;
  /**
   * Others work on the same records. `concurrency`: a change finds its record changed. `locked`: the database gives a
   * change no lock. `committed`: the database takes the change and breaks off before it says so.
   */
  busy: 'concurrency' | 'locked' | 'committed' | undefined;
  /** A queue worker takes confirmed sales up, and none is running: they stay confirmed until somebody presses Process. */
  lazyProcessing: boolean;
};

/** A server in good health; sessions last Tryton's default of 30 days. */
export const healthy = (): Switches => ({
  maintenance: false,
  closedPeriod: undefined,
  readLagMs: 0,
  sessionLifetimeMs: 30 * 24 * 3_600_000,
  errorInside200: undefined,
  busy: undefined,
  lazyProcessing: false,
});

/** What Tryton does wrong on SQLite, where it takes no locks and compares no decimals. */
export type Sins = {
  /** A confirmation this soon after another one of the same sale has raced it: what came of the sale is made again. */
  readonly raceMs: number;
};
