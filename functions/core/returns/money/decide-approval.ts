import { accepted, type Decision, ignored, rejected } from '../../kernel/decision.ts';
import type { ReturnEvent } from '../events.ts';
import type { Approval, OpenReturn } from '../state.ts';
import { refusedAfterAll } from './claims.ts';

/**
 * Approval by a second person: whoever let the return in, let the buyer keep the goods or asked for the approval again has
 * prepared the refund and can't approve it, and nobody approves twice.
 */
export function approve(by: string, at: string, state: OpenReturn): Decision<ReturnEvent> {
  const { finance } = state;
  if (state.status !== 'awaiting-approval') {
    return finance?.outcome === 'approved' ? ignored('already approved') : notAwaiting(state, 'approved');
  }
  const { needed, given, lapsedAt } = approvalOf(state);
  if (lapsedAt !== undefined) {
    return rejected(
      'APPROVAL_LAPSED',
      `the request lapsed at ${lapsedAt}: ask again with "crossdock returns ask-approval"`,
    );
  }
  const involved = involvement(by, state);
  if (involved !== undefined) return rejected('FOUR_EYES', `${by} ${involved}: another person must approve`);
  const missing = needed - given.length - 1;
  return accepted({ type: missing > 0 ? 'return.approval-given' : 'return.approved', by, at });
}

export function refuse(by: string, at: string, state: OpenReturn): Decision<ReturnEvent> {
  if (state.status === 'awaiting-approval') {
    return accepted({ type: 'return.refused', by, at }, ...refusedAfterAll(state, at));
  }
  return state.status === 'refused' ? ignored('already refused') : notAwaiting(state, 'refused');
}

/** An approval that was not given or not used in its time lapses: amounts and people may have changed since. */
export function lapse(at: string, state: OpenReturn): Decision<ReturnEvent> {
  const { finance, steps } = state;
  const open = finance?.outcome === 'needs-approval' || finance?.outcome === 'approved';
  if (!finance?.approval || !open) return ignored(`the return is ${state.status}`);
  if (Object.keys(steps).length > 0) return ignored('the approval was used');
  return finance.approval.lapsedAt === undefined
    ? accepted({ type: 'return.approval-lapsed', at })
    : ignored('lapsed before');
}

export function askAgain(by: string, at: string, state: OpenReturn): Decision<ReturnEvent> {
  if (state.status !== 'awaiting-approval') return notAwaiting(state, 'asked for again');
  if (approvalOf(state).lapsedAt === undefined) return ignored('the request has not lapsed');
  return accepted({ type: 'return.approval-asked', by, at });
}

/** Returns from before approvals were kept apart need one. */
export const approvalOf = ({ finance }: Pick<OpenReturn, 'finance'>): Approval =>
  finance?.approval ?? { needed: 1, given: [] };

function involvement(by: string, state: OpenReturn): string | undefined {
  const { given, askedBy } = approvalOf(state);
  if (samePerson(by, state.review?.by)) return 'decided the review of this return';
  if (samePerson(by, state.kept?.by)) return 'let the buyer keep the goods';
  if (samePerson(by, askedBy)) return 'asked for this approval';
  return given.some((one) => samePerson(by, one.by)) ? 'has approved before' : undefined;
}

/** One person must not become two by a capital letter, nor by a second role. */
const samePerson = (a: string, b: string | undefined): boolean => b !== undefined && personIn(a) === personIn(b);

/**
 * Of an AWS principal it is the name of the user or the session, whatever account, role or path it is in:
 * `arn:aws:sts::123456789012:assumed-role/Finance/ana` and `arn:aws:iam::123456789012:user/ana` are ana.
 */
const personIn = (by: string): string =>
  (by.startsWith('arn:') ? by.slice(by.lastIndexOf('/') + 1) : by).trim().toLowerCase();

const notAwaiting = ({ status }: OpenReturn, verb: string) =>
  rejected('NOT_AWAITING_APPROVAL', `the return is ${status}: only one that awaits approval can be ${verb}`);
