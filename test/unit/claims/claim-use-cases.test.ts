import { describe, expect, it } from 'vitest';
import { assignSuppliers } from '#application/claims/assign-suppliers.ts';
import { claimSubject, documentOutcome } from '#application/claims/claim-subject.ts';
import { claimLinesOf } from '#core/claims/lines.ts';
import { monthIn } from '#core/kernel/calendar.ts';
import type { Operation, Target } from '#core/operations/operation.ts';
import type { InspectedLine } from '#core/returns/return.ts';
import { envelopeOf } from '#events/envelope.ts';
import { contractOf } from '#events/registry.ts';
import { inspected, RETURN_KEY, report, unit } from '../returns/samples.ts';
import { FAULTY, inspectedAs, MUG } from './scene.ts';

describe('what a return gives to claim', () => {
  const bases = async (...lines: InspectedLine[]) => {
    const { house } = await inspectedAs(lines);
    return claimLinesOf(await house.theReturn()).map(({ lineId, quantity, basis }) => [lineId, quantity, basis]);
  };

  it.each([
    [
      'what the buyer found defective, and is not as new',
      unit('L2', 1, 'damaged', 'dispose'),
      [['L2', 1, 'defective']],
    ],
    ['nothing for a unit that is as new', unit('L2', 1, 'new', 'restock'), []],
    [
      'what goes back to its maker, whatever the buyer said',
      unit('L1', 2, 'new', 'return-to-vendor'),
      [['L1', 2, 'return-to-vendor']],
    ],
    ['nothing for what was unwanted', unit('L1', 2, 'opened', 'quarantine'), []],
    ['nothing for another thing', unit('L2', 1, 'wrong-item', 'return-to-vendor'), []],
    ['no more than was authorized', unit('L2', 9, 'opened', 'return-to-vendor'), [['L2', 1, 'return-to-vendor']]],
  ])('is %s', async (_what, line, expected) => expect(await bases(line)).toEqual(expected));

  it('is nothing while nothing was received, or when the return was cancelled', async () => {
    const { house } = await inspectedAs(FAULTY);
    const state = await house.theReturn();
    expect(claimLinesOf({ ...state, receipts: [] })).toEqual([]);
    expect(claimLinesOf({ ...state, status: 'cancelled' })).toEqual([]);
  });
});

