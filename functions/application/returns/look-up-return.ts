import { BusinessError } from '#core/kernel/errors.ts';
import type { Money } from '#core/kernel/money.ts';
import type { LineQuantity } from '#core/kernel/quantity.ts';
import { type InspectedLine, type ReturnId, returnKey } from '#core/returns/return.ts';
import type { OpenReturn, ReturnState } from '#core/returns/state.ts';
import type { Store } from '../ports/store.ts';
import { type AuthorizationAnswer, answerOf } from './authorization-answer.ts';

/** How a return stands. `authorization` is what was answered when it was asked for, and never changes. */
export type ReturnAnswer = {
  readonly returnId: string;
  readonly rma?: string;
  readonly status: OpenReturn['status'];
  readonly orderNumber: string;
  readonly requestedAt: string;
  readonly decidedAt: string;
  readonly authorization: AuthorizationAnswer;
  /** A person's word on a return that was in review. */
  readonly review?: { readonly decision: 'approved' | 'rejected'; readonly decidedAt: string };
  readonly transit?: NonNullable<OpenReturn['transit']>;
  readonly receipts: readonly {
    readonly receiptId: string;
    readonly occurredAt: string;
    readonly lines: readonly LineQuantity[];
  }[];
  readonly inspections: readonly {
    readonly inspectionId: string;
    readonly occurredAt: string;
    readonly lines: readonly InspectedLine[];
  }[];
  /** What the buyer gets, once it is fixed, and whether it was paid. */
  readonly refund?: {
    readonly amount: Money;
    readonly status: 'validated' | NonNullable<OpenReturn['refund']>['status'];
  };
  readonly cancelledAt?: string;
  readonly expiredAt?: string;
  readonly closedAt?: string;
};

/** A return of one platform account; that of another is as unknown as none. Throws BusinessError RETURN_NOT_FOUND. */
export async function lookUpReturn({ store }: { readonly store: Store }, id: ReturnId): Promise<ReturnAnswer> {
  const stored = await store.load<ReturnState>(returnKey(id));
  if (stored && stored.state.status !== 'none') return returnAnswer(stored.state);
  throw notFound(id);
}

export const notFound = ({ returnId }: ReturnId): BusinessError =>
  new BusinessError('RETURN_NOT_FOUND', `no return ${returnId}: ask for its authorization first`);

export function returnAnswer(state: OpenReturn): ReturnAnswer {
  const { authorization, review, transit, receipts, inspections, finance, refund } = state;
  const { id, rma, orderNumber, requestedAt, decidedAt, currency } = authorization;
  const amount = refund?.amount ?? finance?.refund;
  return {
    returnId: id.returnId,
    ...(rma !== undefined && { rma }),
    status: state.status,
    orderNumber,
    requestedAt,
    decidedAt,
    authorization: answerOf(authorization),
    ...(review && { review: { decision: review.decision, decidedAt: review.at } }),
    ...(transit && { transit: transitOf(transit) }),
    receipts: receipts.map(({ receiptId, occurredAt, lines }) => ({
      receiptId,
      occurredAt,
      lines: lines.map(unitsOf),
    })),
    inspections: inspections.map(({ inspectionId, occurredAt, lines }) => ({
      inspectionId,
      occurredAt,
      lines: lines.map(({ condition, disposition, ...line }) => ({ ...unitsOf(line), condition, disposition })),
    })),
    ...(amount !== undefined && {
      refund: { amount: { minor: amount, currency }, status: refund?.status ?? 'validated' },
    }),
    ...(state.cancelledAt !== undefined && { cancelledAt: state.cancelledAt }),
    ...(state.expiredAt !== undefined && { expiredAt: state.expiredAt }),
    ...(state.closedAt !== undefined && { closedAt: state.closedAt }),
  };
}

// Field by field: what a return is told of later is not shown before somebody decides so.
const unitsOf = ({ lineId, quantity }: LineQuantity): LineQuantity => ({ lineId, quantity });
const transitOf = ({ occurredAt, carrier, trackingNumber }: NonNullable<OpenReturn['transit']>) => ({
  occurredAt,
  ...(carrier !== undefined && { carrier }),
  ...(trackingNumber !== undefined && { trackingNumber }),
});
