import { beforeAll, expect, it } from 'vitest';
import { Calls } from '#connectors/erps/tryton/calls.ts';
import { TrytonClient } from '#connectors/erps/tryton/client.ts';
import { proveBalanced } from '#connectors/erps/tryton/proofs.ts';
import type { Erp } from '../support/erp.ts';

const decimal = (text: string) => ({ __class__: 'Decimal', decimal: text });

/** Journal entries that are posted past the connector. */
export function journals(running: () => Erp): void {
  let erp: Erp;

  beforeAll(() => {
    erp = running();
  });

  /** Makes an entry of cash against cash and posts it, past the connector. */
  async function posted(debit: string, credit: string): Promise<{ id: number; refused: boolean }> {
    const { desk } = erp;
    const now = new Date();
    const date = { __class__: 'date', year: now.getUTCFullYear(), month: now.getUTCMonth() + 1, day: now.getUTCDate() };
    const period = await desk.one(
      'account.period',
      [
        ['start_date', '<=', date],
        ['end_date', '>=', date],
      ],
      [],
    );
    const [journal] = await desk.find('account.journal', [['type', '=', 'general']], []);
    const [account] = await desk.find(
      'account.account',
      [
        ['type.revenue', '=', true],
        ['closed', '!=', true],
      ],
      [],
    );
    const { id: company } = await desk.one('company.company', [], []);
    const line = (some: object) => ({ account: account?.id, ...some });
    const values = {
      company,
      journal: journal?.id,
      period: period.id,
      date,
      lines: [
        [
          'create',
          [
            line({ debit: decimal(debit), credit: decimal('0') }),
            line({ debit: decimal('0'), credit: decimal(credit) }),
          ],
        ],
      ],
    };
    const [id] = (await desk.call('account.move', 'create', [[values]])) as [number];
    const refused = await desk.call('account.move', 'post', [[id]]).then(
      () => false,
      () => true,
    );
    return { id, refused };
  }

  const proof = (move: number) => {
    const client = new TrytonClient({ ...erp.account, callTimeoutSeconds: 20, maxAnswerBytes: 1_000_000 });
    return proveBalanced(new Calls(client, AbortSignal.timeout(20_000)), move);
  };

  it('that is balanced is proved so', async () => {
    const { id, refused } = await posted('22.92', '22.92');
    expect(refused).toBe(false);
    await expect(proof(id)).resolves.toBeUndefined();
  });

  it('that is not is refused by our proof, whether the ERP posted it or not', async () => {
    const { id, refused } = await posted('22.92', '20.00');
    // SQLite binds decimals in a way that the ERP's own check never fires; PostgreSQL refuses the posting.
    expect(refused).toBe(erp.database === 'postgresql');
    await expect(proof(id)).rejects.toMatchObject({ code: 'JOURNAL_UNBALANCED' });
  });

  it('without lines proves nothing', async () => {
    await expect(proof(999_999)).rejects.toMatchObject({ code: 'JOURNAL_UNBALANCED' });
  });
}
