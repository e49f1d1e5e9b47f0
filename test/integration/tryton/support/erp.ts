import { trytonConnector } from '#connectors/erps/tryton/connector.ts';
import { parseSettings } from '#connectors/erps/tryton/settings.ts';
import { amountOf, Rpc } from '../../../../bin/local/erp/rpc.ts';
import { openTryton } from '../../../../bin/local/erp/tryton.ts';

export type Database = 'sqlite' | 'postgresql';

/** Making the server ready takes minutes where nothing is cached. */
export const START_TIMEOUT = 600_000;

export type Connector = ReturnType<typeof trytonConnector>;

/** A running ERP with seeded master data, somebody at its desk, and connectors to it. */
export type Erp = {
  readonly database: Database;
  readonly url: string;
  readonly desk: Rpc;
  /** What the connector logs in with. */
  readonly account: { url: string; database: string; user: string; secret: () => Promise<string> };
  connector(changes?: Record<string, unknown>): Connector;
  close(): Promise<void>;
};

export async function openErp(database: Database): Promise<Erp> {
  const tryton = await openTryton({ database });
  await tryton.start();
  const desk = await Rpc.login(tryton.url, tryton.database, 'admin', tryton.adminPassword);
  const taxes = (await desk.find('account.tax', [['parent', '=', null]], ['name', 'rate']))
    .filter(({ rate }) => rate !== null)
    .map(({ name, rate }) => ({ rate: amountOf(rate), name: String(name) }));
  const secret = async () => JSON.stringify({ password: tryton.password });
  const settings = {
    url: tryton.url,
    database: tryton.database,
    user: tryton.user,
    shop: 'Marketplace',
    party: 'MKT',
    warehouse: 'WH',
    storage: 'STO',
    quarantine: 'QUA',
    taxes,
    products: { shipping: 'SHIPPING', collectedTax: 'TAX-COLLECTED' },
  };
  return {
    database,
    url: tryton.url,
    desk,
    account: { url: tryton.url, database: tryton.database, user: tryton.user, secret },
    connector: (changes = {}) =>
      trytonConnector({
        settings: parseSettings({ ...settings, ...changes }),
        secret,
        clock: { now: () => new Date().toISOString() },
      }),
    close: () => tryton.close(),
  };
}
