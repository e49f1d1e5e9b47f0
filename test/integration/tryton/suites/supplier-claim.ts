import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#core/operations/operation.ts';
import { amountOf } from '../../../../bin/local/erp/rpc.ts';
import type { Connector, Erp } from '../support/erp.ts';
import { type Fate, FaultyWire } from '../support/faulty-wire.ts';
import { applied, freshId, supplierClaim, within } from '../support/operations.ts';

/** Claims on suppliers as drafts of credit notes: each once, at its total. */
export function supplierClaims(running: () => Erp): void {
  let erp: Erp;
  let connector: Connector;

  beforeAll(() => {
    erp = running();
    connector = erp.connector();
  });

  const draft = (operation: Operation, using = connector) => using.executor.execute(operation, within());
  const probe = (operation: Operation) => connector.executor.probe(operation, within());

  const FIELDS = ['type', 'state', 'reference', 'total_amount', 'party.code', 'journal.code', 'move'];
  const notesOf = ({ key }: Operation) =>
    erp.desk.find('account.invoice', [['description', 'like', `${key}:%`]], FIELDS);

  it('is a draft of a supplier credit note, line by line at what is claimed', async () => {
    const operation = supplierClaim();
    expect(await probe(operation)).toEqual({ kind: 'absent' });
    const outcome = applied(await draft(operation));
    const [note, ...others] = await notesOf(operation);
    expect(others).toEqual([]);
    expect(note).toMatchObject({
      id: Number(outcome.ref),
      type: 'in',
      state: 'draft',
      reference: operation.content.reference,
      'party.': { code: 'SUP' },
      'journal.': { code: 'EXP' },
      move: null,
    });
    expect(amountOf(note?.total_amount)).toBe('-15.00');

    const named = ['product.code', 'account.code', 'quantity', 'unit_price', 'description'];
    const lines = await erp.desk.find('account.invoice.line', [['invoice', '=', note?.id]], named);
    const seen = lines.map((line) => [
      (line['product.'] as { code: string }).code,
      (line['account.'] as { code: string }).code,
      line.quantity,
      Number(amountOf(line.unit_price)),
      line.description,
    ]);
    // 10.00 for three does not divide evenly.
    expect(seen).toEqual([
      ['MUG-BLUE', '6400', -2, 3.33, 'Broken: RMA-1, RMA-2'],
      ['MUG-BLUE', '6400', -1, 3.34, 'Broken: RMA-1, RMA-2'],
      ['TSHIRT-M', '6400', -1, 5, 'Torn: RMA-3'],
    ]);
    const { kind: _kind, ...made } = outcome;
    expect(await probe(operation)).toEqual({ kind: 'found', ...made });
    expect(await draft(operation)).toEqual(outcome);
    expect(await notesOf(operation)).toHaveLength(1);
  });

  it('takes back what was claimed too much, and finds a party that the books call otherwise', async () => {
    const lines = [
      { sku: 'MUG-BLUE', quantity: 3, amount: 1_000, label: 'RMA-1' },
      { sku: 'TSHIRT-M', quantity: -1, amount: -500, label: 'RMA-3' },
    ];
    const claim = { supplier: 'tea-works', period: freshId(), nth: 1 };
    const operation = supplierClaim({ claim, lines, total: 500 });
    const terms = { journal: 'EXP', account: '6400', payable: '2100' };
    const mapped = erp.connector({ supplierClaims: { ...terms, parties: { 'tea-works': 'SUP' } } });
    applied(await draft(operation, mapped));
    expect((await notesOf(operation)).map((note) => [note['party.'], amountOf(note.total_amount)])).toEqual([
      [expect.objectContaining({ code: 'SUP' }), '-5.00'],
    ]);
  });

  it.each<[Fate, string]>([
    ['lose-request', 'absent'],
    ['lose-answer', 'found'],
  ])('whose creation meets "%s" on the wire is unknown, then %s, and drafted once', async (fate, probed) => {
    const operation = supplierClaim();
    const wire = await FaultyWire.to(erp.url);
    try {
      wire.fate = (method) => (method === 'model.account.invoice.create' ? fate : 'deliver');
      expect(await draft(operation, erp.connector({ url: wire.url }))).toMatchObject({ kind: 'unknown' });
    } finally {
      await wire.close();
    }
    expect(await probe(operation)).toMatchObject({ kind: probed });
    applied(await draft(operation));
    expect(await notesOf(operation)).toHaveLength(1);
  });

  it('is kept apart from claims whose names are patterns of it', async () => {
    const id = freshId();
    const refs = [];
    for (const period of [`${id}x1`, `${id}_1`, `${id}%`, id]) {
      refs.push(applied(await draft(supplierClaim({}, period))).ref);
    }
    expect(new Set(refs).size).toBe(4);
  });

  it('that somebody changed is told, and made again once its draft is gone', async () => {
    const operation = supplierClaim();
    const { ref } = applied(await draft(operation));
    const lines = await erp.desk.find('account.invoice.line', [['invoice', '=', Number(ref)]], []);
    await erp.desk.call('account.invoice.line', 'write', [[lines[0]?.id], { quantity: -3 }]);
    expect(await draft(operation)).toMatchObject({ kind: 'rejected', reason: { code: 'TOTAL_MISMATCH' } });
    expect(await probe(operation)).toEqual({ kind: 'absent' });
    await erp.desk.call('account.invoice', 'delete', [[Number(ref)]]);
    applied(await draft(operation));
    expect(await notesOf(operation)).toHaveLength(1);
  });

  describe('is refused, with what to do, when', () => {
    const [mugs] = supplierClaim().content.lines as [{ sku: string; quantity: number; amount: number; label: string }];
    it.each([
      ['its lines do not come to its total', { total: 1501 }, 'CLAIM_NOT_SOUND'],
      ['it claims nothing', { lines: [], total: 0 }, 'CLAIM_NOT_SOUND'],
      [
        'it comes to less than nothing',
        { lines: [{ ...mugs, quantity: -1, amount: -5 }], total: -5 },
        'CLAIM_NOT_SOUND',
      ],
      ['units and amount disagree', { lines: [{ ...mugs, quantity: -1 }], total: 1000 }, 'CLAIM_NOT_SOUND'],
      ['a line has no units', { lines: [{ ...mugs, quantity: 0 }], total: 1000 }, 'CLAIM_NOT_SOUND'],
      ['the ERP has no such SKU', { lines: [{ ...mugs, sku: 'NO-SUCH' }], total: 1000 }, 'SKU_UNKNOWN'],
      [
        'the ERP has no such supplier',
        { claim: { supplier: 'NOBODY', period: '2026-10', nth: 1 } },
        'SUPPLIER_UNKNOWN',
      ],
    ])('%s', async (_what, changes, code) => {
      const operation = supplierClaim(changes);
      expect(await draft(operation)).toMatchObject({ kind: 'rejected', reason: { code } });
      expect(await notesOf(operation)).toEqual([]);
    });

    it('the settings do not say where claims are booked', async () => {
      const elsewhere = erp.connector({ supplierClaims: undefined });
      const refused = { kind: 'rejected', reason: { code: 'CLAIMS_NOT_MAPPED' } };
      expect(await draft(supplierClaim(), elsewhere)).toMatchObject(refused);
    });
  });
}
