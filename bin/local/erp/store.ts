import type { Passwords, TrytonIds } from './seeding.ts';

/** One run's own database, copied from the seeded one. The server must be stopped while it is reset or closed. */
export interface Store {
  readonly ids: TrytonIds;
  readonly passwords: Passwords;
  /** Lines of the `[database]` section of Tryton's configuration. */
  readonly settings: readonly string[];
  /** Back to the seeded state. */
  reset(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}
