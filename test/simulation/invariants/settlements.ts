import { settlementBalance } from '#core/ledger/settled.ts';
import { orderKey } from '#core/orders/order.ts';
import { settledIn } from '#core/orders/state.ts';
import { settlementKey } from '#core/settlements/line.ts';
import { depositOf, netOf, type Payout } from '../partners/shopify/payouts.ts';
import type { Ground, PayoutTold, PostedJournal } from './ground.ts';
import type { Violation } from './safety.ts';

const violation = (invariant: string, subject: string, message: string): Violation => ({ invariant, subject, message });

const CHANNEL = { channel: 'shopify', account: 'main' } as const;

/** What the ERP's books may never hold, whatever the files said and however often. */
export function checkJournals(ground: Ground): Violation[] {
  const journals = ground.postedJournals;
  const told = new Map(ground.payouts.map((one) => [one.payoutId, one]));
  const found: Violation[] = [];
  for (const [key, same] of Map.groupBy(journals, (one) => one.key)) {
    if (same.length > 1) found.push(violation('I10', key, `the ERP has ${same.length} journal entries of it`));
  }
  for (const one of journals) {
    const { key, date } = one;
    if (ground.closedThrough !== undefined && date <= ground.closedThrough)
      found.push(
        violation('I10', key, `it is dated ${date}, and the books are closed through ${ground.closedThrough}`),
      );
    if (one.part.startsWith('adjustment/') && !namesFirst(one, journals))
      found.push(violation('I10', key, 'it adjusts a settlement, and does not say which posting'));
  }
  for (const [settlementId, own] of Map.groupBy(journals, (one) => one.settlementId)) {
    found.push(...checkSettlement(settlementId, own, told.get(settlementId)));
  }
  return found;
}

/** An adjustment may overtake the first posting, or that is made by hand: then it has nothing to point at. What was posted minutes before, it names. */
function namesFirst(one: PostedJournal, journals: readonly PostedJournal[]): boolean {
  const { adjusts, settlementId, madeAt, byHand } = one;
  if (byHand) return true;
  if (adjusts !== undefined) return adjusts.startsWith(`erp/journal/shopify/main/${settlementId}/`);
  const firsts = journals.filter((one) => one.settlementId === settlementId && !one.part.startsWith('adjustment/'));
  const [first] = firsts.sort((a, b) => (a.part < b.part ? -1 : 1));
  return first === undefined || first.byHand || first.postedAt > madeAt - LOOKED_FOR_WITHIN;
}

/** The connector looks for the first posting before it makes the entry, with no more than a call's time between. */
const LOOKED_FOR_WITHIN = 90_000;

/** Whole moves at a time: what is posted in part, or still to be adjusted, shows a content as it stood before. */
function checkSettlement(id: string, own: readonly PostedJournal[], told: PayoutTold | undefined): Violation[] {
  if (!told) return [violation('I9', id, 'a settlement was posted that the shop never told of whole')];
  const parts = own.filter(({ part }) => !part.startsWith('adjustment/'));
  const deposited = parts.reduce((sum, one) => sum + onAccount(one, 'deposit'), 0);
  const announced = told.readable.map(depositOf);
  return deposited === 0 || announced.includes(deposited)
    ? []
    : [violation('I9', id, `${deposited} was posted as its deposit at first, announced were ${announced.join(', ')}`)];
}

/** At rest: the books hold what the shop said last, to the minor unit, or a case says why not; and so do the orders. */
export function checkSettlements(ground: Ground): Violation[] {
  const cased = new Set(ground.openCases().map(({ subject }) => subject));
  const posted = Map.groupBy(ground.postedJournals, (one) => one.settlementId);
  const found = ground.payouts.flatMap(({ payoutId, readable, last }) => {
    const key = settlementKey({ ...CHANNEL, settlementId: payoutId });
    const state = ground.settlement(key)?.state;
    if (!state)
      return cased.has('DROP#shopify#main')
        ? []
        : [violation('I2', key, 'its file was laid down, and we know nothing of it')];
    const newest = readable.at(-1);
    if (cased.has(key) && (state.status !== 'posted' || newest !== last)) return [];
    if (!newest)
      return posted.has(payoutId) ? [violation('I9', key, 'it was posted, and no rule knows all of its words')] : [];
    return checkBooked(key, newest, posted.get(payoutId) ?? []);
  });
  return [...found, ...checkOrders(ground, cased), ...checkUnknown(ground)];
}

/** Deposit and fees are counted here from the shop's own transactions. */
function checkBooked(key: string, payout: Payout, journals: readonly PostedJournal[]): Violation[] {
  const on = (account: string): number => journals.reduce((sum, one) => sum + onAccount(one, account), 0);
  const due = {
    deposit: depositOf(payout),
    fee: payout.transactions.reduce((sum, { fee }) => sum + fee, 0),
    'in-transit': 0,
  };
  return Object.entries(due).flatMap(([account, amount]) =>
    on(account) === amount
      ? []
      : [
          violation(
            'I9',
            key,
            `the books hold ${on(account)} on ${account}, the shop's own transactions come to ${amount}`,
          ),
        ],
  );
}

/** I11: sale less refunds less fees is what was paid out, or the difference is somebody's. */
function checkOrders(ground: Ground, cased: ReadonlySet<string>): Violation[] {
  const differing = new Set(ground.openCases().flatMap(({ subject, code }) => (DIFFERS.test(code) ? [subject] : [])));
  const paid = new Map<string, number>();
  for (const { last } of ground.payouts) {
    for (const one of last?.transactions ?? []) {
      if (one.orderId !== undefined) paid.set(one.orderId, (paid.get(one.orderId) ?? 0) + netOf(one));
    }
  }
  return [...paid].flatMap(([orderId, out]) => {
    const key = orderKey({ ...CHANNEL, orderId });
    const order = ground.order(key)?.state;
    if (!order) return [];
    const { paidOut, open, standing } = settlementBalance(order);
    const shares = settledIn(order).map(({ settlementId }) => settlementKey({ ...CHANNEL, settlementId }));
    const owned = cased.has(key) || shares.some((one) => differing.has(one));
    if (paidOut !== out)
      return [violation('I11', key, `the shop paid out ${out} for it, and the order holds ${paidOut}`)];
    return standing === 'settled' || owned
      ? []
      : [violation('I11', key, `${open} of it is ${standing}, and no case says so`)];
  });
}

/** I11: money for an order that nobody knows is in front of somebody. */
function checkUnknown(ground: Ground): Violation[] {
  const told = new Set(ground.openCases().flatMap(({ subject, code }) => (code === MISSING ? [subject] : [])));
  return ground.payouts.flatMap(({ payoutId, last }) => {
    const key = settlementKey({ ...CHANNEL, settlementId: payoutId });
    const unknown = (last?.transactions ?? []).flatMap(({ orderId }) =>
      orderId !== undefined && !ground.order(orderKey({ ...CHANNEL, orderId })) ? [orderId] : [],
    );
    return unknown.length === 0 || told.has(key) || !ground.settlement(key)
      ? []
      : [violation('I11', key, `it pays for ${unknown.join(', ')}, which we do not have, and no case says so`)];
  });
}

const DIFFERS = /^SETTLEMENT_DIFFERS#/;
const MISSING = 'SETTLEMENT_DIFFERS#missing-order';

const onAccount = ({ lines }: PostedJournal, role: string): number =>
  lines.reduce((sum, { account, amount }) => (account === role ? sum + amount : sum), 0);
