import { orderDecider } from '#core/orders/decider.ts';
import type { ChannelOrder } from '#core/orders/order.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { authorizeLines } from '#core/returns/credit.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import type { ReturnPolicy } from '#core/returns/policy.ts';
import type { Condition, Disposition, InspectedLine, ReturnId, ReturnProgress } from '#core/returns/return.ts';
import type { Authorization, StepKind } from '#core/returns/state.ts';
import type { ReturnTerms } from '#core/returns/terms.ts';
import { specify } from '../../support/given.ts';
import { anOrder } from '../../support/orders.ts';

export const RETURN_ID: ReturnId = { platform: 'loop', account: 'main', returnId: 'R1' };
export const RETURN_KEY = 'RETURN#loop#main#R1';
export const REFUND_ID = 'loop.main.R1';
export const ORDER_KEY = 'ORDER#shopify#main#5001';
export const REFUND_KEY = `REFUND#shopify#main#5001#${REFUND_ID}`;

export const NOW = '2026-11-25T10:00:00.000Z';
export const SHIPPED_AT = '2026-11-21T09:00:00.000Z';

/** At `hour` o'clock of the day after the return was authorized. */
export const at = (hour: number): string => `2026-11-26T${String(hour).padStart(2, '0')}:00:00.000Z`;

export const POLICY: ReturnPolicy = {
  version: 'policy-7',
  windowDays: 30,
  receiptDays: 30,
  inspectionDays: 7,
  autoApproveUpTo: { USD: 5_000 },
  finalSaleSkus: [],
};

/** Booked, and shipped in full. */
export function shippedOrder(changes: Partial<ChannelOrder> = {}): OpenOrder {
  const order = anOrder(changes);
  const state = specify(orderDecider).after(
    { type: 'take-channel-order', order },
    { type: 'record-booking', erpAccount: 'tryton/main', ref: '7', number: 'S0007' },
    {
      type: 'record-shipment',
      shipmentId: 'OUT1',
      shippedAt: SHIPPED_AT,
      lines: order.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    },
  );
  if (state.status === 'none') throw new Error('an order that was taken is open');
  return state;
}

export function anAuthorization(changes: Partial<Authorization> = {}): Authorization {
  return {
    id: RETURN_ID,
    orderKey: ORDER_KEY,
    orderNumber: '#1001',
    currency: 'USD',
    rma: 'RMA-0000000001',
    requestedAt: NOW,
    decidedAt: NOW,
    contentFingerprint: 'content-1',
    decision: 'approved',
    reasons: [],
    lines: [
      {
        lineId: 'L1',
        quantity: 2,
        decision: 'approved',
        reasons: [],
        reason: { given: 'UNWANTED', canonical: 'changed-mind', mappingVersion: 'm1' },
        refundEstimate: 2_715,
      },
      {
        lineId: 'L2',
        quantity: 1,
        decision: 'approved',
        reasons: [],
        reason: { given: 'DEFECTIVE', canonical: 'defective', mappingVersion: 'm1' },
        refundEstimate: 935,
      },
    ],
    policyVersion: POLICY.version,
    mappingVersion: 'm1',
    orderStatus: { source: 'erp', asOf: NOW },
    receiptDays: POLICY.receiptDays,
    inspectionDays: POLICY.inspectionDays,
    ...changes,
  };
}

/** Everything of the order: two shirts (L1) and a mug (L2), 36.50 USD. */
export const ALL_LINES = [
  { lineId: 'L1', quantity: 2 },
  { lineId: 'L2', quantity: 1 },
];

export const AUTHORIZED = authorizeLines(shippedOrder(), ALL_LINES);

/** Commands as a history has them; each makes the next one possible. */
export const authorize: ReturnCommand = {
  type: 'authorize',
  authorization: anAuthorization(),
  authorized: AUTHORIZED,
};

export const TERMS: ReturnTerms = { partialDays: 0, approvalDays: 7, duties: [] };

