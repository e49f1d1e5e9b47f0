import type { Faults } from '#application/ports/runtime.ts';
import { StateTableFaults } from './aws/armed-faults.ts';

/** Set by the bundler: true in bundles for tests on a local engine, false in all others. */
declare const __CROSSDOCK_FAULTS__: boolean | undefined;

/**
 * The fault points of this function. In a bundle for an AWS account the condition is `false` when the bundler sees it, and
 * nothing of the other branch gets in.
 */
export const faultPoints = (): Faults =>
  typeof __CROSSDOCK_FAULTS__ !== 'undefined' && __CROSSDOCK_FAULTS__ ? new StateTableFaults() : NO_FAULTS;

const NO_FAULTS: Faults = { at: async () => undefined };
