import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RefundCommand, type RefundEvent, refundDecider } from '#core/refunds/decider.ts';
import { refundReactions } from '#core/refunds/reactions.ts';
import {
  type OpenRefund,
  REFUND_TRANSITIONS,
  type RefundState,
  type RefundStatus,
  type RefundTerms,
  refundIdInNote,
  refundKey,
  refundOperationKey,
  refundOrigin,
  sameRef,
  shareOf,
} from '#core/refunds/refund.ts';
import { specify } from '../../support/given.ts';

const { given } = specify(refundDecider);

const id = { channel: 'shopify', account: 'main', orderId: '5001', refundId: 'loop.main.R1' };
const terms: RefundTerms = {
  id,
  orderKey: 'ORDER#shopify#main#5001',
  returnKey: 'RETURN#loop#main#R1',
  currency: 'USD',
  amount: 3_650,
  parts: { 'line/L1/net': 2_468, 'line/L1/own-tax': 247, unassigned: 935 },
  lines: [{ lineId: 'L1', quantity: 2 }],
};
const plan: RefundCommand = { type: 'plan', terms };
const planned: RefundEvent = { type: 'refund.planned', terms };
const again: RefundCommand = { type: 'plan-again' };
const plannedAgain: RefundEvent = { type: 'refund.planned-again' };
const issue: RefundCommand = { type: 'record-issue', ref: 'gid://shopify/Refund/99', amount: 3_650 };
const issued: RefundEvent = { type: 'refund.issued', ref: 'gid://shopify/Refund/99' };
const confirm: RefundCommand = { type: 'confirm', ref: '99', amount: 3_650 };
const confirmed: RefundEvent = { type: 'refund.confirmed', ref: '99' };
const reason = { code: 'NOT_REFUNDABLE', message: 'the payment is too old' };
const refuse: RefundCommand = { type: 'record-refusal', reason };
const refused: RefundEvent = { type: 'refund.refused', reason };
const asked: RefundEvent = { type: 'refund.confirmation-asked' };
const unconfirmed: RefundEvent = { type: 'refund.unconfirmed', reason };
const ask: RefundCommand = { type: 'ask-confirmation' };
const deny: RefundCommand = { type: 'record-unconfirmed', reason };
const drop: RefundCommand = { type: 'drop', otherwise: false };
const dropped: RefundEvent = { type: 'refund.dropped' };
const credit: RefundCommand = { type: 'plan', terms: { ...terms, means: 'store-credit' } };
const own: RefundTerms = { ...terms, id: { ...id, refundId: 'shopify-7' } };
const record: RefundCommand = { type: 'record', terms: own, ref: '7', again: false };
const recorded: RefundEvent = { type: 'refund.recorded', terms: own, ref: '7', again: false };