/** Authorized by terms of its own. */
export const authorizedBy = (terms: Partial<ReturnTerms>, changes: Partial<Authorization> = {}): ReturnCommand => ({
  type: 'authorize',
  authorization: anAuthorization({ terms: { ...TERMS, ...terms }, ...changes }),
  authorized: AUTHORIZED,
});

/** Refunds up to 100 USD are paid as soon as the return is authorized. */
export const instantly = authorizedBy({ instant: { when: 'authorized', upTo: 10_000 } });
export const advance: ReturnCommand = { type: 'advance-refund', refundId: REFUND_ID, at: NOW };
export const refunded = (standing: 'issued' | 'paid'): ReturnCommand => ({
  type: 'record-refund',
  refundId: REFUND_ID,
  standing,
});
export const expire: ReturnCommand = { type: 'expire', at: at(9) };

export const report = (progress: ReturnProgress): ReturnCommand => ({ type: 'record-progress', progress });

export const received = (lines: readonly { lineId: string; quantity: number }[] = ALL_LINES, hour = 9, id = 'REC1') =>
  ({ type: 'received', receiptId: id, occurredAt: at(hour), lines }) as const;

export const unit = (
  lineId: string,
  quantity: number,
  condition: Condition = 'new',
  disposition: Disposition = 'restock',
): InspectedLine => ({ lineId, quantity, condition, disposition });

export const inspected = (lines: readonly InspectedLine[] = [unit('L1', 2), unit('L2', 1)], hour = 12, id = 'INS1') =>
  ({ type: 'inspected', inspectionId: id, occurredAt: at(hour), lines }) as const;

export const validate: Extract<ReturnCommand, { type: 'validate-refund' }> = {
  type: 'validate-refund',
  limits: POLICY.autoApproveUpTo,
  at: at(13),
};
export const kept = report({ type: 'kept', occurredAt: at(3) });
/** Keeping goods needs no approval up to 100 USD. */
export const validateKept: ReturnCommand = { ...validate, keepItemUpTo: { USD: 10_000 } };
export const step = (name: StepKind): ReturnCommand => ({
  type: 'request-step',
  step: name,
  salesOrder: { ref: '7', number: 'S0007' },
});
export const stepApplied = (name: StepKind, ref: string): ReturnCommand => ({
  type: 'record-step-outcome',
  step: name,
  outcome: { kind: 'applied', ref, number: `N${ref}` },
});

export const inFront: readonly ReturnCommand[] = [authorize, report(received()), report(inspected())];

/** All commands of a return without trouble, in their order. */
export const wholeWay: readonly ReturnCommand[] = [
  ...inFront,
  validate,
  { type: 'request-step', step: 'item-receipt', salesOrder: { ref: '7', number: 'S0007' } },
  {
    type: 'record-step-outcome',
    step: 'item-receipt',
    outcome: { kind: 'applied', ref: '8', number: 'S0008' },
  },
  { type: 'request-step', step: 'credit-memo' },
  {
    type: 'record-step-outcome',
    step: 'credit-memo',
    outcome: { kind: 'applied', ref: '21', number: 'CN1', total: 3_650 },
  },
  { type: 'request-step', step: 'stock-move' },
  { type: 'record-step-outcome', step: 'stock-move', outcome: { kind: 'applied', ref: 'RET1', number: 'RET1' } },
  { type: 'plan-refund', refundId: REFUND_ID },
  { type: 'record-refund', refundId: REFUND_ID, standing: 'paid' },
  { type: 'close', at: at(20) },
];

/** The way up to and with the command that leads to a status. */
export const wayTo = {
  authorized: wholeWay.slice(0, 1),
  received: wholeWay.slice(0, 2),
  inspected: wholeWay.slice(0, 3),
  approved: wholeWay.slice(0, 4),
  receipted: wholeWay.slice(0, 6),
  credited: wholeWay.slice(0, 8),
  stocked: wholeWay.slice(0, 10),
  refunded: wholeWay.slice(0, 12),
  closed: wholeWay,
} as const;
