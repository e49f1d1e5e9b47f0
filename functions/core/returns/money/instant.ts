import { accepted, type Decision, ignored } from '../../kernel/decision.ts';
import { creditFor, refundTotal } from '../credit.ts';
import type { ReturnEvent } from '../events.ts';
import type { OpenReturn } from '../state.ts';
import { resolutionOf } from './due.ts';

/**
 * Pays before the goods come, where the terms of the return say so. The ERP's credit follows the goods: it is posted once,
 * with the receipt, so that what was paid in advance is never credited a second time.
 */
export function advanceRefund(refundId: string, at: string, state: OpenReturn): Decision<ReturnEvent> {
  const why = notEntitled(state);
  if (why !== undefined) return ignored(why);
  const lines = state.authorized.map((line) => creditFor(line));
  const amount = refundTotal(lines);
  const when = state.authorization.terms?.instant?.when ?? 'authorized';
  return accepted(
    { type: 'return.refund-advanced', advance: { when, at, lines, refund: amount } },
    { type: 'return.refund-moved', refund: { refundId, amount, status: 'planned' } },
  );
}

/** What live rules hold, or could not be asked about, is paid when the goods are there: by a person's word, or by theirs. */
const isHeld = ({ fraud, unjudged }: OpenReturn['authorization']): boolean =>
  unjudged === true || (fraud?.verdicts ?? []).some(({ mode, action }) => mode === 'live' && action !== 'approve');

/** Whether the terms let the buyer be paid now; the reason why not stays inside. */
export const isEntitledToAdvance = (state: OpenReturn): boolean => notEntitled(state) === undefined;

function notEntitled(state: OpenReturn): string | undefined {
  const { authorization, authorized, advance, refund, finance, status } = state;
  const instant = authorization.terms?.instant;
  if (!instant) return 'the terms have no instant refund';
  if (advance || refund || finance) return 'the refund is decided';
  if (status !== 'authorized' && status !== 'in-transit') return `the return is ${status}`;
  if (instant.when === 'first-scan' && state.firstScanAt === undefined) return 'no carrier has the parcel yet';
  if (resolutionOf(state).resolution !== 'refund') return 'the buyer wants no money';
  if (isHeld(authorization)) return 'fraud rules hold the refund, or could not be asked';
  // A carrier that lost the parcel, or an inspection without a receipt: a person looks first.
  if (state.lost || state.inspections.length > 0) return 'the parcel is in doubt';
  const amount = refundTotal(authorized.map((line) => creditFor(line)));
  return amount > 0 && amount <= instant.upTo ? undefined : 'the amount is not one that is paid in advance';
}
