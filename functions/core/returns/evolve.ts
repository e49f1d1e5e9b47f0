import { never } from '../kernel/decision.ts';
import type { ReturnEvent } from './events.ts';
import { earlier, isNews } from './goods/news.ts';
import { registered } from './money/compensation.ts';
import { approvalOf } from './money/decide-approval.ts';
import {
  type Approval,
  type Finance,
  type OpenReturn,
  type ReturnFacts,
  type ReturnState,
  type Step,
  type StepKind,
  withStatus,
} from './state.ts';

/** The return after an event. Only the decider makes events, so what can't have happened is a bug and throws. */
export function evolve(state: ReturnState, event: ReturnEvent): ReturnState {
  if (event.type === 'return.requested') {
    const { authorization, authorized } = event;
    return withStatus({ authorization, authorized, receipts: [], inspections: [], steps: {} });
  }
  if (state.status === 'none') throw new Error(`${event.type} before return.requested`);
  const { stalled: _movedOn, ...moving } = state;
  if (event.type === 'return.clawback-ended') {
    const { claim: _ended, ...rest } = moving;
    return withStatus(rest);
  }
  return withStatus({ ...moving, ...change(state, event) });
}

type Later = Exclude<ReturnEvent, { type: 'return.requested' | 'return.clawback-ended' }>;

function change(state: OpenReturn, event: Later): Partial<ReturnFacts> {
  switch (event.type) {
    case 'return.reviewed': {
      const { decision, by, at, authorized } = event;
      return { review: { decision, by, at }, authorized };
    }
    case 'return.reason-renormalized': {
      const { mappingVersion, at, lines } = event;
      return { reasons: { mappingVersion, at, lines } };
    }
    case 'return.dispatched':
      return scanned(state, event);
    case 'return.carrier-reported': {
      const { type: _type, word, ...report } = event;
      return { [word]: report };
    }
    case 'return.kept': {
      const { type: _type, ...kept } = event;
      return { kept };
    }
    case 'return.resolution-chosen':
      return { choice: event.choice };
    case 'return.credit-issued':
      return { issued: replaced(state.issued ?? [], event.credit, ({ creditId }) => creditId) };
    case 'return.receipt-closed':
      return { receiptClosedAt: event.at };
    case 'return.received': {
      const { type: _type, ...receipt } = event;
      return { receipts: replaced(state.receipts, receipt, ({ receiptId }) => receiptId) };
    }
    case 'return.inspected': {
      const { type: _type, ...inspection } = event;
      return { inspections: replaced(state.inspections, inspection, ({ inspectionId }) => inspectionId) };
    }
    case 'return.cancelled':
      return { cancelledAt: event.at };
    case 'return.expired':
      return { expiredAt: event.at };
    case 'return.assessed':
      return { finance: event.finance };
    case 'return.approval-given':
      return approved(state, event);
    case 'return.approval-lapsed':
      return asked(state, { lapsedAt: event.at });
    case 'return.approval-asked':
      return asked(state, { askedBy: event.by });
    case 'return.approved':
      return decided({ ...state, ...approved(state, event) }, 'approved', event);
    case 'return.refused':
      return decided(state, 'refused', event);
    case 'return.step-planned':
      return {
        ...step(state, event.step, { status: 'planned' }),
        ...(event.step === 'credit-memo' && { compensation: registered }),
      };
    case 'return.step-applied':
      return step(state, event.step, { status: 'applied', ref: event.ref, number: event.number });
    case 'return.step-refused':
      return step(state, event.step, { status: 'refused', reason: event.reason });
    case 'return.exchange-dropped': {
      const { resolution: _resolution, replacement: _replacement, ...finance } = financeOf(state);
      return { finance: { ...finance, paidInstead: { by: event.by, at: event.at } } };
    }
    case 'return.refund-moved':
      return { refund: event.refund };
    case 'return.refund-advanced':
      return { advance: event.advance };
    case 'return.clawback-due':
      return { claim: event.claim };
    case 'return.clawback-settled':
      return state.claim ? { claim: { ...state.claim, status: event.how, by: event.by } } : {};
    case 'return.compensation-moved':
      return { compensation: event.compensation };
    case 'return.duty-noted':
      return { duties: { ...state.duties, [event.duty]: event.stage === 'warning' ? 'warned' : 'breached' } };
    case 'return.closed':
      return { closedAt: event.at };
    case 'return.stalled':
      return { stalled: { step: event.step, error: event.error, since: state.stalled?.since ?? event.at } };
    case 'return.cancelled-late':
      return { cancelledLateAt: event.at };
    case 'return.receipt-missed':
    case 'return.inspection-missed':
      return {};
    default:
      return never(event);
  }
}

/** In the order of ids, not of arrival: the same reports make the same return. */
function replaced<T>(known: readonly T[], one: T, idOf: (one: T) => string): T[] {
  const others = known.filter((other) => idOf(other) !== idOf(one));
  return [...others, one].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** The latest scan, and the earliest time of any. */
function scanned(state: OpenReturn, { type: _type, ...scan }: Extract<Later, { type: 'return.dispatched' }>) {
  const { transit = scan, firstScanAt = scan.occurredAt } = state;
  return {
    transit: isNews(scan, transit) ? scan : transit,
    firstScanAt: earlier(scan.occurredAt, firstScanAt),
  };
}

type Given = { readonly by: string; readonly at: string };

function approved(state: OpenReturn, { by, at }: Given): { readonly finance: Finance } {
  const approval = approvalOf(state);
  return { finance: { ...financeOf(state), approval: { ...approval, given: [...approval.given, { by, at }] } } };
}

/** Whatever was approved before counts no more. */
const asked = (state: OpenReturn, now: Pick<Approval, 'lapsedAt' | 'askedBy'>): { readonly finance: Finance } => ({
  finance: {
    ...financeOf(state),
    outcome: 'needs-approval',
    approval: { needed: approvalOf(state).needed, given: [], ...now },
  },
});

function financeOf({ finance }: OpenReturn): Finance {
  if (!finance) throw new Error('money is decided before return.assessed');
  return finance;
}

function decided(
  { finance }: OpenReturn,
  outcome: 'approved' | 'refused',
  { by, at }: { readonly by: string; readonly at: string },
): Partial<ReturnFacts> {
  if (!finance) throw new Error(`${outcome} before return.assessed`);
  return { finance: { ...finance, outcome, by, at } };
}

const step = ({ steps }: OpenReturn, kind: StepKind, one: Step): Partial<ReturnFacts> => ({
  steps: { ...steps, [kind]: one },
});
