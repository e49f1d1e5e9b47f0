import { BusinessError } from '#core/kernel/errors.ts';
import { orderKey } from '#core/orders/order.ts';
import type { OpenOrder, OrderState } from '#core/orders/state.ts';
import type { Zones } from '#core/returns/calendar.ts';
import { authorizeLines } from '#core/returns/credit.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import { doubtsAtAuthorization, type FraudJudgement } from '#core/returns/fraud/judge.ts';
import { evaluate, type ReturnPolicy } from '#core/returns/policy.ts';
import type { ReasonMap } from '#core/returns/reasons.ts';
import { type ReturnId, returnKey } from '#core/returns/return.ts';
import { rmaOf } from '#core/returns/rma.ts';
import type { Authorization, RequestedBy, ReturnState } from '#core/returns/state.ts';
import { termsFor } from '#core/returns/terms.ts';
import type { Cause } from '../aggregate.ts';
import type { Stored } from '../ports/store.ts';
import { type AskErpPorts, askErp, type ErpAnswer } from './ask-erp.ts';
import { type AuthorizationAnswer, answerOf } from './authorization-answer.ts';
import { type AuthorizationRequest, contentOf } from './authorization-request.ts';
import { changeReturn, type ReturnPorts } from './change-return.ts';
import type { AskedReturn, Unasked } from './fraud/judge-return.ts';
import { wantedIn } from './wanted.ts';

export type AuthorizePorts = ReturnPorts &
  AskErpPorts & {
    readonly policy: ReturnPolicy;
    readonly reasons: ReasonMap;
    readonly zones: Zones;
    /** Left out: no fraud rules are asked. */
    readonly fraud?: (order: OpenOrder, asked: AskedReturn) => Promise<FraudJudgement | Unasked | undefined>;
  };

/** Who asks: the returns platform's connector and account, as authenticated. */
export type Platform = Pick<ReturnId, 'platform' | 'account'> & { readonly requestedBy?: RequestedBy };

/**
 * Decides whether units of an order may come back, and answers at once. The same request gets the same answer however
 * often it comes; return and order are written in one transaction, so no unit is promised to two returns.
 *
 * Throws BusinessError ORDER_UNKNOWN for an order that never arrived, RETURN_CONFLICT for a known return id with other
 * content, REPLACEMENT_WITHOUT_EXCHANGE and CURRENCY_MISMATCH for what is wanted in exchange.
 */
export async function authorizeReturn(
  ports: AuthorizePorts,
  platform: Platform,
  request: AuthorizationRequest,
  cause: Cause,
): Promise<AuthorizationAnswer> {
  const id: ReturnId = { platform: platform.platform, account: platform.account, returnId: request.returnId };
  const key = returnKey(id);
  const known = await ports.store.load<ReturnState>(key);
  if (known) return repeated(known.state, request);

  const order = orderKey(request);
  const erp = await askErp(ports, order, open(await ports.store.load<OrderState>(order), request), cause.now);
  const handled = await changeReturn(
    ports,
    key,
    async (present) => {
      const current = open(await present.order(order), request);
      const judged = await ports.fraud?.(current, askedOf(key, request, cause.now));
      return authorize(ports, id, platform, request, current, erp, judged, cause.now);
    },
    cause,
  );
  switch (handled.kind) {
    case 'committed':
      return answer(handled.state);
    case 'ignored':
      return repeated(handled.state, request);
    case 'rejected':
      throw new BusinessError(handled.reason.code, handled.reason.message, { context: { subject: key } });
    case 'seen':
      throw new Error(`${key}: a synchronous request has no inbox mark`);
  }
}

function authorize(
  { policy, reasons: map, zones }: AuthorizePorts,
  id: ReturnId,
  { requestedBy }: Platform,
  request: AuthorizationRequest,
  order: OpenOrder,
  { erp, orderStatus }: ErpAnswer,
  judged: FraudJudgement | Unasked | undefined,
  now: string,
): ReturnCommand {
  const fraud = judged === 'unasked' ? undefined : judged;
  const requestedAt = notLater(request.requestedAt, now);
  const { decision, reasons, lines, policyVersion } = evaluate(
    {
      order,
      lines: request.lines,
      requestedAt,
      ...(erp && { erp }),
      ...(fraud && { doubts: doubtsAtAuthorization(fraud) }),
    },
    policy,
    map,
    zones,
  );
  const authorization: Authorization = {
    id,
    orderKey: orderKey(order.id),
    orderNumber: order.number,
    currency: order.currency,
    ...(decision !== 'rejected' && { rma: rmaOf(id) }),
    requestedAt,
    decidedAt: now,
    contentFingerprint: contentOf(request),
    decision,
    reasons,
    lines,
    policyVersion,
    mappingVersion: map.version,
    orderStatus,
    ...(requestedBy && { requestedBy }),
    ...wantedIn(request, order.currency),
    receiptDays: policy.receiptDays,
    inspectionDays: policy.inspectionDays,
    terms: termsFor(policy.settlement, { ...order.id, currency: order.currency }),
    ...(fraud && { fraud }),
    ...(judged === 'unasked' && { unjudged: true }),
  };
  const approved = lines.filter((line) => line.decision === 'approved');
  // A return in review promises nothing: its units are taken when a person approves it.
  return {
    type: 'authorize',
    authorization,
    authorized: decision === 'approved' ? authorizeLines(order, approved) : [],
  };
}

/** A time in the future proves a wrong clock, and must not lengthen anything. */
export function notLater(given: string, now: string): string {
  const asked = new Date(given);
  return asked.getTime() < Date.parse(now) ? asked.toISOString() : now;
}

const askedOf = (key: string, { requestedAt, lines }: AuthorizationRequest, now: string): AskedReturn => ({
  key,
  at: now,
  requestedAt: notLater(requestedAt, now),
  lineIds: lines.map(({ lineId }) => lineId),
});

export function open(stored: Stored<OrderState> | undefined, { orderId }: { readonly orderId: string }): OpenOrder {
  if (stored && stored.state.status !== 'none') return stored.state;
  throw new BusinessError('ORDER_UNKNOWN', `no order ${orderId}: check the id, or ask again when it has arrived`);
}

function repeated(state: ReturnState, request: AuthorizationRequest): AuthorizationAnswer {
  if (state.status !== 'none' && state.authorization.contentFingerprint === contentOf(request)) return answer(state);
  throw new BusinessError(
    'RETURN_CONFLICT',
    `return ${request.returnId} was asked for before with other content: a changed request needs a return id of its own`,
  );
}

function answer(state: ReturnState): AuthorizationAnswer {
  if (state.status === 'none') throw new Error('a return that was authorized has a state');
  return answerOf(state.authorization);
}
