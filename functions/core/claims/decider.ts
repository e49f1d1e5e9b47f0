import { accepted, type Decider, type Decision, ignored, never, rejected } from '../kernel/decision.ts';
import { canonicalJson } from '../kernel/fingerprint.ts';
import { type ClaimId, type ClaimLine, type ClaimState, claimNumber, type OpenClaim } from './claim.ts';

export type ClaimCommand =
  /** What one return has in the claim is now this. */
  | {
      readonly type: 'change-lines';
      readonly id: ClaimId;
      readonly put: readonly ClaimLine[];
      readonly remove: readonly string[];
    }
  /** `currentPeriod`: of the day, in the merchant's zone; a period that has not ended can still get lines. */
  | { readonly type: 'close'; readonly currentPeriod: string; readonly by: string; readonly at: string };

export type ClaimEvent =
  | {
      readonly type: 'claim.lines-changed';
      readonly id: ClaimId;
      readonly put: readonly ClaimLine[];
      readonly remove: readonly string[];
    }
  | { readonly type: 'claim.closed'; readonly number: string; readonly by: string; readonly at: string };

export const claimDecider: Decider<ClaimState, ClaimCommand, ClaimEvent> = {
  initial: { status: 'none' },
  decide(command, state) {
    switch (command.type) {
      case 'change-lines':
        return changeLines(command, state);
      case 'close':
        return close(command, state);
      default:
        return never(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'claim.lines-changed': {
        const before: OpenClaim = state.status === 'none' ? { ...event.id, status: 'open', lines: [] } : state;
        const gone = new Set([...event.remove, ...event.put.map(({ key }) => key)]);
        const lines = [...before.lines.filter(({ key }) => !gone.has(key)), ...event.put];
        return { ...before, lines: lines.sort((a, b) => (a.key < b.key ? -1 : 1)) };
      }
      case 'claim.closed': {
        if (state.status === 'none') throw new Error('claim.closed before any line');
        const { number, by, at } = event;
        return { ...state, status: 'closed', number, by, closedAt: at };
      }
      default:
        return never(event);
    }
  },
};

function changeLines(
  { id, put, remove }: Extract<ClaimCommand, { type: 'change-lines' }>,
  state: ClaimState,
): Decision<ClaimEvent> {
  const held = new Map((state.status === 'none' ? [] : state.lines).map((line) => [line.key, line]));
  const news = put.filter((line) => canonicalJson(line) !== canonicalJson(held.get(line.key) ?? null));
  const gone = remove.filter((key) => held.has(key));
  if (news.length + gone.length === 0) return ignored('the claim says so already');
  if (state.status === 'closed') {
    return rejected(
      'CLAIM_CLOSED',
      `claim ${state.number} is closed: its lines stay, and later ones go to the next period`,
    );
  }
  return accepted({ type: 'claim.lines-changed', id, put: news, remove: gone });
}

function close(
  { currentPeriod, by, at }: Extract<ClaimCommand, { type: 'close' }>,
  state: ClaimState,
): Decision<ClaimEvent> {
  if (state.status === 'none')
    return rejected('CLAIM_UNKNOWN', 'there is no such claim: nothing was ever claimed in it');
  if (state.status === 'closed') return ignored(`already closed as ${state.number}`);
  const { supplier, period } = state;
  if (period >= currentPeriod) {
    return rejected('PERIOD_NOT_OVER', `${period} has not ended: close it when it is over`);
  }
  if (state.lines.length === 0) return rejected('CLAIM_EMPTY', `the claim of ${period} has no line: nothing is owed`);
  return accepted({ type: 'claim.closed', number: claimNumber({ supplier, period }), by, at });
}
