import { daysAfter } from '#core/kernel/calendar.ts';
import type { Reason } from '#core/kernel/decision.ts';
import type { Money } from '#core/kernel/money.ts';
import type { TaxLine } from '#core/orders/order.ts';
import type { DecidedLine, Verdict } from '#core/returns/policy.ts';
import type { MappedReason } from '#core/returns/reasons.ts';
import {
  type CreditLine,
  type Disposition,
  type Replacement,
  type Resolution,
  replacementTotal,
} from '#core/returns/return.ts';
import type { Authorization, OrderStatusUsed } from '#core/returns/state.ts';
import type { ReturnWindow } from '#core/returns/window.ts';

/** Part of an estimate: what the goods cost, and each tax with who collects it, in the order's currency. */
export type Estimate = {
  readonly net: Money;
  readonly taxes: readonly (Omit<TaxLine, 'amount'> & { readonly amount: Money })[];
};

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
    /** The estimate by net and tax; a rejected line has none. */
    readonly refund?: Estimate;
    readonly window?: Omit<ReturnWindow, 'endsAt'>;
    readonly dispositionHint?: Disposition;
    readonly keepItem?: true;
  }[];
  readonly policyVersion: string;
  readonly mappingVersion: string;
  readonly orderStatus: OrderStatusUsed;
  readonly refundEstimate: Money;
  /** What the buyer gets for the goods, as it was asked for. */
  readonly resolution: Resolution;
  readonly replacement?: { readonly total: Money; readonly collected: Money };
  /** Until when the goods must be in, of an approved return; it expires then. */
  readonly returnBy?: string;
};

/** Made of the decision as it was stored, so that a repeat is answered word for word. */
export function answerOf(authorization: Authorization): AuthorizationAnswer {
  const { id, rma, decision, reasons, policyVersion, mappingVersion, orderStatus, currency } = authorization;
  const { resolution = 'refund', replacement } = authorization;
  const estimate = authorization.lines.reduce((sum, { refundEstimate }) => sum + refundEstimate, 0);
  return {
    returnId: id.returnId,
    ...(rma !== undefined && { rma }),
    decision,
    reasons,
    lines: authorization.lines.map((line) => lineAnswer(line, currency)),
    policyVersion,
    mappingVersion,
    orderStatus,
    refundEstimate: { minor: estimate, currency },
    resolution,
    ...(replacement && { replacement: replacementAnswer(replacement, currency) }),
    ...(decision === 'approved' && { returnBy: daysAfter(authorization.decidedAt, authorization.receiptDays) }),
  };
}

function lineAnswer(line: DecidedLine, currency: string): AuthorizationAnswer['lines'][number] {
  const { lineId, quantity, decision, reasons, reason, refundEstimate, worth, dispositionHint, keepItem } = line;
  return {
    lineId,
    quantity,
    decision,
    reasons,
    reasonCode: reason,
    refundEstimate: { minor: refundEstimate, currency },
    ...(worth && { refund: estimateOf(worth, currency) }),
    ...(line.window && { window: windowAnswer(line.window) }),
    ...(dispositionHint && { dispositionHint }),
    ...(keepItem && { keepItem }),
  };
}

const replacementAnswer = (replacement: Replacement, currency: string) => ({
  total: { minor: replacementTotal(replacement), currency },
  collected: { minor: replacement.collected, currency },
});

export const windowAnswer = ({ endsAt: _instant, ...window }: ReturnWindow): Omit<ReturnWindow, 'endsAt'> => window;

export const estimateOf = ({ net, taxes }: Pick<CreditLine, 'net' | 'taxes'>, currency: string): Estimate => ({
  net: { minor: net, currency },
  taxes: taxes.map(({ amount, ...tax }) => ({ ...tax, amount: { minor: amount, currency } })),
});
