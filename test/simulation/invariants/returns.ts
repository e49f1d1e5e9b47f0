import { webIdOfReturn } from '#connectors/erps/tryton/external-key.ts';
import { orderKey } from '#core/orders/order.ts';
import { isUnconfirmed } from '#core/refunds/refund.ts';
import { hasEnded, returnDecider } from '#core/returns/decider.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { Ground, Held, ShopOrder } from './ground.ts';
import type { Violation } from './safety.ts';

const violation = (invariant: string, subject: string, message: string): Violation => ({ invariant, subject, message });

type Change = { readonly before: OpenReturn | undefined; readonly after: OpenReturn };

/** What one commit of a return may not do, reckoned from its facts alone. */
export const checkReturnChange = (key: string, change: Change): Violation[] => [
  ...checkApproval(key, change),
  ...checkClaim(key, change),
];

/** I21: whoever prepared a refund does not approve it, and as many people agree as it needs, whatever their names look like. */
function checkApproval(key: string, { before, after }: Change): Violation[] {
  const asked = before?.finance?.outcome === 'needs-approval';
  if (!asked || after.finance?.outcome !== 'approved') return [];
  const { given = [], needed = 1, askedBy } = after.finance.approval ?? {};
  const people = new Set(given.map(({ by }) => personOf(by)));
  const found: Violation[] = [];
  if (people.size < needed) found.push(violation('I21', key, `approved by ${[...people]}, and ${needed} had to agree`));
  for (const one of [after.review?.by, after.kept?.by, askedBy]) {
    if (one !== undefined && people.has(personOf(one)))
      found.push(violation('I21', key, `${one} prepared the refund, and approved it`));
  }
  return found;
}

const personOf = (name: string): string => (name.split('/').at(-1) ?? name).trim().toLowerCase();

/** I11: what was paid before receipt is borne out by goods, owed by the buyer, or still waited for. */
function checkClaim(key: string, { after }: Change): Violation[] {
  const { advance, finance, claim, status } = after;
  if (!advance)
    return claim ? [violation('I11', key, 'the buyer owes for a refund that was never paid before receipt')] : [];
  const paid = paidBeforeReceipt(after);
  const goods = finance && status !== 'refused' ? finance.refund : 0;
  const due = Math.max(0, paid - goods);
  const claimed = claim?.amount ?? 0;
  if (claim?.status === 'due' && claimed > paid)
    return [violation('I11', key, `${claimed} is claimed of the buyer, who has got ${paid}`)];
  const settled =
    status === 'closed' || status === 'expired' || status === 'refused' || finance?.outcome === 'nothing-to-refund';
  if (!settled || claimed >= due) return [];
  return [violation('I11', key, `${paid} was paid before receipt, goods of ${goods} came, and nobody claims the rest`)];
}

/** Nothing of what the channel refused, and of the rest what it says. */
function paidBeforeReceipt({ advance, refund }: OpenReturn): number {
  if (!advance || refund?.status === 'refused') return 0;
  return refund?.paid ?? advance.refund;
}

/** I8: the shop pays for an order's returns what they are worth, and no return is paid twice over. */
export function checkPaid(order: ShopOrder, returns: readonly Held<OpenReturn>[]): Violation[] {
  const key = orderKey({ channel: 'shopify', account: 'main', orderId: order.orderId });
  const own = order.refunds.filter(({ note }) => note?.includes('channel/refund/'));
  const paid = own.reduce((sum, { amount }) => sum + amount, 0);
  const due = returns
    .filter(({ state }) => state.authorization.orderKey === key)
    .reduce((sum, { state }) => sum + dueThroughTheShop(state), 0);
  return paid <= due ? [] : [violation('I8', key, `the shop paid ${paid} for us, and its returns are worth ${due}`)];
}

function dueThroughTheShop({ advance, finance, refund }: OpenReturn): number {
  if (advance) return advance.refund;
  if (!finance || finance.resolution === 'store-credit') return 0;
  return Math.min(finance.refund, refund?.amount ?? finance.refund);
}

/** I20: of a refund that the channel took and does not show, a person can end the return. */
export function checkUnconfirmed(ground: Ground): Violation[] {
  const returns = new Map(ground.returns().map(({ key, state }) => [key, state]));
  return ground.refunds().flatMap(({ key, state }) => {
    const one = returns.get(state.returnKey ?? '');
    if (!isUnconfirmed(state) || !one || one.compensation?.status === 'planned' || hasEnded(one)) return [];
    // One that was given up ends with its credit memo.
    const words = [
      { type: 'resolve-refund', by: 'operator-1' },
      { type: 'resolve-compensation', ref: 'CN-1', by: 'operator-1' },
    ] as const;
    const said = words.map((word) => returnDecider.decide(word, one).kind);
    return said.every((kind) => kind === 'rejected')
      ? [violation('I20', key, `the channel does not show it, and no word of a person ends it (${one.status})`)]
      : [];
  });
}

/** I10: no credit is dated into a day on which the books are closed. */
export function checkCreditDays({ closedDays, creditNotes }: Ground): Violation[] {
  return creditNotes.flatMap(({ webId, date }) =>
    date !== undefined && closedDays.some(({ from, to }) => from <= date && date <= to)
      ? [violation('I10', webId ?? '', `its credit note is dated ${date}, when the books are closed`)]
      : [],
  );
}

/** I6: goods that a buyer keeps are not received, and nothing that was found damaged stands on a shelf to be sold. */
export function checkGoods(ground: Ground): Violation[] {
  const received = new Set(ground.erpReceipts.map(({ webId }) => webId));
  const kept = ground
    .returns()
    .filter(({ key, state }) => state.finance?.withoutGoods && received.has(webIdOfReturn(key)))
    .map(({ key }) => violation('I6', key, 'the buyer keeps the goods, and the ERP has received them'));
  const shelves = ground.shelves
    .filter(({ onShelf, most }) => onShelf > most)
    .map(({ sku, onShelf, most }) =>
      violation('I6', sku, `${onShelf} units stand to be sold, of at most ${most} fit for it`),
    );
  return [...kept, ...shelves];
}
