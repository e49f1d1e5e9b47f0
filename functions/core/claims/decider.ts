import { accepted, type Decider, type Decision, ignored, never, type Reason, rejected } from '../kernel/decision.ts';
import { canonicalJson } from '../kernel/fingerprint.ts';
import type { Target } from '../operations/operation.ts';
import {
  type ClaimDocument,
  type ClaimId,
  type ClaimLine,
  type ClaimState,
  claimNumber,
  type OpenClaim,
} from './claim.ts';
import { type ClaimDocuments, documentsOf } from './claim-document.ts';

export type ClaimCommand =
  /** What one return has in the claim is now this. */
  | {
      readonly type: 'change-lines';
      readonly id: ClaimId;
      readonly put: readonly ClaimLine[];
      readonly remove: readonly string[];
    }
  /**
   * `currentPeriod`: of the day, in the merchant's zone; a period that has not ended can still get lines. `erp`: who books
   * claims on the supplier, if anybody does.
   */
  | {
      readonly type: 'close';
      readonly currentPeriod: string;
      readonly erp?: Target;
      readonly by: string;
      readonly at: string;
    }
  /** What the ERP answered. */
  | { readonly type: 'record-document'; readonly nth: number; readonly ref: string }
  | { readonly type: 'record-document-refusal'; readonly nth: number; readonly reason: Reason };

export type ClaimEvent =
  | {
      readonly type: 'claim.lines-changed';
      readonly id: ClaimId;
      readonly put: readonly ClaimLine[];
      readonly remove: readonly string[];
    }
  | { readonly type: 'claim.closed'; readonly number: string; readonly by: string; readonly at: string }
  | ({ readonly type: 'claim.documents-planned'; readonly erp: Target } & ClaimDocuments)
  | { readonly type: 'claim.documented'; readonly nth: number; readonly ref: string }
  | { readonly type: 'claim.document-refused'; readonly nth: number; readonly reason: Reason };

export const claimDecider: Decider<ClaimState, ClaimCommand, ClaimEvent> = {
  initial: { status: 'none' },
  decide(command, state) {
    switch (command.type) {
      case 'change-lines':
        return changeLines(command, state);
      case 'close':
        return close(command, state);
      case 'record-document':
        return recordDocument(command, state);
      case 'record-document-refusal':
        return recordRefusal(command, state);
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
        const { number, by, at } = event;
        return { ...opened(state), status: 'closed', number, by, closedAt: at };
      }
      case 'claim.documents-planned': {
        const documents = event.documents.map(({ claim, total, currency }) => ({
          ...{ nth: claim.nth, total: { minor: total, currency } },
          status: 'planned' as const,
        }));
        return { ...opened(state), documents };
      }
      case 'claim.documented':
        return withDocument(opened(state), event.nth, { status: 'drafted', ref: event.ref });
      case 'claim.document-refused':
        return withDocument(opened(state), event.nth, { status: 'refused', reason: event.reason });
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
  { currentPeriod, erp, by, at }: Extract<ClaimCommand, { type: 'close' }>,
  state: ClaimState,
): Decision<ClaimEvent> {
  if (state.status === 'none')
    return rejected('CLAIM_UNKNOWN', 'there is no such claim: nothing was ever claimed in it');
  if (state.status === 'closed') {
    // It was closed before anybody booked claims on this supplier.
    if (erp && state.documents === undefined) return accepted(planned(state, state.number ?? claimNumber(state), erp));
    return ignored(`already closed as ${state.number}`);
  }
  const { supplier, period } = state;
  if (period >= currentPeriod) {
    return rejected('PERIOD_NOT_OVER', `${period} has not ended: close it when it is over`);
  }
  if (state.lines.length === 0) return rejected('CLAIM_EMPTY', `the claim of ${period} has no line: nothing is owed`);
  const number = claimNumber({ supplier, period });
  return accepted({ type: 'claim.closed', number, by, at }, ...(erp ? [planned(state, number, erp)] : []));
}

const planned = ({ supplier, period, lines }: OpenClaim, number: string, erp: Target): ClaimEvent => ({
  ...{ type: 'claim.documents-planned', erp },
  ...documentsOf({ supplier, period }, number, lines),
});

function recordDocument(
  { nth, ref }: Extract<ClaimCommand, { type: 'record-document' }>,
  state: ClaimState,
): Decision<ClaimEvent> {
  const known = documentOf(state, nth);
  if (!known) return rejected('DOCUMENT_UNKNOWN', `the claim plans no document ${nth}`);
  if (known.status !== 'drafted') return accepted({ type: 'claim.documented', nth, ref });
  if (known.ref === ref) return ignored('the document is known');
  return rejected('DOCUMENTED_TWICE', `document ${nth} is ${known.ref} in the ERP, which now names ${ref}`);
}

function recordRefusal(
  { nth, reason }: Extract<ClaimCommand, { type: 'record-document-refusal' }>,
  state: ClaimState,
): Decision<ClaimEvent> {
  const known = documentOf(state, nth);
  if (!known) return rejected('DOCUMENT_UNKNOWN', `the claim plans no document ${nth}`);
  if (known.status === 'drafted') return ignored('the document is there');
  return accepted({ type: 'claim.document-refused', nth, reason });
}

const documentOf = (state: ClaimState, nth: number): ClaimDocument | undefined =>
  state.status === 'none' ? undefined : state.documents?.find((one) => one.nth === nth);

type DocumentEnd =
  | { readonly status: 'drafted'; readonly ref: string }
  | { readonly status: 'refused'; readonly reason: Reason };

const withDocument = (state: OpenClaim, nth: number, end: DocumentEnd): OpenClaim => ({
  ...state,
  documents: (state.documents ?? []).map((one) => (one.nth === nth ? { nth, total: one.total, ...end } : one)),
});

function opened(state: ClaimState): OpenClaim {
  if (state.status === 'none') throw new Error('a claim has documents once it has lines');
  return state;
}
