import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#core/operations/operation.ts';
import type { JournalContent } from '#core/settlements/posting.ts';
import { amountOf } from '../../../../bin/local/erp/rpc.ts';
import type { Connector, Erp } from '../support/erp.ts';
import { type Fate, FaultyWire } from '../support/faulty-wire.ts';
import { applied, freshId, journal, SETTLED, within } from '../support/operations.ts';
import { ProtocolRun } from '../support/protocol.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const LAST_YEAR = new Date().getUTCFullYear() - 1;
const decimal = (text: string) => ({ __class__: 'Decimal', decimal: text });

/** Settlements as journal entries: balanced, posted, each once, in the month that they belong to. */
export function settlements(running: () => Erp): void {
  let erp: Erp;
  let connector: Connector;

  beforeAll(() => {
    erp = running();
    connector = erp.connector();
  });

  const post = (operation: Operation, using = connector) => using.executor.execute(operation, within());
  const probe = (operation: Operation) => connector.executor.probe(operation, within());

  /** Entries under an operation's key, with their lines by account code. */
  async function entriesOf({ key }: Operation) {
    const fields = ['state', 'description', 'origin', 'post_number', 'period.name', 'journal.code'];
    const moves = await erp.desk.find('account.move', [['description', 'like', `${key}:%`]], fields);
    return await Promise.all(
      moves.map(async (move) => {
        const named = ['account.code', 'debit', 'credit', 'description', 'party.code'];
        const lines = await erp.desk.find('account.move.line', [['move', '=', move.id]], named);
        return { ...move, lines: lines.map(lineSeen) };
      }),
    );
  }

  const lineSeen = (line: Record<string, unknown>) => ({
    account: (line['account.'] as { code: string }).code,
    debit: Number(amountOf(line.debit)),
    credit: Number(amountOf(line.credit)),
    label: line.description,
    party: (line['party.'] as { code: string } | null)?.code,
  });

  it('is posted as one balanced entry, line by line in the accounts of its roles', async () => {
    const operation = journal(TODAY);
    expect(await probe(operation)).toEqual({ kind: 'absent' });
    const outcome = applied(await post(operation));
    const [entry, ...others] = await entriesOf(operation);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      id: Number(outcome.ref),
      state: 'posted',
      post_number: outcome.facts?.number,
      description: `${operation.key}: ${operation.content.description}`,
      'period.': { name: TODAY.slice(0, 7) },
      'journal.': { code: 'SETTLE' },
    });
    expect(entry?.lines).toHaveLength(4);
    expect(entry?.lines).toEqual(
      expect.arrayContaining([
        { account: '1010', debit: 11.07, credit: 0, label: 'Deposit', party: undefined },
        // `fee/commission` has no account of its own, so it takes that of `fee`.
        { account: '6100', debit: 2, credit: 0, label: 'Commission', party: undefined },
        { account: '6110', debit: 0.5, credit: 0, label: 'Fulfilment', party: undefined },
        { account: '1100', debit: 0, credit: 13.57, label: 'Orders of the settlement', party: 'MKT' },
      ]),
    );
  });

  it('is one entry, however often it is asked for under its key', async () => {
    const operation = journal(TODAY);
    const outcome = applied(await post(operation));
    expect(await post(operation)).toEqual(outcome);
    expect(await post(operation, erp.connector())).toEqual(outcome);
    const { kind: _kind, ...made } = outcome;
    expect(await probe(operation)).toEqual({ kind: 'found', ...made });
    expect(await entriesOf(operation)).toHaveLength(1);
  });

  it('is one entry when five executors take it up at once', async () => {
    const operation = journal(TODAY);
    const run = new ProtocolRun(connector.executor);
    run.plan(operation);
    const ended = await Promise.all([1, 2, 3, 4, 5].map(() => run.execute(operation)));
    expect(ended.map(({ status }) => status).sort()).toEqual(['applied', ...Array(4).fill('skipped')]);
    expect(await entriesOf(operation)).toMatchObject([{ state: 'posted' }]);
  });

  it('of thousands of lines goes through in one call', async () => {
    const orders = Array.from({ length: 1999 }, (_, at) => ({
      account: 'receivable' as const,
      amount: -(at + 1),
      label: `Order ${at}`,
    }));
    const total = orders.reduce((sum, { amount }) => sum - amount, 0);
    const operation = journal(TODAY, { lines: [{ account: 'deposit', amount: total, label: 'Deposit' }, ...orders] });
    const { ref } = applied(await post(operation));
    const lines = await erp.desk.find('account.move.line', [['move', '=', Number(ref)]], ['credit']);
    expect(lines).toHaveLength(2000);
  });

  it('keeps apart settlements whose names are patterns of each other', async () => {
    const id = `S${freshId()}`;
    const settlement = (settlementId: string) => journal(TODAY, {}, settlementId);
    const refs = [];
    for (const one of [`${id}_1`, `${id}x1`, `${id}%`, `${id}\\1`, id])
      refs.push(applied(await post(settlement(one))).ref);
    expect(new Set(refs).size).toBe(5);
  });

  describe('is refused before anything is asked of the ERP when', () => {
    const [deposit, ...others] = SETTLED as [JournalContent['lines'][number], ...JournalContent['lines']];
    it.each([
      ['it is off by a cent', [{ ...deposit, amount: 1108 }, ...others]],
      ['it has no lines', []],
      ['a line has no amount', [...SETTLED, { ...deposit, amount: 0 }]],
      ['a line has a part of a cent', [...SETTLED, { ...deposit, amount: 0.5 }, { ...deposit, amount: -0.5 }]],
    ])('%s', async (_what, lines) => {
      const wire = await FaultyWire.to(erp.url);
      try {
        expect(await post(journal(TODAY, { lines }), erp.connector({ url: wire.url }))).toMatchObject({
          kind: 'rejected',
          reason: { code: 'JOURNAL_UNBALANCED' },
        });
        expect(wire.seen).toEqual([]);
      } finally {
        await wire.close();
      }
    });
  });

  it('that somebody made unbalanced in the ERP is never posted, whatever the ERP would do', async () => {
    const operation = journal(TODAY);
    const draft = await leftAsDraft(operation);
    const lines = await erp.desk.find('account.move.line', [['move', '=', draft]], ['debit']);
    const deposit = lines.find(({ debit }) => Number(amountOf(debit)) === 11.07);
    await erp.desk.call('account.move.line', 'write', [[deposit?.id], { debit: decimal('11.08') }]);

    expect(await post(operation)).toMatchObject({ kind: 'rejected', reason: { code: 'JOURNAL_DIFFERS' } });
    expect(await entriesOf(operation)).toMatchObject([{ state: 'draft' }]);

    // What the ERP itself says of it: PostgreSQL refuses; SQLite posts it, and then the proof stands alone.
    const refusal = await erp.desk.call('account.move', 'post', [[draft]]).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (erp.database === 'postgresql') expect(refusal).toMatch(/balance all its lines/);
    else expect(refusal).toBeUndefined();
    const after = erp.database === 'postgresql' ? 'JOURNAL_DIFFERS' : 'TOTAL_MISMATCH';
    expect(await post(operation)).toMatchObject({ kind: 'rejected', reason: { code: after } });
    expect(await probe(operation)).toEqual({ kind: 'absent' });
  });

  /** The connector is cut off between creating the entry and posting it; answers the draft's id. */
  async function leftAsDraft(operation: Operation): Promise<number> {
    const wire = await FaultyWire.to(erp.url);
    try {
      wire.fate = (method) => (method === 'model.account.move.post' ? 'lose-request' : 'deliver');
      expect(await post(operation, erp.connector({ url: wire.url }))).toMatchObject({ kind: 'unknown' });
    } finally {
      await wire.close();
    }
    const [draft, ...others] = await entriesOf(operation);
    expect(others).toEqual([]);
    expect(draft).toMatchObject({ state: 'draft' });
    return draft?.id ?? 0;
  }

  describe('with a wire that breaks is posted once, whatever was lost:', () => {
    it.each<[string, Fate, string]>([
      ['model.account.move.create', 'lose-request', 'absent'],
      ['model.account.move.create', 'lose-answer', 'absent'],
      ['model.account.move.post', 'lose-request', 'absent'],
      ['model.account.move.post', 'lose-answer', 'found'],
    ])('%s, %s: unknown, then %s', async (method, fate, probed) => {
      const operation = journal(TODAY);
      const wire = await FaultyWire.to(erp.url);
      try {
        wire.fate = (called, nth) => (called === method && nth === 1 ? fate : 'deliver');
        expect(await post(operation, erp.connector({ url: wire.url }))).toMatchObject({ kind: 'unknown' });
      } finally {
        await wire.close();
      }
      expect(await probe(operation)).toMatchObject({ kind: probed });
      applied(await post(operation));
      expect(await entriesOf(operation)).toMatchObject([{ state: 'posted' }]);
    });
  });

  it('that somebody copied by hand is refused until one is gone, and what reverses it does not count', async () => {
    const operation = journal(TODAY);
    const outcome = applied(await post(operation));
    const [entry] = await erp.desk.find('account.move', [['id', '=', Number(outcome.ref)]], HEADER);
    const { id, ...header } = entry as Record<string, unknown>;
    const copied = async (origin: string | null) => {
      const [copy] = (await erp.desk.call('account.move', 'create', [[{ ...header, origin }]])) as [number];
      return copy;
    };
    await copied(`account.move,${id}`);
    expect(await post(operation)).toEqual(outcome);

    const copy = await copied(null);
    const refused = await post(operation);
    expect(refused).toMatchObject({ kind: 'rejected', reason: { code: 'DUPLICATE_JOURNALS' } });
    expect(JSON.stringify(refused)).toContain(String(copy));
    await erp.desk.call('account.move', 'delete', [[copy]]);
    expect(await post(operation)).toEqual(outcome);
  });

  describe('of an adjustment', () => {
    it('is an entry of its own that points at the first posting', async () => {
      const first = journal(TODAY);
      const { ref } = applied(await post(first));
      const changes = { adjusts: first.key, part: `adjustment/1/${TODAY.slice(0, 7)}` };
      const adjustment = journal(TODAY, { ...changes, lines: TWO_CENTS }, settlementIdOf(first));
      const outcome = applied(await post(adjustment));
      expect(outcome.ref).not.toBe(ref);
      expect(await entriesOf(adjustment)).toMatchObject([{ state: 'posted', origin: `account.move,${ref}` }]);
      expect(await entriesOf(first)).toHaveLength(1);
      expect(await probe(adjustment)).toMatchObject({ kind: 'found', ref: outcome.ref });
    });

    it('points at nothing when it overtakes the first posting, of which a draft is none', async () => {
      const late = journal(TODAY);
      const adjustment = (nth: number) =>
        journal(
          TODAY,
          { adjusts: late.key, part: `adjustment/${nth}/${TODAY.slice(0, 7)}`, lines: TWO_CENTS },
          settlementIdOf(late),
        );
      applied(await post(adjustment(1)));
      await leftAsDraft(late);
      applied(await post(adjustment(2)));
      for (const nth of [1, 2]) {
        expect(await entriesOf(adjustment(nth))).toMatchObject([{ state: 'posted', origin: null }]);
      }
      const { ref } = applied(await post(late));
      applied(await post(adjustment(3)));
      expect(await entriesOf(adjustment(3))).toMatchObject([{ origin: `account.move,${ref}` }]);
    });
  });

  describe('is refused, with what to do, when', () => {
    const refusedAs = async (operation: Operation, code: string, text: string, using = connector) => {
      const message = expect.stringContaining(text);
      expect(await post(operation, using)).toMatchObject({ kind: 'rejected', reason: { code, message } });
      expect(await entriesOf(operation)).toEqual([]);
    };
    const withAccounts = (accounts: Record<string, string>) =>
      erp.connector({ settlements: { journal: 'SETTLE', accounts } });

    it('a role has no account', () =>
      refusedAs(journal(TODAY), 'ACCOUNT_NOT_MAPPED', '"fee/commission"', withAccounts({ deposit: '1010' })));

    it('the settings say nothing of settlements', () =>
      refusedAs(journal(TODAY), 'ACCOUNT_NOT_MAPPED', '"deposit"', erp.connector({ settlements: undefined })));

    it('the ERP has no such account', () =>
      refusedAs(
        journal(TODAY),
        'ACCOUNT_UNKNOWN',
        '"9999"',
        withAccounts({ deposit: '9999', fee: '6100', receivable: '1100' }),
      ));

    it('the ERP has no such journal', () => {
      const accounts = { deposit: '1010', fee: '6100', receivable: '1100' };
      const elsewhere = erp.connector({ settlements: { journal: 'NONE', accounts } });
      return refusedAs(journal(TODAY), 'JOURNAL_UNKNOWN', '"NONE"', elsewhere);
    });

    it('the books are kept in another currency', async () => {
      const euro = await erp.desk.find('currency.currency', [['code', '=', 'EUR']], []);
      if (euro.length === 0) await addEuro();
      await refusedAs(journal(TODAY, { currency: 'EUR' }), 'CURRENCY_NOT_OF_BOOKS', 'keeps its books in USD');
    });

    it('nobody has set up a period for its day', () =>
      refusedAs(journal('1999-12-31'), 'PERIOD_CLOSED', 'no accounting period for 1999-12-31'));
  });

  async function addEuro(): Promise<void> {
    const values = {
      name: 'Euro',
      code: 'EUR',
      symbol: '€',
      numeric_code: '978',
      digits: 2,
      rounding: decimal('0.01'),
    };
    await erp.desk.call('currency.currency', 'create', [[values]]);
  }

  describe('in a month that is closed', () => {
    const closed = `${LAST_YEAR}-02`;
    const periodId = async (name: string) => (await erp.desk.one('account.period', [['name', '=', name]], [])).id;
    const state = (date: string) => connector.reader.accountingPeriod(date, AbortSignal.timeout(30_000));

    it('is refused and written nowhere else, until somebody has reopened it', async () => {
      const operation = journal(`${closed}-28`);
      expect(await state(`${closed}-28`)).toEqual({ state: 'open', name: closed });
      const id = await periodId(closed);
      await erp.desk.call('account.period', 'close', [[id]]);
      expect(await state(`${closed}-01`)).toEqual({ state: 'closed', name: closed });
      expect(await state(`${LAST_YEAR}-03-01`)).toEqual({ state: 'open', name: `${LAST_YEAR}-03` });
      expect(await state('1999-12-31')).toEqual({ state: 'missing' });

      expect(await post(operation)).toMatchObject({
        kind: 'rejected',
        reason: { code: 'PERIOD_CLOSED', message: expect.stringMatching(/reopen it/) },
      });
      expect(await probe(operation)).toEqual({ kind: 'absent' });
      expect(await entriesOf(operation)).toEqual([]);

      await erp.desk.call('account.period', 'reopen', [[id]]);
      applied(await post(operation));
      expect(await entriesOf(operation)).toMatchObject([{ state: 'posted', 'period.': { name: closed } }]);
    });

    it('that closes after its draft was made, or after the period was asked for, is not posted to', async () => {
      const month = `${LAST_YEAR}-03`;
      const id = await periodId(month);
      const operation = journal(`${month}-31`);
      const wire = await FaultyWire.to(erp.url);
      wire.fate = async (method): Promise<Fate> => {
        if (method === 'model.account.move.create') await erp.desk.call('account.period', 'close', [[id]]);
        return 'deliver';
      };
      try {
        const refused = { kind: 'rejected', reason: { code: 'PERIOD_CLOSED' } };
        expect(await post(operation, erp.connector({ url: wire.url }))).toMatchObject(refused);
      } finally {
        await wire.close();
      }
      expect(await entriesOf(operation)).toEqual([]);
      await erp.desk.call('account.period', 'reopen', [[id]]);
    });
  });
}

const HEADER = ['company', 'period', 'journal', 'date', 'description'];
const TWO_CENTS: JournalContent['lines'] = [
  { account: 'deposit', amount: 2, label: 'Late refund of a fee' },
  { account: 'fee/commission', amount: -2, label: 'Late refund of a fee' },
];

const settlementIdOf = ({ content }: Operation): string =>
  (content as unknown as JournalContent).settlement.settlementId;
