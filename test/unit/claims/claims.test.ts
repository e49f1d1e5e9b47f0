import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClaimLine, type ClaimState, type OpenClaim, totalsOf } from '#core/claims/claim.ts';
import { claimsCsv } from '#core/claims/csv.ts';
import { type ClaimEvent, claimDecider } from '#core/claims/decider.ts';
import { placeLines } from '#core/claims/place.ts';
import { nextMonth } from '#core/kernel/calendar.ts';
import { readSuppliers } from '../../../bin/commands/claims/suppliers-file.ts';
import { specify } from '../../support/given.ts';

const ID = { supplier: 'acme', period: '2026-11' };
const line = (n: number, changes: Partial<ClaimLine> = {}): ClaimLine => ({
  ...{ key: `RETURN#loop#main#R1/INS1/L1/${n}`, returnKey: 'RETURN#loop#main#R1', orderNumber: '#1001', lineId: 'L1' },
  ...{ sku: 'MUG', quantity: 2, condition: 'damaged', disposition: 'return-to-vendor', basis: 'return-to-vendor' },
  ...{ inspectionId: 'INS1', inspectedAt: '2026-11-26T12:00:00.000Z', unitCost: { minor: 500, currency: 'USD' } },
  ...changes,
});

describe('a claim', () => {
  const { given } = specify(claimDecider);
  const put = (...lines: ClaimLine[]): ClaimEvent => ({ type: 'claim.lines-changed', id: ID, put: lines, remove: [] });
  const closed: ClaimEvent = {
    type: 'claim.closed',
    number: 'SC-acme-2026-11',
    by: 'op-7',
    at: '2026-12-01T08:00:00.000Z',
  };
  const change = (lines: ClaimLine[], remove: string[] = []) =>
    ({ type: 'change-lines', id: ID, put: lines, remove }) as const;
  const close = { type: 'close', currentPeriod: '2026-12', by: 'op-7', at: '2026-12-01T08:00:00.000Z' } as const;

  it('takes lines, and only what is news', () => {
    given()
      .when(change([line(1)]))
      .thenEvents({ type: 'claim.lines-changed', put: [line(1)] });
    given(put(line(1)))
      .when(change([line(1), line(2)], ['unknown']))
      .thenEvents({ put: [line(2)], remove: [] });
    given(put(line(1)))
      .when(change([line(1)]))
      .thenIgnored();
    given(put(line(1)))
      .when(change([], [line(1).key]))
      .thenEvents({ remove: [line(1).key] });
  });

  it('is numbered and frozen when its period is over', () => {
    given(put(line(1)))
      .when(close)
      .thenEvents({ type: 'claim.closed', number: 'SC-acme-2026-11' });
    given(put(line(1)))
      .when({ ...close, currentPeriod: '2026-11' })
      .thenRejected('PERIOD_NOT_OVER');
    given(put(line(1)), closed)
      .when(close)
      .thenIgnored();
    given(put(line(1)), closed)
      .when(change([line(2)]))
      .thenRejected('CLAIM_CLOSED');
    given(put(line(1)), closed)
      .when(change([line(1)]))
      .thenIgnored();
  });

  it('is not closed without lines', () => {
    given().when(close).thenRejected('CLAIM_UNKNOWN');
    const gone: ClaimEvent = { type: 'claim.lines-changed', id: ID, put: [], remove: [line(1).key] };
    given(put(line(1)), gone)
      .when(close)
      .thenRejected('CLAIM_EMPTY');
  });

  it('adds up by currency, and counts what has no cost', () => {
    const { unitCost: _none, ...free } = line(3);
    const yen = line(2, { quantity: 1, unitCost: { minor: 90, currency: 'JPY' } });
    expect(totalsOf([line(1), yen, free, line(4, { quantity: -1 })])).toEqual({
      ...{ lines: 4, units: 4, linesWithoutCost: 1 },
      costs: [
        { minor: 90, currency: 'JPY' },
        { minor: 500, currency: 'USD' },
      ],
    });
  });
});