describe('a refund', () => {
  it('is planned once, over something', () => {
    given().when(plan).thenEvents(planned);
    given(planned).when(plan).thenIgnored();
    given()
      .when({ type: 'plan', terms: { ...terms, amount: 0 } })
      .thenRejected('REFUND_EMPTY');
    given().when(issue).thenRejected('REFUND_UNKNOWN');
  });

  it('is issued once, by the channel’s answer', () => {
    given(planned).when(issue).thenEvents(issued);
    given(planned, issued).when(issue).thenIgnored();
    given(planned, issued).when(refuse).thenIgnored();
  });

  it('is confirmed once, before or after the answer', () => {
    given(planned).when(confirm).thenEvents(confirmed);
    given(planned, issued).when(confirm).thenEvents(confirmed);
    given(planned, confirmed).when(issue).thenIgnored();
    given(planned, confirmed).when(confirm).thenIgnored();
    given(planned, confirmed).when(refuse).thenIgnored();
  });

  it('is never two refunds of the channel', () => {
    given(planned, issued)
      .when({ ...confirm, ref: '100' })
      .thenRejected('REFUNDED_TWICE');
    given(planned, confirmed)
      .when({ ...confirm, ref: '100' })
      .thenRejected('REFUNDED_TWICE');
    given(planned, confirmed)
      .when({ ...issue, ref: '100' })
      .thenRejected('REFUNDED_TWICE');
  });

  it('can be refused and tried again', () => {
    given(planned).when(refuse).thenEvents(refused);
    given(planned, refused).when(again).thenEvents(plannedAgain);
    given(planned, refused, plannedAgain).when(again).thenIgnored();
    given(planned, issued).when(again).thenRejected('REFUND_PAID');
    expect(given(planned, refused, plannedAgain).state).toEqual({ ...terms, status: 'planned' });
  });

  it('that was taken and is not shown can be paid under another name, or dropped', () => {
    given(planned, issued, asked, unconfirmed)
      .when({ ...confirm, ref: '100' })
      .thenEvents({ ...confirmed, ref: '100' });
    given(planned, issued, asked, unconfirmed).when(drop).thenEvents(dropped);
    given(planned, issued, asked, unconfirmed, dropped).when(drop).thenIgnored();
    given(planned, issued, asked, unconfirmed, dropped).when(again).thenRejected('REFUND_DROPPED');
    given(planned, issued, asked, unconfirmed, dropped).when(refuse).thenIgnored();
    given(planned, issued, asked, unconfirmed, dropped).when(confirm).thenEvents(confirmed);
  });

  it('is not dropped while the channel may pay it, or has', () => {
    for (const history of [[planned], [planned, issued], [planned, issued, asked], [planned, confirmed], [recorded]])
      given(...history)
        .when(drop)
        .thenIgnored();
    given(planned, refused).when(drop).thenEvents(dropped);
    given({ type: 'refund.planned', terms: { ...terms, means: 'store-credit' } })
      .when(drop)
      .thenEvents(dropped);
  });

  it('is paid when the channel says so after all', () => {
    given(planned, refused).when(confirm).thenEvents(confirmed);
    given(planned, refused).when(issue).thenEvents(issued);
  });

  it('of the channel’s own is recorded once', () => {
    given().when(record).thenEvents(recorded);
    given(recorded).when(record).thenIgnored();
    given(planned).when(record).thenIgnored();
    given(recorded).when({ type: 'confirm', ref: '7', amount: 1 }).thenIgnored();
    expect(given(recorded).state).toMatchObject({ status: 'recorded', ref: '7' });
  });

  it('names another amount than was planned', () => {
    given(planned)
      .when({ ...confirm, amount: 3_600 })
      .thenEvents({ ...confirmed, paid: 3_600 });
    given(planned).when({ type: 'record-issue', ref: 'x' }).thenEvents({ type: 'refund.issued', ref: 'x' });
  });

  it('takes of its order what was planned, until the channel says what it paid', () => {
    const { amount, parts, lines } = terms;
    const share = { refundId: id.refundId, amount, parts, lines };
    expect(shareOf(given(planned).state as OpenRefund)).toEqual(share);
    const less: RefundEvent = { type: 'refund.issued', ref: '99', paid: 1_825 };
    expect(shareOf(given(planned, less).state as OpenRefund)).toEqual({
      ...share,
      amount: 1_825,
      // Halves, the odd unit with the largest remainder that comes first.
      parts: { 'line/L1/net': 1_234, 'line/L1/own-tax': 124, unassigned: 467 },
    });
    const more: RefundEvent = { type: 'refund.confirmed', ref: '99', paid: 3_651 };
    expect(shareOf(given(planned, less, more).state as OpenRefund).parts).toEqual({ ...parts, unassigned: 936 });
    expect(shareOf(given(planned, less, confirmed).state as OpenRefund)).toEqual(share);
  });
});

