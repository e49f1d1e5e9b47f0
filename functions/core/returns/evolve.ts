import { never } from '../kernel/decision.ts';
import type { ReturnEvent } from './events.ts';
import { type OpenReturn, type ReturnFacts, type ReturnState, type Step, type StepKind, withStatus } from './state.ts';

/** The return after an event. Only the decider makes events, so what can't have happened is a bug and throws. */
export function evolve(state: ReturnState, event: ReturnEvent): ReturnState {
  if (event.type === 'return.requested') {
    const { authorization, authorized } = event;
    return withStatus({ authorization, authorized, receipts: [], inspections: [], steps: {} });
  }
  if (state.status === 'none') throw new Error(`${event.type} before return.requested`);
  const { stalled: _movedOn, ...moving } = state;
  return withStatus({ ...moving, ...change(state, event) });
}

type Later = Exclude<ReturnEvent, { type: 'return.requested' }>;

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
    case 'return.dispatched': {
      const { type: _type, ...transit } = event;
      return { transit };
    }
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
    case 'return.approved':
      return decided(state, 'approved', event);
    case 'return.refused':
      return decided(state, 'refused', event);
    case 'return.step-planned':
      return step(state, event.step, { status: 'planned' });
    case 'return.step-applied':
      return step(state, event.step, { status: 'applied', ref: event.ref, number: event.number });
    case 'return.step-refused':
      return step(state, event.step, { status: 'refused', reason: event.reason });
    case 'return.refund-moved':
      return { refund: event.refund };
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
