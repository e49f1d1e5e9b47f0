import * as z from 'zod/mini';
import type { Reason } from '#core/kernel/decision.ts';
import type { Money } from '#core/kernel/money.ts';
import { orderKey } from '#core/orders/order.ts';
import { findLine, type OpenOrder, type OrderState } from '#core/orders/state.ts';
import { type DecidedLine, evaluate, returnableUnits } from '#core/returns/policy.ts';
import type { Disposition } from '#core/returns/return.ts';
import type { OrderStatusUsed } from '#core/returns/state.ts';
import type { ReturnWindow } from '#core/returns/window.ts';
import { askErp } from './ask-erp.ts';
import { windowAnswer } from './authorization-answer.ts';
import { authorizationRequestSchema } from './authorization-request.ts';
import { type AuthorizePorts, notLater, open } from './authorize-return.ts';

const { channel, account, orderId, lines, requestedAt } = authorizationRequestSchema.shape;

/** `POST /v1/returns/eligibility`: the same question without a return; without lines it is asked about the whole order. */
export const eligibilityRequestSchema = z.strictObject({
  channel,
  account,
  orderId,
  requestedAt: z.optional(requestedAt),
  lines: z.optional(lines),
});

export type EligibilityRequest = z.infer<typeof eligibilityRequestSchema>;

export type EligibilityAnswer = {
  readonly channel: string;
  readonly account: string;
  readonly orderId: string;
  readonly orderNumber: string;
  /** Something of the order could come back, if only when a person agrees. */
  readonly isEligible: boolean;
  readonly eligibleReasonCodes: readonly { readonly code: string; readonly description: string }[];
  /** What the buyer would be charged for the return; Crossdock knows of no such charges. */
  readonly fees: readonly [];
  readonly items: readonly EligibleItem[];
  readonly policyVersion: string;
  readonly mappingVersion: string;
  readonly orderStatus: OrderStatusUsed;
};

export type EligibleItem = {
  readonly lineId: string;
  readonly sku?: string;
  readonly isEligible: boolean;
  /** Units that could come back now; 0 when none may. */
  readonly eligibleQuantity: number;
  readonly decision: DecidedLine['decision'];
  readonly reasons: readonly Reason[];
  readonly refundEstimate: Money;
  readonly window?: Omit<ReturnWindow, 'endsAt'>;
  readonly dispositionHint?: Disposition;
  readonly keepItem?: true;
};

/** Asked without a reason; the real one may open what was a final sale, or close what a rule lets pass. */
const WITHOUT_REASON = 'NO_REASON';

/**
 * What an authorization would be answered now. Creates nothing and holds no units. Throws BusinessError ORDER_UNKNOWN for an
 * order that never arrived.
 */
export async function checkEligibility(
  { policy, reasons: map, zones, ...ports }: Omit<AuthorizePorts, 'returns' | 'orders'>,
  request: EligibilityRequest,
  now: string,
): Promise<EligibilityAnswer> {
  const key = orderKey(request);
  const order = open(await ports.store.load<OrderState>(key), request);
  const { erp, orderStatus } = await askErp(ports, key, order, now);
  const asked = request.lines ?? order.lines.map(({ lineId }) => everythingOf(order, lineId));
  const judged = evaluate(
    { order, lines: asked, requestedAt: notLater(request.requestedAt ?? now, now), ...(erp && { erp }) },
    policy,
    map,
    zones,
  );
  const items = judged.lines.map((line) => itemOf(line, order, returnableUnits(order, line.lineId, erp)));
  return {
    channel: request.channel,
    account: request.account,
    orderId: request.orderId,
    orderNumber: order.number,
    isEligible: items.some(({ isEligible }) => isEligible),
    eligibleReasonCodes: Object.entries(map.codes).map(([code, description]) => ({ code, description })),
    fees: [],
    items,
    policyVersion: judged.policyVersion,
    mappingVersion: map.version,
    orderStatus,
  };
}

/** All units that are left; one where none is, so that the answer says why. */
const everythingOf = (order: OpenOrder, lineId: string) => ({
  lineId,
  quantity: Math.max(1, returnableUnits(order, lineId)),
  reasonCode: WITHOUT_REASON,
});

function itemOf(line: DecidedLine, order: OpenOrder, left: number): EligibleItem {
  const { lineId, decision, reasons, refundEstimate, window, dispositionHint, keepItem } = line;
  const sku = findLine(order, lineId)?.sku;
  const isEligible = decision !== 'rejected';
  return {
    lineId,
    ...(sku !== undefined && { sku }),
    isEligible,
    eligibleQuantity: isEligible ? left : 0,
    decision,
    reasons,
    refundEstimate: { minor: refundEstimate, currency: order.currency },
    ...(window && { window: windowAnswer(window) }),
    ...(dispositionHint && { dispositionHint }),
    ...(keepItem && { keepItem }),
  };
}
