import type { CaseToOpen } from '../cases/case.ts';
import { never } from '../kernel/decision.ts';
import { allEffects, type Effects, effects, NO_EFFECTS } from '../kernel/effects.ts';
import type { JsonObject, PlannedOperation } from '../operations/operation.ts';
import type { RefundContent } from '../returns/return.ts';
import type { RefundEvent } from './decider.ts';
import { type OpenRefund, refundKey, refundOperationKey } from './refund.ts';

/** What follows from events of a refund; `refund` is the state after all of them. */
export const refundReactions = (events: readonly RefundEvent[], refund: OpenRefund): Effects =>
  allEffects(events.map((event) => react(event, refund)));

function react(event: RefundEvent, refund: OpenRefund): Effects {
  switch (event.type) {
    case 'refund.planned':
      return effects({ operations: [refundOperation(refund)] });
    case 'refund.issued':
    case 'refund.confirmed':
      return event.paid === undefined
        ? effects({ closeCases: [REFUND_REFUSED, REFUND_DIFFERS] })
        : effects({ closeCases: [REFUND_REFUSED], openCases: [refundDiffers(refund, event.paid)] });
    case 'refund.refused':
      return effects({ openCases: [refundRefused(refund)] });
    // The operation keeps its key: whoever has it tried again puts its row back to work.
    case 'refund.planned-again':
      return NO_EFFECTS;
    case 'refund.recorded':
      return event.again ? effects({ openCases: [refundedTwice(refund)] }) : NO_EFFECTS;
    default:
      return never(event);
  }
}

function refundOperation(refund: OpenRefund): PlannedOperation {
  const { id, currency, amount, lines } = refund;
  const content: RefundContent = { orderId: id.orderId, refundId: id.refundId, currency, amount, lines };
  return {
    key: refundOperationKey(id),
    kind: 'channel/refund',
    target: { connector: id.channel, account: id.account },
    subject: refundKey(id),
    content: content as unknown as JsonObject,
  };
}

export const REFUND_REFUSED = 'REFUND_REFUSED';
const REFUND_DIFFERS = 'REFUND_DIFFERS';

const refundRefused = (refund: OpenRefund): CaseToOpen => ({
  code: REFUND_REFUSED,
  owner: 'finance',
  message: `the channel refuses refund ${refund.id.refundId} of order ${refund.id.orderId}: ${refund.reason?.code}: ${refund.reason?.message}`,
  suggestedFix: `mend the cause, then: crossdock operations retry ${refundOperationKey(refund.id)} --apply`,
  moneyAtRisk: { minor: refund.amount, currency: refund.currency },
});

const refundedTwice = (refund: OpenRefund): CaseToOpen => ({
  code: 'REFUNDED_TWICE',
  owner: 'finance',
  message: `the channel made refund ${refund.ref} of order ${refund.id.orderId} under the key of one that is paid already`,
  suggestedFix: 'compare both refunds in the channel; claim the second one back from the buyer',
  moneyAtRisk: { minor: refund.amount, currency: refund.currency },
});

const refundDiffers = (refund: OpenRefund, paid: number): CaseToOpen => ({
  code: REFUND_DIFFERS,
  owner: 'finance',
  message: `the channel paid ${paid} for refund ${refund.id.refundId} of order ${refund.id.orderId}, ${refund.amount} was planned (minor units)`,
  suggestedFix: 'settle the difference with the channel or the buyer, then close this case',
  moneyAtRisk: { minor: Math.abs(paid - refund.amount), currency: refund.currency },
});
