import { type ClaimDocument, type OpenClaim, totalsOf } from '#core/claims/claim.ts';
import { counted } from '#core/kernel/counted.ts';
import { never } from '#core/kernel/decision.ts';
import { settlementBalance } from '#core/ledger/settled.ts';
import { type OpenOrder, settledIn } from '#core/orders/state.ts';
import type { OpenRefund } from '#core/refunds/refund.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { differencesOf, type OpenSettlement } from '#core/settlements/state.ts';
import { refundMoney, returnMoney } from './money.ts';
import { linesText, moneyText, timeText } from './names.ts';
import { type Chapter, stateOf } from './story.ts';

/** What a person wants to know of a state at first sight. */
export function factsOf(known: NonNullable<ReturnType<typeof stateOf>>): string {
  switch (known.kind) {
    case 'order':
      return orderFacts(known.state);
    case 'return':
      return returnFacts(known.state);
    case 'refund':
      return refundFacts(known.state);
    case 'settlement':
      return settlementFacts(known.state);
    case 'claim':
      return claimFacts(known.state);
  }
}

function orderFacts(order: OpenOrder): string {
  const { id, number, placedAt, erp, shipments, cancelledAt } = order;
  return list(
    `number ${number}`,
    `of ${id.channel}/${id.account}`,
    `placed ${timeText(placedAt)}`,
    erp ? `ERP ${erp.number} (${erp.account})` : 'not booked',
    ...shipments.map(
      ({ shipmentId, lines, confirmed }) =>
        `shipment ${shipmentId}: ${linesText(lines)}${confirmed ? '' : ', the channel has not confirmed it'}`,
    ),
    cancelledAt && `cancelled ${timeText(cancelledAt)}`,
    ...settledFacts(order),
  );
}

/** Which settlements speak of the order, and what is still open between it and its channel. */
function settledFacts(order: OpenOrder): string[] {
  const told = settledIn(order);
  if (told.length === 0) return [];
  const { kept, paidOut, open, currency } = settlementBalance(order);
  const money = (minor: number): string => moneyText({ minor, currency });
  return [
    ...told.map(({ settlementId, revision }) => `settlement ${settlementId} (collection ${revision})`),
    `paid out ${money(paidOut)}, kept by the channel ${money(kept)}, open ${money(open)}`,
  ];
}

function settlementFacts(state: OpenSettlement): string {
  const { header, totals, orders } = state.collection;
  const differing = Object.entries(differencesOf(state)).map(([cause, { count }]) => `${count} × ${cause}`);
  return list(
    `${moneyText({ minor: header.announced, currency: header.currency })} announced`,
    `${totals.lines} lines of ${orders} orders`,
    `collection ${state.revision}`,
    ...state.blocked.map(({ code, message }) => `blocked: ${code}: ${message}`),
    ...differing,
    ...state.parts.map(({ part, status, number }) => `${part} ${number ?? status}`),
  );
}

function claimFacts({ supplier, period, number, lines, documents = [] }: OpenClaim): string {
  const { units, costs, linesWithoutCost } = totalsOf(lines);
  return list(
    number ?? `${supplier} ${period}, still open`,
    `${counted(units, 'unit')} in ${counted(lines.length, 'line')}`,
    ...costs.map(moneyText),
    linesWithoutCost > 0 && `${linesWithoutCost} lines without cost`,
    ...documents.map(
      (document) => `credit note ${document.nth} of ${moneyText(document.total)} ${standingOf(document)}`,
    ),
  );
}

/** What became of a claim's document in the ERP. */
export function standingOf(document: ClaimDocument): string {
  switch (document.status) {
    case 'planned':
      return 'planned';
    case 'drafted':
      return `drafted in the ERP as ${document.ref}`;
    case 'refused':
      return `refused: ${document.reason.code}: ${document.reason.message}`;
    default:
      return never(document);
  }
}

function returnFacts(one: OpenReturn): string {
  const { authorization, finance, steps, refund, stalled, advance, claim, compensation } = one;
  const { estimate, refund: due, credit } = returnMoney(one);
  return list(
    authorization.rma,
    `order ${authorization.orderNumber}`,
    `${authorization.decision} by policy ${authorization.policyVersion}`,
    ...authorization.reasons.map(({ code, message }) => `${code}: ${message}`),
    due && credit ? `refund ${moneyText(due)}, credit ${moneyText(credit)}` : `estimate ${moneyText(estimate)}`,
    finance && finance.outcome !== 'approved' && `finance: ${finance.outcome}`,
    ...Object.entries(steps).map(([step, standing]) =>
      standing.status === 'applied' ? `${step} ${standing.number}` : `${step} ${standing.status}`,
    ),
    ...(finance?.doubts ?? []).map(({ message }) => message),
    ...(finance?.approval?.given ?? []).map(({ by, at }) => `approved by ${by} ${timeText(at)}`),
    finance?.approval?.lapsedAt && `approval lapsed ${timeText(finance.approval.lapsedAt)}`,
    finance?.withoutGoods && 'the buyer keeps the goods',
    finance?.resolution && `settled by ${finance.resolution}`,
    advance && `refunded before receipt (${advance.when})`,
    refund && `refund ${refund.status}`,
    claim && `the buyer owes ${moneyText({ minor: claim.amount, currency: authorization.currency })}: ${claim.status}`,
    compensation && compensation.status !== 'registered' && `reversal of the credit ${compensation.status}`,
    stalled && `stalled at ${stalled.step}: ${stalled.error}`,
  );
}

function refundFacts(one: OpenRefund): string {
  const { amount, paid } = refundMoney(one);
  return list(
    `${moneyText(amount)} ${paid ? 'paid' : 'not paid'}`,
    linesText(one.lines),
    one.ref && `channel's id ${one.ref}`,
    one.reason && `${one.reason.code}: ${one.reason.message}`,
  );
}

/** The state as it may be shown: even what only hints at a buyer stays away. */
export function printable(chapter: Chapter): unknown {
  const known = stateOf(chapter);
  if (known?.kind !== 'order') return chapter.state;
  const { personal: _personal, customer: _customer, ...rest } = known.state;
  return rest;
}

const list = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join('; ');