describe('what follows from a refund', () => {
  const effectsOf = (...events: readonly RefundEvent[]) =>
    refundReactions(events.slice(-1), given(...events).state as OpenRefund);

  it('asks the channel once, under a key for ever', () => {
    expect(effectsOf(planned).operations).toEqual([
      {
        key: 'channel/refund/shopify/main/5001/loop.main.R1',
        kind: 'channel/refund',
        target: { connector: 'shopify', account: 'main' },
        subject: 'REFUND#shopify#main#5001#loop.main.R1',
        content: {
          orderId: '5001',
          refundId: 'loop.main.R1',
          currency: 'USD',
          amount: 3_650,
          lines: [{ lineId: 'L1', quantity: 2 }],
        },
      },
    ]);
    expect(effectsOf(planned, refused, plannedAgain).operations).toEqual([]);
  });

  it('tells finance of a refusal until it is paid', () => {
    expect(effectsOf(planned, refused).openCases).toMatchObject([
      { code: 'REFUND_REFUSED', owner: 'finance', moneyAtRisk: { minor: 3_650, currency: 'USD' } },
    ]);
    expect(effectsOf(planned, refused, issued).closeCases).toContain('REFUND_REFUSED');
  });

  it('tells finance of other amounts and of money paid twice', () => {
    expect(effectsOf(planned, { ...confirmed, paid: 3_600 } as RefundEvent).openCases).toMatchObject([
      { code: 'REFUND_DIFFERS', owner: 'finance', moneyAtRisk: { minor: 50, currency: 'USD' } },
    ]);
    expect(effectsOf(planned, confirmed).closeCases).toContain('REFUND_DIFFERS');
    expect(effectsOf({ ...recorded, again: true } as RefundEvent).openCases).toMatchObject([
      { code: 'REFUNDED_TWICE', owner: 'finance' },
    ]);
    expect(effectsOf(recorded).openCases).toEqual([]);
  });
});

describe('the refund states', () => {
  it('can all be reached from none by the table of transitions', () => {
    const reached = new Set<RefundStatus>(['none']);
    for (const from of reached) for (const to of REFUND_TRANSITIONS[from]) reached.add(to);
    expect([...reached].sort()).toEqual(Object.keys(REFUND_TRANSITIONS).sort());
  });

  it('change only along the table, and make every move of it', () => {
    const made = new Set<string>();
    const commands = fc.array(
      fc.constantFrom(plan, plan, credit, again, issue, issue, deny, confirm, refuse, record, ask, drop, drop),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(commands, (all) => {
        let state: RefundState = refundDecider.initial;
        for (const command of all) {
          const decision = refundDecider.decide(command, state);
          const next = decision.kind === 'accepted' ? decision.events.reduce(refundDecider.evolve, state) : state;
          if (next.status !== state.status) {
            expect(REFUND_TRANSITIONS[state.status]).toContain(next.status);
            made.add(`${state.status} → ${next.status}`);
          }
          state = next;
        }
      }),
      { numRuns: 3_000, seed: 11 },
    );
    const table = Object.entries(REFUND_TRANSITIONS).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`));
    expect([...made].sort()).toEqual(table.sort());
  });
});

describe('refund keys', () => {
  it('are told from the channel’s own by the note', () => {
    const order = { channel: 'shopify', account: 'main', orderId: '5001' };
    const key = refundOperationKey(id);
    expect(refundIdInNote(order, key)).toBe('loop.main.R1');
    expect(refundIdInNote(order, `Refund for return R1 (${key}), thank you`)).toBe('loop.main.R1');
    expect(refundIdInNote({ ...order, orderId: '500' }, key)).toBeUndefined();
    expect(refundIdInNote(order, 'goodwill')).toBeUndefined();
    expect(refundIdInNote(order, 'channel/refund/shopify/main/5001/')).toBeUndefined();
    expect(refundIdInNote(order, undefined)).toBeUndefined();
  });

  it('say whose they are', () => {
    expect(refundOrigin(refundKey(id))).toEqual({ channel: 'shopify', account: 'main' });
    expect(() => refundOrigin('ORDER#shopify#main#5001')).toThrow('is not a refund key');
  });

  it('of the channel are the same bare or at the end of a longer name', () => {
    expect(sameRef('99', 'gid://shopify/Refund/99')).toBe(true);
    expect(sameRef('gid://shopify/Refund/99', '99')).toBe(true);
    expect(sameRef('99', '99')).toBe(true);
    expect(sameRef('9', 'gid://shopify/Refund/99')).toBe(false);
  });
});
