import { never } from '#core/kernel/decision.ts';
import type { Money } from '#core/kernel/money.ts';
import type { ReturnEvent } from '#core/returns/events.ts';
import type { FraudJudgement } from '#core/returns/fraud/judge.ts';
import type { DecidedLine } from '#core/returns/policy.ts';
import { type InspectedLine, replacementTotal } from '#core/returns/return.ts';
import type { Choice, OpenReturn } from '#core/returns/state.ts';
import type { EventType } from '#events/event-type.ts';
import * as types from '#events/returns/types.ts';

type Published = { type: EventType; data: unknown } | undefined;

/** The type and data that an event of a return is told to the world as; undefined for what stays inside. */
export function publishReturn(event: ReturnEvent, state: OpenReturn): Published {
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
    case 'return.carrier-reported': {
      const { type: _type, word, ...report } = event;
      return { type: word === 'lost' ? types.returnLostV1 : types.returnDeliveredV1, data: { ...ref, ...report } };
    }
    case 'return.receipt-closed':
      return { type: types.returnReceiptClosedV1, data: { ...ref, closedAt: event.at } };
    case 'return.kept':
      return { type: types.returnKeptV1, data: { ...ref, keptAt: event.at } };
    case 'return.resolution-chosen':
      return { type: types.returnResolutionChosenV1, data: { ...ref, ...chosen(event.choice, state) } };
    case 'return.credit-issued': {
      const { creditId, kind, amount, recipientRef } = event.credit;
      const to = recipientRef !== undefined && { recipientRef };
      return {
        type: types.returnStoreCreditIssuedV1,
        data: { ...ref, creditId, kind, amount: money(state, amount), ...to },
      };
    }
    case 'return.refund-advanced': {
      const { when, refund: advanced } = event.advance;
      return { type: types.returnRefundAdvancedV1, data: { ...ref, when, refund: money(state, advanced) } };
    }
    case 'return.clawback-due': {
      const { why, amount } = event.claim;
      return { type: types.returnClawbackDueV1, data: { ...ref, why, amount: money(state, amount) } };
    }
    case 'return.clawback-ended':
      return { type: types.returnClawbackEndedV1, data: { ...ref, how: event.why ?? 'goods-came' } };
    case 'return.clawback-settled':
      return { type: types.returnClawbackEndedV1, data: { ...ref, how: event.how } };
    case 'return.approval-lapsed':
      return { type: types.returnApprovalLapsedV1, data: { ...ref, refund } };
    case 'return.compensation-moved': {
      if (event.compensation.status !== 'done') return undefined;
      const credit = money(state, state.finance?.credit ?? 0);
      return { type: types.returnReversedV1, data: { ...ref, erpRef: event.compensation.ref, credit } };
    }
    case 'return.duty-noted': {
      const type = event.stage === 'warning' ? types.returnDutyAtRiskV1 : types.returnDutyBreachedV1;
      return { type, data: { ...ref, duty: event.duty, refund } };
    }
    // What these mean for people is told by the cases that they open.
    case 'return.exchange-dropped':
    case 'return.approval-given':
    case 'return.approval-asked':
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
const inspectedUnits = ({ serial: _serial, weightGrams: _weight, ...units }: InspectedLine) => units;

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
  const { lines, reasons, policyVersion, mappingVersion, requestedAt, orderStatus, requestedBy, fraud } =
    state.authorization;
  const estimate = lines.reduce((sum, line) => sum + line.refundEstimate, 0);
  const request = {
    ...refOf(state),
    lines: lines.map(decidedLine),
    refundEstimate: money(state, estimate),
    policyVersion,
    mappingVersion,
    decidedBy: by,
    ...(by === 'person' && state.review && { reviewer: state.review.by }),
    requestedAt,
    orderStatus,
    ...(requestedBy && { requestedBy }),
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

/** What was decided on a line, and on what: so that the journal alone explains it. */
const decidedLine = ({ lineId, quantity, decision, reason, reasons, window, ruleInputs }: DecidedLine) => ({
  lineId,
  quantity,
  decision,
  ...(reason.canonical !== undefined && { reason: reason.canonical }),
  reasonGiven: reason.given,
  reasonCodes: reasons.map(({ code }) => code),
  ...(window && { window }),
  ...(ruleInputs && { ...ruleInputs }),
});

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
    case 'exchange':
      return { type: types.returnExchangedV1, data: document };
    default:
      return never(event.step);
  }
}

const chosen = ({ resolution, replacement }: Choice, state: OpenReturn) => ({
  resolution,
  ...(replacement && {
    replacement: {
      total: money(state, replacementTotal(replacement)),
      collected: money(state, replacement.collected),
    },
  }),
});