describe('collecting', () => {
  it('puts a line with its evidence into the claim of its supplier and month, once', async () => {
    const { collect, claim, assign } = await inspectedAs(FAULTY);
    await assign(MUG);
    await collect();
    await collect();
    expect(await claim()).toEqual({
      ...{ supplier: 'acme', period: '2026-11', status: 'open' },
      lines: [
        {
          ...{ key: `${RETURN_KEY}/INS1/L2/1`, returnKey: RETURN_KEY, rma: 'RMA-0000000001', orderNumber: '#1001' },
          ...{ lineId: 'L2', sku: 'MUG-BLUE', quantity: 1, condition: 'opened', disposition: 'quarantine' },
          ...{ reason: 'defective', basis: 'defective', inspectionId: 'INS1', inspectedAt: '2026-11-26T12:00:00.000Z' },
          unitCost: { minor: 300, currency: 'USD' },
        },
      ],
    });
  });

  it('goes by the months of the merchant', () => {
    expect(monthIn('Pacific/Auckland')('2026-11-30T11:00:00.000Z')).toBe('2026-12');
    expect(monthIn('America/New_York')('2026-12-01T04:59:59.999Z')).toBe('2026-11');
  });

  it('asks who supplies a SKU, and goes on by itself when it is told', async () => {
    const { house, collect, claim, assign } = await inspectedAs(FAULTY);
    await collect();
    await collect();
    const [asked] = (await house.store.cases.listOpen({ limit: 9 })).filter(({ code }) => code === 'SUPPLIER_UNKNOWN');
    expect(asked).toMatchObject({ subject: 'SKU#MUG-BLUE', owner: 'retail-operations', count: 1 });
    expect(await assign(MUG)).toEqual({ read: 1, changed: 1, collected: 1 });
    expect((await claim())?.lines).toHaveLength(1);
    expect(await house.openCases()).not.toContain('SUPPLIER_UNKNOWN');
    expect(await assign(MUG)).toEqual({ read: 1, changed: 0, collected: 0 });
  });

  it('shows, and writes nothing, in a dry run', async () => {
    const { house, ports } = await inspectedAs(FAULTY);
    expect(await assignSuppliers(ports, [MUG], false, house.cause)).toEqual({ read: 1, changed: 1, collected: 0 });
    expect(await house.store.load('SKU#MUG-BLUE')).toBeUndefined();
  });

  it('takes a corrected inspection and a cancellation', async () => {
    const { house, collect, claim, assign } = await inspectedAs(FAULTY);
    await assign(MUG);
    await collect();
    await house.return(report(inspected([unit('L1', 2, 'opened', 'return-to-vendor'), unit('L2', 1)], 13)));
    await assign({ ...MUG, sku: 'TSHIRT-M' });
    await collect();
    expect((await claim())?.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual([['L1', 2]]);
    await house.return(report({ type: 'cancelled', occurredAt: '2026-11-26T14:00:00.000Z' }));
    await collect();
    expect((await claim())?.lines).toEqual([]);
  });

  it('leaves with a former supplier what was claimed from it', async () => {
    const { collect, claim, assign } = await inspectedAs(FAULTY);
    await assign(MUG);
    await collect();
    await assign({ ...MUG, supplier: 'bolt' });
    await collect();
    expect((await claim())?.lines).toHaveLength(1);
    expect(await claim('2026-11', 'bolt')).toBeUndefined();
  });
});

describe('closing', () => {
  it('numbers and freezes the claim, tells of it, and sends what comes later to the next period', async () => {
    const { house, collect, claim, assign, close } = await inspectedAs(FAULTY);
    await assign(MUG);
    await collect();
    expect(await close('2026-11-30T23:59:59.999Z')).toMatchObject({
      possible: false,
      message: expect.stringContaining('PERIOD_NOT_OVER'),
    });
    expect(await close(undefined, false)).toMatchObject({
      done: false,
      possible: true,
      message: expect.stringContaining('dry run'),
    });
    expect((await claim())?.status).toBe('open');
    expect(await close()).toEqual({ done: true, possible: true, message: 'closed as SC-acme-2026-11' });
    const frozen = await claim();

    await house.return(report(inspected([unit('L2', 1, 'opened', 'return-to-vendor')], 15, 'INS2')));
    await collect();
    await collect();
    expect(await claim()).toEqual(frozen);
    expect(frozen).toMatchObject({ status: 'closed', number: 'SC-acme-2026-11', by: 'op-7' });
    // The one mug is claimed already: a second look at it is not a second mug.
    expect(await claim('2026-12')).toBeUndefined();

    const told = house.published.filter(({ type }) => type === 'claim.closed.v1');
    expect(told).toHaveLength(1);
    const contract = contractOf('claim.closed.v1');
    expect(envelopeOf(contract).safeParse(told[0]?.envelope).error?.issues).toBeUndefined();
    expect(told[0]?.envelope.data).toMatchObject({ lines: 1, units: 1, costs: [{ minor: 300, currency: 'USD' }] });
    expect(JSON.stringify(told)).not.toContain('op-7');
  });

  it('takes back in the next period what a closed claim held too much', async () => {
    const { house, collect, claim, assign, close } = await inspectedAs(FAULTY);
    await assign(MUG);
    await collect();
    await close();
    await house.return(report({ type: 'cancelled', occurredAt: '2026-12-02T08:00:00.000Z' }));
    await collect();
    expect((await claim('2026-12'))?.lines).toMatchObject([{ lineId: 'L2', quantity: -1 }]);
  });
});

describe('the document in the ERP', () => {
  const KEY = 'erp/supplier-claim/acme/2026-11/1';
  const ERP: Target = { connector: 'tryton', account: 'main' };

  async function closedClaim() {
    const it = await inspectedAs(FAULTY, { erp: ERP });
    await it.assign(MUG);
    await it.collect();
    await it.close();
    const row = await it.house.operation(KEY);
    const end = (some: Partial<Operation>) =>
      claimSubject(it.house).settle({ ...row, revision: row.revision + 1, ...some }, row.revision, it.house.cause);
    return { ...it, row, end, told: (type: string) => it.house.published.filter((event) => event.type === type) };
  }

  it('is planned with the closing, once', async () => {
    const { house, row, close } = await closedClaim();
    expect(row).toMatchObject({
      ...{ key: KEY, kind: 'erp/supplier-claim', target: ERP, subject: 'CLAIM#acme#2026-11' },
    });
    expect(row.content).toEqual({
      claim: { supplier: 'acme', period: '2026-11', nth: 1 },
      reference: 'SC-acme-2026-11',
      ...{ currency: 'USD', total: 300 },
      lines: [{ sku: 'MUG-BLUE', quantity: 1, amount: 300, label: 'RMA-0000000001' }],
    });
    expect(house.store.journal.at(-1)).toMatchObject({ key: 'CLAIM#acme#2026-11', operations: [{ key: KEY }] });
    expect((await close()).message).toContain('already closed');
  });

  it('is told to the claim, and to the world without a name of whoever closed it', async () => {
    const { claim, end, told } = await closedClaim();
    await end({ status: 'applied', ref: '42' });
    expect((await claim())?.documents).toEqual([
      { nth: 1, total: { minor: 300, currency: 'USD' }, status: 'drafted', ref: '42' },
    ]);
    const [event] = told('claim.documented.v1');
    expect(envelopeOf(contractOf('claim.documented.v1')).safeParse(event?.envelope).error?.issues).toBeUndefined();
    expect(JSON.stringify(event)).not.toContain('op-7');
  });

  it('that the ERP refuses is a case of finance, which closes when it is there after all', async () => {
    const { house, claim, row, end, told } = await closedClaim();
    const reason = { code: 'SUPPLIER_UNKNOWN', message: 'no party with code "acme"' };
    await end({ status: 'rejected', reason });
    expect((await claim())?.documents).toMatchObject([{ status: 'refused', reason }]);
    const [open] = await house.store.cases.listOpen({ limit: 9 });
    expect(open).toMatchObject({ code: 'CLAIM_DOCUMENT_REFUSED#1', owner: 'finance', moneyAtRisk: { minor: 300 } });
    expect(open?.suggestedFix).toContain(KEY);
    const [event] = told('claim.document-refused.v1');
    expect(
      envelopeOf(contractOf('claim.document-refused.v1')).safeParse(event?.envelope).error?.issues,
    ).toBeUndefined();
    const again = await house.operation(KEY);
    const applied = { ...again, status: 'applied', ref: '42', revision: again.revision + 1 } as const;
    await claimSubject(house).settle(applied, again.revision, house.cause);
    expect(await house.openCases()).toEqual([]);
    expect(row.revision).toBeLessThan(again.revision);
  });

  it('is no end of another kind of operation, nor one without what the ERP calls it', async () => {
    const { row } = await closedClaim();
    expect(() => documentOutcome({ ...row, kind: 'erp/journal' })).toThrow('no document of a claim');
    expect(() => documentOutcome({ ...row, status: 'applied' })).toThrow("without the ERP's id");
    expect(documentOutcome({ ...row, status: 'rejected' })).toMatchObject({ reason: { code: 'REJECTED' } });
  });

  it('tells, when it would be planned, what it comes to', async () => {
    const { assign, collect, close } = await inspectedAs(FAULTY, { erp: ERP });
    await assign(MUG);
    await collect();
    expect((await close(undefined, false)).message).toContain('with a credit note of 3.00 USD');
  });
});
