import { never } from '#core/kernel/decision.ts';
import type { Money } from '#core/kernel/money.ts';
import { parseOrderKey } from '#core/orders/order.ts';
import { type ReturnCommand, returnDecider } from '#core/returns/decider.ts';
import type { ReturnEvent } from '#core/returns/events.ts';
import type { FraudJudgement } from '#core/returns/fraud/judge.ts';
import { returnReactions } from '#core/returns/reactions.ts';
import { type InspectedLine, parseReturnKey } from '#core/returns/return.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import type { EventType } from '#events/event-type.ts';
import * as types from '#events/returns/types.ts';
import type { AggregateDefinition } from '../aggregate.ts';
import type { Routing } from '../orders/order-aggregate.ts';

export type ReturnAggregate = AggregateDefinition<ReturnState, ReturnCommand, ReturnEvent>;

export function returnAggregate(routing: Routing): ReturnAggregate {
  return {
    decider: returnDecider,
    react: (events, state) => {
      const opened = asOpen(state);
      const { channel, account } = parseOrderKey(opened.authorization.orderKey);
      return returnReactions(events, opened, routing.orderRouting(channel, account).erp);
    },
    publish: (event, state) => publish(event, asOpen(state)),
    foreignId: (events, state) => foreignId(events, asOpen(state)),
    origin: (key) => {
      const { platform, account } = parseReturnKey(key);
      return { channel: platform, account };
    },
  };
}

function asOpen(state: ReturnState): OpenReturn {
  if (state.status === 'none') throw new Error('a return with events has a state');
  return state;
}

type Published = { type: EventType; data: unknown } | undefined;

function publish(event: ReturnEvent, state: OpenReturn): Published {
  const ref = refOf(state);
  const refund = money(state, state.finance?.refund ?? 0);
  switch (event.type) {
    case 'return.requested':
      return decided(state, event.authorization.decision, 'policy');
    case 'return.reviewed':
      return decided(state, event.decision, 'person');
    case 'return.reason-renormalized': {
      const { mappingVersion, changes } = event;
      return { type: types.returnReasonRenormalizedV1, data: { ...ref, mappingVersion, changes } };
    }
    case 'return.dispatched': {
      const { type: _type, ...transit } = event;
      return { type: types.returnDispatchedV1, data: { ...ref, ...transit } };
    }
    case 'return.received': {
      const { receiptId, occurredAt: receivedAt, lines } = event;
      const units = lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
      return { type: types.returnReceivedV1, data: { ...ref, receiptId, receivedAt, lines: units } };
    }
    case 'return.inspected': {
      const { inspectionId, occurredAt: inspectedAt, lines } = event;
      const units = lines.map(inspectedUnits);
      return { type: types.returnInspectedV1, data: { ...ref, inspectionId, inspectedAt, lines: units } };
    }
    case 'return.assessed': {
      const { outcome, credit, fraud } = event.finance;
      const lines = event.finance.lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
      const data = { ...ref, outcome, refund, credit: money(state, credit), lines, ...audited(fraud) };
      return { type: types.returnAssessedV1, data };
    }
    case 'return.approved':
      return { type: types.returnApprovedV1, data: { ...ref, refund } };
    case 'return.refused':
      return { type: types.returnRefusedV1, data: { ...ref, refund } };
    case 'return.step-applied':
      return applied(event, state);
    case 'return.step-refused':
      return {
        type: types.returnStepRefusedV1,
        data: { ...ref, step: event.step, reason: event.reason },
      };
    case 'return.refund-moved': {
      if (event.refund.status !== 'paid') return undefined;
      const { refundId, amount } = event.refund;
      return { type: types.returnRefundedV1, data: { ...ref, refundId, refund: money(state, amount) } };
    }
    case 'return.closed':
      return { type: types.returnClosedV1, data: { ...ref, refund } };
    case 'return.cancelled':
      return { type: types.returnCancelledV1, data: { ...ref, cancelledAt: event.at } };
    case 'return.expired':
      return { type: types.returnExpiredV1, data: { ...ref, expiredAt: event.at } };
    // What these mean for people is told by the cases that they open.
    case 'return.cancelled-late':
    case 'return.receipt-missed':
    case 'return.inspection-missed':
    case 'return.step-planned':
    case 'return.stalled':
      return undefined;
    default:
      return never(event);
  }
}

/** What the warehouse compared stays with the return. */
const inspectedUnits = ({ lineId, quantity, condition, disposition }: InspectedLine) => ({
  ...{ lineId, quantity, condition, disposition },
});

/** What the fraud rules said, without the hashes of whom they said it. */
const audited = (fraud: FraudJudgement | undefined) =>
  fraud && {
    fraud: fraud.verdicts.map(({ fired, ...verdict }) => ({
      ...verdict,
      fired: fired.map(({ rule, version, weight, reason }) => ({ rule, version, weight, code: reason.code })),
    })),
  };

const money = ({ authorization }: OpenReturn, minor: number): Money => ({ minor, currency: authorization.currency });

function refOf({ authorization }: OpenReturn) {
  const { id, rma, orderKey, orderNumber } = authorization;
  return { returnId: id.returnId, ...(rma !== undefined && { rma }), orderKey, orderNumber };
}

function decided(state: OpenReturn, decision: 'approved' | 'rejected' | 'review', by: 'policy' | 'person'): Published {
  const { lines, reasons, policyVersion, mappingVersion, fraud } = state.authorization;
  const estimate = lines.reduce((sum, line) => sum + line.refundEstimate, 0);
  const request = {
    ...refOf(state),
    lines: lines.map(({ lineId, quantity, decision: verdict, reason }) => ({
      lineId,
      quantity,
      decision: verdict,
      ...(reason.canonical !== undefined && { reason: reason.canonical }),
    })),
    refundEstimate: money(state, estimate),
    policyVersion,
    mappingVersion,
    decidedBy: by,
    ...audited(fraud),
  };
  switch (decision) {
    case 'approved': {
      const authorized = state.authorized.map(({ lineId, quantity }) => ({ lineId, quantity }));
      return { type: types.returnAuthorizedV1, data: { ...request, authorized } };
    }
    case 'rejected':
      return { type: types.returnRejectedV1, data: { ...request, reasons } };
    case 'review':
      return { type: types.returnReferredV1, data: { ...request, reasons } };
    default:
      return never(decision);
  }
}

function applied(event: Extract<ReturnEvent, { type: 'return.step-applied' }>, state: OpenReturn): Published {
  const document = { ...refOf(state), erpRef: event.ref, erpNumber: event.number };
  switch (event.step) {
    case 'item-receipt':
      return { type: types.returnReceiptedV1, data: document };
    case 'credit-memo': {
      const credit = money(state, event.total ?? state.finance?.credit ?? 0);
      return { type: types.returnCreditedV1, data: { ...document, credit } };
    }
    case 'stock-move':
      return { type: types.returnStockedV1, data: document };
    default:
      return never(event.step);
  }
}

function foreignId(events: readonly ReturnEvent[], state: OpenReturn): string | undefined {
  for (const event of events) {
    if (event.type === 'return.requested') return state.authorization.rma;
    if (event.type === 'return.dispatched') return event.trackingNumber;
    if (event.type === 'return.step-applied') return event.number;
  }
  return undefined;
}