describe('lines of a return over the claims of a supplier', () => {
  /** Lives through readings of one return and closings of months; claims are read as the use case reads them. */
  class Books {
    readonly states = new Map<string, ClaimState>();

    read() {
      const claims = [];
      for (let period = '2026-10'; ; period = nextMonth(period)) {
        const state = this.states.get(period) ?? { status: 'none' as const };
        claims.push({ id: { supplier: 'acme', period }, state });
        if (period >= '2026-12' && state.status === 'none') return claims;
      }
    }

    tell(wanted: readonly { line: ClaimLine; period: string }[]): number {
      const changes = placeLines({ returnKey: line(0).returnKey, wanted, claims: this.read() });
      return changes.filter((change) => this.#decide(change.id.period, { type: 'change-lines', ...change })).length;
    }

    close(period: string): void {
      const state = this.states.get(period);
      if (state?.status === 'open' && state.lines.length > 0) {
        this.#decide(period, { type: 'close', currentPeriod: '2099-01', by: 'op', at: '2099-01-01T00:00:00.000Z' });
      }
    }

    sums(): Record<string, number> {
      const all = [...this.states.values()].flatMap((state) => (state.status === 'none' ? [] : state.lines));
      const sums: Record<string, number> = {};
      for (const one of all) sums[one.key] = (sums[one.key] ?? 0) + one.quantity;
      return Object.fromEntries(Object.entries(sums).filter(([, units]) => units !== 0));
    }

    #decide(period: string, command: Parameters<typeof claimDecider.decide>[0]): boolean {
      const before = this.states.get(period) ?? claimDecider.initial;
      const decision = claimDecider.decide(command, before);
      if (decision.kind === 'rejected') throw new Error(decision.reason.message);
      if (decision.kind === 'ignored') return false;
      this.states.set(period, decision.events.reduce(claimDecider.evolve, before));
      return true;
    }
  }

  const periods = fc.constantFrom('2026-10', '2026-11', '2026-12');
  const reading = fc.uniqueArray(
    fc.record({ n: fc.integer({ min: 1, max: 4 }), quantity: fc.integer({ min: 1, max: 5 }), period: periods }),
    { maxLength: 4, selector: ({ n }) => n },
  );
  const steps = fc.array(
    fc.oneof(
      reading.map((lines) => ({
        tell: lines.map(({ n, quantity, period }) => ({ line: line(n, { quantity }), period })),
      })),
      fc.constantFrom('2026-10', '2026-11', '2026-12', '2027-01').map((close) => ({ close })),
    ),
    { maxLength: 12 },
  );

  it('come to just what the return gives, closed claims stay, and what is told again changes nothing', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const books = new Books();
        for (const step of all) {
          const frozen = [...books.states].filter(([, state]) => state.status === 'closed');
          if ('close' in step) books.close(step.close);
          else {
            books.tell(step.tell);
            expect(books.sums()).toEqual(Object.fromEntries(step.tell.map((one) => [one.line.key, one.line.quantity])));
            expect(books.tell(step.tell)).toBe(0);
          }
          for (const [period, state] of frozen) expect(books.states.get(period)).toBe(state);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('go to the period of their inspection, and to the next open one when that is closed', () => {
    const books = new Books();
    books.tell([{ line: line(1), period: '2026-11' }]);
    books.close('2026-11');
    books.tell([
      { line: line(1, { quantity: 1 }), period: '2026-11' },
      { line: line(2), period: '2026-11' },
    ]);
    expect((books.states.get('2026-12') as OpenClaim).lines.map(({ key, quantity }) => [key.at(-1), quantity])).toEqual(
      [
        ['1', -1],
        ['2', 2],
      ],
    );
  });
});

describe('the export', () => {
  it('is CSV with decimal costs, and no cell that a spreadsheet runs', () => {
    const claim: OpenClaim = {
      ...ID,
      status: 'closed',
      number: 'SC-acme-2026-11',
      lines: [line(1, { sku: '=1+1', orderNumber: 'a "b", c' })],
    };
    const [head, row, end] = claimsCsv([claim]).split('\r\n');
    expect(head?.split(',')).toHaveLength(19);
    expect(row).toBe(
      `SC-acme-2026-11,acme,2026-11,closed,R1,,"a ""b"", c",L1,'=1+1,2,damaged,return-to-vendor,,return-to-vendor,INS1,2026-11-26T12:00:00.000Z,5.00,10.00,USD`,
    );
    expect(end).toBe('');
  });
});

describe('the file of suppliers', () => {
  it('is read by the names in its head', () => {
    expect(
      readSuppliers('\uFEFFSupplier;SKU;unit_cost;currency\r\nacme;"MUG;BLUE";5.00;USD\r\n\r\nbolt;CUP;;\n'),
    ).toEqual([
      { sku: 'MUG;BLUE', supplier: 'acme', unitCost: { minor: 500, currency: 'USD' } },
      { sku: 'CUP', supplier: 'bolt' },
    ]);
  });

  it('reads a row that leaves out its last cells', () => {
    expect(readSuppliers('sku,supplier,unit_cost,currency\nA,acme\n')).toEqual([{ sku: 'A', supplier: 'acme' }]);
  });

  it.each([
    ['sku\nA', 'no column "supplier"'],
    ['sku,supplier\nA,a#b', 'row 2: supplier "a#b"'],
    ['sku,supplier\nA,a\nA,b', 'row 3: sku "A" is given twice'],
    ['sku,supplier,unit_cost,currency\nA,a,1.001,USD', 'row 2'],
    ['sku,supplier,unit_cost,currency\nA,a,-1.00,USD', 'row 2: unit_cost -1.00 is below zero'],
    ['sku,supplier\n"A,a', 'no CSV: Quote Not Closed'],
  ])('%j is refused with its row', (text, message) => expect(() => readSuppliers(text)).toThrow(message));
});
