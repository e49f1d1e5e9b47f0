import { trytonConnector } from '#connectors/erps/tryton/connector.ts';
import { parseSettings } from '#connectors/erps/tryton/settings.ts';
import { Rpc } from '../../../../bin/local/erp/rpc.ts';
import { ERP_SETTINGS } from '../../../../bin/local/erp/settings.ts';
import { openTryton } from '../../../../bin/local/erp/tryton.ts';

export type Database = 'sqlite' | 'postgresql';

/** Making the server ready takes minutes where nothing is cached. */
export const START_TIMEOUT = 600_000;

export type Connector = ReturnType<typeof trytonConnector>;

/** A running ERP with seeded master data, somebody at its desk, and connectors to it. */
export type Erp = {
  /** Whose guarantees it gives. */
  readonly database: Database;
  readonly url: string;
  readonly desk: Rpc;
  /** What the connector logs in with. */
  readonly account: { url: string; database: string; user: string; secret: () => Promise<string> };
  connector(changes?: Record<string, unknown>): Connector;
  close(): Promise<void>;
};

/** A server that answers Tryton's RPC with the seeded company. */
export type Server = {
  readonly url: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly adminPassword: string;
  close(): Promise<void>;
};

export async function openErp(database: Database): Promise<Erp> {
  const tryton = await openTryton({ database });
  await tryton.start();
  return erpOn(tryton, database);
}

/** Sits down at a server's desk and makes connectors to it. */
export async function erpOn(server: Server, database: Database): Promise<Erp> {
  const { url, user, password } = server;
  const desk = await Rpc.login(url, server.database, 'admin', server.adminPassword);
  const secret = async () => JSON.stringify({ password });
  const settings = {
    url,
    database: server.database,
    user,
    ...ERP_SETTINGS,
    products: { ...ERP_SETTINGS.products, allowance: 'DISCOUNT' },
  };
  return {
    database,
    url,
    desk,
    account: { url, database: server.database, user, secret },
    connector: (changes = {}) =>
      trytonConnector({
        settings: parseSettings({ ...settings, ...changes }),
        secret,
        clock: { now: () => new Date().toISOString() },
      }),
    close: () => server.close(),
  };
}
