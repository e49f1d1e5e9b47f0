import type { CaseToOpen } from '../cases/case.ts';
import { never, type Reason } from '../kernel/decision.ts';
import { allEffects, type Effects, effects, NO_EFFECTS } from '../kernel/effects.ts';
import type { JsonObject, PlannedOperation } from '../operations/operation.ts';
import type { RefundContent } from '../returns/return.ts';
import type { RefundEvent } from './decider.ts';
import { confirmationKey, type OpenRefund, refundKey, refundOperationKey } from './refund.ts';

/** What follows from events of a refund; `refund` is the state after all of them. */
export const refundReactions = (events: readonly RefundEvent[], refund: OpenRefund): Effects =>
  allEffects(events.map((event) => react(event, refund)));

function react(event: RefundEvent, refund: OpenRefund): Effects {
  switch (event.type) {
    case 'refund.planned':
      // Store credit is issued by the platform, and an exchange by the ERP: the channel pays nothing.
      return refund.means ? NO_EFFECTS : effects({ operations: [refundOperation(refund)] });
    case 'refund.issued':
      return allEffects([paid(event.paid, refund), paidAgain(event, refund), awaitConfirmation(event.at)]);
    case 'refund.confirmed':
      return allEffects([
        paid(event.paid, refund),
        paidAgain(event, refund),
        effects({ closeCases: [REFUND_UNCONFIRMED], clearTimers: [CONFIRMATION_DEADLINE] }),
      ]);
    case 'refund.confirmation-asked':
      return effects({ operations: [confirmationOperation(refund)] });
    case 'refund.unconfirmed':
      return effects({ openCases: [refundUnconfirmed(refund, event.reason)] });
    case 'refund.dropped':
      return effects({ closeCases: [REFUND_UNCONFIRMED, REFUND_REFUSED, REFUND_DIFFERS] });
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

/** Timer of a refund: a channel tells of what it has paid within minutes, or must be asked. */
export const CONFIRMATION_DEADLINE = 'confirmation-deadline';
const CONFIRMATION_HOURS = 1;

const awaitConfirmation = (at: string | undefined): Effects =>
  at === undefined
    ? NO_EFFECTS
    : effects({
        setTimers: [
          {
            name: CONFIRMATION_DEADLINE,
            dueAt: new Date(Date.parse(at) + CONFIRMATION_HOURS * 3_600_000).toISOString(),
          },
        ],
      });

const paid = (differing: number | undefined, refund: OpenRefund): Effects =>
  differing === undefined
    ? effects({ closeCases: [REFUND_REFUSED, REFUND_DIFFERS] })
    : effects({ closeCases: [REFUND_REFUSED], openCases: [refundDiffers(refund, differing)] });

const paidAgain = ({ again }: { readonly again?: true }, refund: OpenRefund): Effects =>
  again ? effects({ openCases: [paidAfterAll(refund)] }) : NO_EFFECTS;

const refundOperation = (refund: OpenRefund): PlannedOperation =>
  operationOf('channel/refund', refundOperationKey(refund.id), refund);

/** Only looks: what it looks for is the refund, by the same content and mark. */
const confirmationOperation = (refund: OpenRefund): PlannedOperation =>
  operationOf('channel/refund-confirmation', confirmationKey(refund.id), refund);

function operationOf(
  kind: 'channel/refund' | 'channel/refund-confirmation',
  key: string,
  { id, currency, amount, lines }: OpenRefund,
): PlannedOperation {
  const content: RefundContent = { orderId: id.orderId, refundId: id.refundId, currency, amount, lines };
  return {
    key,
    kind,
    target: { connector: id.channel, account: id.account },
    subject: refundKey(id),
    content: content as unknown as JsonObject,
  };
}

export const REFUND_REFUSED = 'REFUND_REFUSED';
const REFUND_DIFFERS = 'REFUND_DIFFERS';
const REFUND_UNCONFIRMED = 'REFUND_UNCONFIRMED';

const refundUnconfirmed = (refund: OpenRefund, reason: Reason): CaseToOpen => ({
  code: REFUND_UNCONFIRMED,
  owner: 'finance',
  message: `the channel took refund ${refund.id.refundId} of order ${refund.id.orderId} as ${refund.ref} and does not show it as paid: ${reason.code}: ${reason.message}`,
  suggestedFix: `look at it in the channel; if it is there: crossdock operations retry ${confirmationKey(refund.id)} --apply; if it failed, pay it there with the note "${refundOperationKey(refund.id)}", which confirms it${ofReturn(refund)}`,
  moneyAtRisk: { minor: refund.amount, currency: refund.currency },
});

const paidAfterAll = ({ id, amount, paid: other, currency }: OpenRefund): CaseToOpen => ({
  code: 'REFUND_PAID_AFTER_ALL',
  owner: 'finance',
  message: `refund ${id.refundId} of order ${id.orderId} was settled otherwise, and now the channel has paid it: the buyer has the money twice`,
  suggestedFix: 'claim it back from the buyer, or stop the other payment; then close this case',
  moneyAtRisk: { minor: other ?? amount, currency },
});

const ofReturn = ({ returnKey }: OpenRefund): string =>
  returnKey === undefined
    ? ''
    : `; if the buyer has the money otherwise: crossdock returns resolve-refund ${returnKey} --apply; if it is never to be paid: crossdock returns give-up-refund ${returnKey} --apply`;

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
