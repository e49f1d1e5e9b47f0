import { BOOKED_TOTALS, REFUSED_BOOKINGS } from './catalogue/bookings.ts';
import { INTAKE } from './catalogue/intake.ts';
import { OPERATIONS } from './catalogue/operations.ts';
import { ORDERS } from './catalogue/orders.ts';
import { PRIVACY } from './catalogue/privacy.ts';
import { REFUNDS } from './catalogue/refunds.ts';
import { RELAY } from './catalogue/relay.ts';
import { REASONS, RETURNS, WAITS } from './catalogue/returns.ts';
import { SETTLEMENTS } from './catalogue/settlements.ts';
import { COMMITS, RETENTION } from './catalogue/store.ts';
import type { Mutant } from './mutants.ts';

/**
 * The guards that the promise hangs on, each taken out by name, in the order of the kill table. `find` must stand in its file
 * exactly once: a mutant whose text is gone fails the test of this list, so that it follows the code.
 */
export const MUTANTS: readonly Mutant[] = [
  ...INTAKE,
  ...COMMITS,
  ...ORDERS,
  ...OPERATIONS,
  ...REFUNDS,
  ...RELAY,
  ...REFUSED_BOOKINGS,
  ...PRIVACY,
  ...REASONS,
  ...RETENTION,
  ...WAITS,
  ...BOOKED_TOTALS,
  ...RETURNS,
  ...SETTLEMENTS,
];
