import type { Reason } from '#core/kernel/decision.ts';
import type { Money } from '#core/kernel/money.ts';
import type { Verdict } from '#core/returns/policy.ts';
import type { MappedReason } from '#core/returns/reasons.ts';
import type { Authorization, OrderStatusUsed } from '#core/returns/state.ts';

/** What a returns platform is answered; the same for the same request, however often it is asked. */
export type AuthorizationAnswer = {
  readonly returnId: string;
  /** A rejected return has none. */
  readonly rma?: string;
  readonly decision: Verdict;
  readonly reasons: readonly Reason[];
  readonly lines: readonly {
    readonly lineId: string;
    readonly quantity: number;
    readonly decision: Verdict;
    readonly reasons: readonly Reason[];
    readonly reasonCode: MappedReason;
    readonly refundEstimate: Money;
  }[];
  readonly policyVersion: string;
  readonly orderStatus: OrderStatusUsed;
  readonly refundEstimate: Money;
};

/** Made of the decision as it was stored, so that a repeat is answered word for word. */
export function answerOf(authorization: Authorization): AuthorizationAnswer {
  const { id, rma, decision, reasons, policyVersion, orderStatus, currency } = authorization;
  const lines = authorization.lines.map(({ reason, refundEstimate, ...line }) => ({
    ...line,
    reasonCode: reason,
    refundEstimate: { minor: refundEstimate, currency },
  }));
  const estimate = lines.reduce((sum, { refundEstimate }) => sum + refundEstimate.minor, 0);
  return {
    returnId: id.returnId,
    ...(rma !== undefined && { rma }),
    decision,
    reasons,
    lines,
    policyVersion,
    orderStatus,
    refundEstimate: { minor: estimate, currency },
  };
}
