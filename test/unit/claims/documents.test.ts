import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClaimLine, ClaimState } from '#core/claims/claim.ts';
import { documentsOf } from '#core/claims/claim-document.ts';
import { type ClaimCommand, type ClaimEvent, claimDecider } from '#core/claims/decider.ts';
import { claimReactions } from '#core/claims/reactions.ts';
import { specify } from '../../support/given.ts';

const ID = { supplier: 'acme', period: '2026-11' };
const ERP = { connector: 'tryton', account: 'main' };
const NUMBER = 'SC-acme-2026-11';

const line = (n: number, changes: Partial<ClaimLine> = {}): ClaimLine => ({
  ...{
    key: `RETURN#loop#main#R${n}/INS1/L1/0`,
    returnKey: `RETURN#loop#main#R${n}`,
    orderNumber: '#1001',
    lineId: 'L1',
  },
  ...{ sku: 'MUG', quantity: 2, condition: 'damaged', disposition: 'return-to-vendor', basis: 'return-to-vendor' },
  ...{ inspectionId: 'INS1', inspectedAt: '2026-11-26T12:00:00.000Z', unitCost: { minor: 500, currency: 'USD' } },
  ...changes,
});
const cost = (minor: number, currency = 'USD') => ({ unitCost: { minor, currency } });
const { unitCost: _none, ...free } = line(9);

const put = (...lines: ClaimLine[]): ClaimEvent => ({ type: 'claim.lines-changed', id: ID, put: lines, remove: [] });
const close: ClaimCommand = {
  ...{ type: 'close', currentPeriod: '2026-12', erp: ERP },
  ...{ by: 'op-7', at: '2026-12-01T08:00:00.000Z' },
};
const closed: ClaimEvent = { type: 'claim.closed', number: NUMBER, by: 'op-7', at: '2026-12-01T08:00:00.000Z' };
const planned: ClaimEvent = { type: 'claim.documents-planned', erp: ERP, ...documentsOf(ID, NUMBER, [line(1)]) };

