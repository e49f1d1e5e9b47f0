import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runFolder } from '../cache.ts';
import { cleanEnvironment } from '../engines/environment.ts';
import { freePort, type Supervised, startProcess } from '../process.ts';
import { type Progress, runSteps, type SetUpStep } from '../progress.ts';
import { type DatabaseKind, trytonEnvironment } from './environment.ts';
import { openPostgresql, seededPostgresql } from './postgresql.ts';
import { configuration, type TrytonIds } from './seeding.ts';
import { openSqlite, seededSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

export type { DatabaseKind } from './environment.ts';
export type { TrytonIds } from './seeding.ts';

export interface TrytonOptions {
  /**
   * `sqlite` (default) starts fastest and is a good adversary: it lets parallel transitions and unbalanced journal
   * entries through that PostgreSQL refuses.
   */
  readonly database?: DatabaseKind;
  readonly onProgress?: Progress;
}

/** A real Tryton 7.0 server on the loopback address, with the seeded company. */
export interface Tryton {
  /** `http://127.0.0.1:<port>`; the same through restarts. JSON-RPC at `POST <url>/<database>/`. */
  readonly url: string;
  readonly database: string;
  /** The connector's user: may sell, ship and post, and administer nothing. */
  readonly user: string;
  readonly password: string;
  /** Of the user `admin`, for tests that look behind the connector's back. */
  readonly adminPassword: string;
  readonly ids: TrytonIds;
  readonly running: boolean;
  start(): Promise<void>;
  /** Ends the server and keeps its data. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** SIGKILL: a crash. Its data is what it had committed. */
  kill(): Promise<void>;
  /** Back to the seeded state; a running server is restarted. */
  reset(): Promise<void>;
  /** Ends everything and removes this run's data. */
  close(): Promise<void>;
}

const DATABASE = 'crossdock';

/** What has to be made ready once for Tryton. */
export function trytonSteps(kind: DatabaseKind): SetUpStep[] {
  return [
    {
      title: `Install Tryton 7.0${kind === 'postgresql' ? ' and PostgreSQL' : ''}`,
      run: () => trytonEnvironment(kind),
    },
    { title: `Seed the ERP's company (${kind})`, run: kind === 'sqlite' ? seededSqlite : seededPostgresql },
  ];
}

/** A Tryton with a database of its own, in the seeded state; not yet started. Prepares what is missing. */
export async function openTryton({ database = 'sqlite', onProgress }: TrytonOptions = {}): Promise<Tryton> {
  await runSteps(trytonSteps(database), onProgress);
  const port = await freePort();
  const folder = path.join(runFolder(), `tryton-${port}`);
  await mkdir(folder, { recursive: true });
  const store = database === 'sqlite' ? await openSqlite(folder, DATABASE) : await openPostgresql(folder, DATABASE);
  const config = path.join(folder, 'trytond.conf');
  await writeFile(config, configuration(port, store.settings), { mode: 0o600 });
  return tryton(database, port, folder, config, store);
}

function tryton(kind: DatabaseKind, port: number, folder: string, config: string, store: Store): Tryton {
  const url = `http://127.0.0.1:${port}`;
  let server: Supervised | undefined;
  const running = () => server?.running ?? false;
  const start = async () => {
    if (!running()) server = await startServer(kind, url, folder, config);
  };
  const stop = async () => server?.stop();
  return {
    url,
    database: DATABASE,
    user: 'crossdock',
    password: store.passwords.connector,
    adminPassword: store.passwords.admin,
    ids: store.ids,
    get running() {
      return running();
    },
    start,
    stop,
    async restart() {
      await stop();
      await start();
    },
    kill: async () => server?.kill(),
    async reset() {
      const wasRunning = running();
      // Ended before its database is replaced: copying a SQLite file under a running server corrupts it.
      await stop();
      await store.reset();
      if (wasRunning) await start();
    },
    async close() {
      await stop();
      await store.close();
      await rm(config, { force: true });
    },
  };
}

async function startServer(kind: DatabaseKind, url: string, folder: string, config: string): Promise<Supervised> {
  const { python, scripts } = await trytonEnvironment(kind);
  return startProcess({
    name: 'Tryton 7.0',
    command: python,
    // The database is loaded at the start, so that the first login does not wait for it.
    args: ['-W', 'ignore', path.join(scripts, 'trytond'), '-c', config, '-d', DATABASE],
    env: cleanEnvironment(folder, {}),
    cwd: folder,
    logFile: path.join(folder, 'trytond.log'),
    ready: async () => {
      const call = { id: 1, method: 'common.server.version', params: [] };
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/`, { method: 'POST', headers, body: JSON.stringify(call) })).ok;
    },
  });
}