describe('the documents of a claim', () => {
  it('have a line for each SKU and cost, and name the returns it comes from', () => {
    const lines = [line(1, { rma: 'RMA-1' }), line(2, { rma: 'RMA-2' }), line(3, { sku: 'CUP' }), line(4, cost(400))];
    expect(documentsOf(ID, NUMBER, lines)).toEqual({
      documents: [
        {
          claim: { ...ID, nth: 1 },
          reference: NUMBER,
          ...{ currency: 'USD', total: 3_800 },
          lines: [
            { sku: 'MUG', quantity: 4, amount: 2_000, label: 'RMA-1, RMA-2' },
            { sku: 'CUP', quantity: 2, amount: 1_000, label: 'R3' },
            { sku: 'MUG', quantity: 2, amount: 800, label: 'R4' },
          ],
        },
      ],
      leftOut: { linesWithoutCost: 0, balances: [] },
    });
    const many = documentsOf(
      ID,
      NUMBER,
      [1, 2, 3, 4, 5, 6, 7].map((n) => line(n)),
    );
    expect(many.documents[0]?.lines[0]?.label).toBe('R1, R2, R3, R4, R5 and 2 more');
  });

  it('are one a currency, in the order of their codes', () => {
    const { documents } = documentsOf(ID, NUMBER, [line(1), line(2, cost(90, 'JPY')), line(3, cost(1_250, 'KWD'))]);
    expect(documents.map(({ claim, currency, total }) => [claim.nth, currency, total])).toEqual([
      [1, 'JPY', 180],
      [2, 'KWD', 2_500],
      [3, 'USD', 1_000],
    ]);
  });

  it('leave out what has no cost, and a sum that the supplier does not owe', () => {
    const { documents, leftOut } = documentsOf(ID, NUMBER, [free, line(1, cost(0)), line(2, { quantity: -1 })]);
    expect(documents).toEqual([]);
    expect(leftOut).toEqual({ linesWithoutCost: 2, balances: [{ minor: -500, currency: 'USD' }] });
  });

  it('take back on lines of their own what an earlier claim held too much', () => {
    const { documents } = documentsOf(ID, NUMBER, [line(1), line(2, { sku: 'CUP', quantity: -1, ...cost(300) })]);
    expect(documents[0]).toMatchObject({
      total: 700,
      lines: [{ quantity: 2 }, { sku: 'CUP', quantity: -1, amount: -300 }],
    });
  });

  it('and what they leave out come to all that is claimed, to the minor unit', () => {
    const lines = fc.array(
      fc.record({
        sku: fc.constantFrom('MUG', 'CUP'),
        quantity: fc.integer({ min: -3, max: 9 }).filter((units) => units !== 0),
        unitCost: fc.record({
          minor: fc.integer({ min: 1, max: 99_999 }),
          currency: fc.constantFrom('USD', 'JPY', 'KWD'),
        }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(lines, (some) => {
        const claimed = some.map((one, n) => line(n, one));
        const { documents, leftOut } = documentsOf(ID, NUMBER, claimed);
        for (const currency of ['USD', 'JPY', 'KWD']) {
          const due = claimed.reduce((all, { unitCost, quantity }) => all + owed(unitCost, currency) * quantity, 0);
          const document = documents.find((one) => one.currency === currency);
          const balance = leftOut.balances.find((one) => one.currency === currency);
          expect((document?.total ?? 0) + (balance?.minor ?? 0)).toBe(due);
          expect(document === undefined || document.total > 0).toBe(true);
        }
        for (const { lines: their, total } of documents) {
          expect(their.reduce((all, { amount }) => all + amount, 0)).toBe(total);
          expect(their.every(({ quantity, amount }) => quantity * amount > 0)).toBe(true);
        }
      }),
    );
  });

  const owed = (unitCost: ClaimLine['unitCost'], currency: string): number =>
    unitCost?.currency === currency ? unitCost.minor : 0;
});

describe('a claim that an ERP books', () => {
  const { given } = specify(claimDecider);

  it('plans its documents with its closing, and later if nobody booked them then', () => {
    given(put(line(1)))
      .when(close)
      .thenEvents({ type: 'claim.closed' }, { type: 'claim.documents-planned', erp: ERP });
    given(put(line(1)), closed)
      .when(close)
      .thenEvents({ type: 'claim.documents-planned', erp: ERP });
    given(put(line(1)), closed, planned)
      .when(close)
      .thenIgnored();
  });

  it('takes what the ERP answers, and never two documents for one', () => {
    const documented: ClaimEvent = { type: 'claim.documented', nth: 1, ref: '42' };
    const told = (ref: string, nth = 1): ClaimCommand => ({ type: 'record-document', nth, ref });
    const reason = { code: 'SUPPLIER_UNKNOWN', message: 'no such party' };
    const refusal = (nth = 1): ClaimCommand => ({ type: 'record-document-refusal', nth, reason });
    const before = [put(line(1)), closed, planned];
    given(...before)
      .when(told('42'))
      .thenEvents(documented);
    given(...before, documented)
      .when(told('42'))
      .thenIgnored();
    given(...before, documented)
      .when(told('43'))
      .thenRejected('DOCUMENTED_TWICE');
    given(...before)
      .when(told('42', 2))
      .thenRejected('DOCUMENT_UNKNOWN');
    given(...before)
      .when(refusal())
      .thenEvents({ type: 'claim.document-refused', nth: 1, reason });
    given(...before, documented)
      .when(refusal())
      .thenIgnored();
    given(...before)
      .when(refusal(2))
      .thenRejected('DOCUMENT_UNKNOWN');
    given(put(line(1)), closed)
      .when(told('42'))
      .thenRejected('DOCUMENT_UNKNOWN');
  });

  it('opens a case of finance for what no document says', () => {
    const after = [put(line(1), free), closed].reduce(claimDecider.evolve, claimDecider.initial);
    const event: ClaimEvent = { ...planned, ...documentsOf(ID, NUMBER, [line(1), free]) } as ClaimEvent;
    if (after.status === 'none') throw new Error('it has lines');
    expect(claimReactions([planned], after).openCases).toEqual([]);
    const { openCases, operations } = claimReactions([event], after);
    expect(operations).toHaveLength(1);
    expect(openCases).toMatchObject([{ code: 'CLAIM_PARTLY_DOCUMENTED', owner: 'finance' }]);
    expect(openCases[0]?.message).toContain('1 line has no cost');
  });

  it('plans every document once, however often and by whom it is closed', () => {
    const commands = fc.array(
      fc.oneof(
        fc.constantFrom<ClaimCommand>(close, { ...close, erp: { connector: 'tryton', account: 'eu' } }),
        fc.constant<ClaimCommand>(withoutErp),
        fc.constantFrom<ClaimCommand>(
          { type: 'record-document', nth: 1, ref: '42' },
          { type: 'record-document-refusal', nth: 1, reason: { code: 'X', message: 'x' } },
        ),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(commands, (some) => {
        let state: ClaimState = claimDecider.evolve(claimDecider.initial, put(line(1), line(2, cost(90, 'JPY'))));
        const keys: string[] = [];
        for (const command of some) {
          const decision = claimDecider.decide(command, state);
          if (decision.kind !== 'accepted') continue;
          state = decision.events.reduce(claimDecider.evolve, state);
          if (state.status === 'none') throw new Error('it has lines');
          keys.push(...claimReactions(decision.events, state).operations.map(({ key }) => key));
        }
        expect(new Set(keys).size).toBe(keys.length);
        const books = some.some((one) => one.type === 'close' && one.erp !== undefined);
        expect(keys).toHaveLength(books ? 2 : 0);
      }),
    );
  });

  const { erp: _erp, ...withoutErp } = close as Extract<ClaimCommand, { type: 'close' }>;
});
