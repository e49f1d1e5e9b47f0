import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CacheInput } from '../cache.ts';
import { cleanEnvironment } from '../engines/environment.ts';
import { type DatabaseKind, trytonEnvironment } from './environment.ts';

const run = promisify(execFile);
const SEED = fileURLToPath(new URL('./seed.py', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('../requirements/', import.meta.url));
const MODULES = ['sale', 'account_invoice_stock', 'web_shop'];

/** Name of the seeded database; each run works on a copy of it. */
export const SEEDED = 'seed';

/** Ids of the seeded master data, by the keys that the world outside uses. */
export interface TrytonIds {
  readonly company: number;
  readonly currency: number;
  readonly shop: number;
  /** The party "Marketplace customer", code MKT. */
  readonly party: number;
  readonly address: number;
  readonly guestParty: number;
  readonly paymentTerm: number;
  readonly unit: number;
  /** The connector's user. */
  readonly user: number;
  /** Customer taxes by their rate in per cent: `10` and `6`. */
  readonly taxes: Readonly<Record<string, number>>;
  /** By SKU. */
  readonly products: Readonly<Record<string, number>>;
  /** By code: warehouse WH, its storage STO, customers CUS, quarantine QUA (outside the warehouse). */
  readonly locations: Readonly<Record<'WH' | 'STO' | 'CUS' | 'QUA', number>>;
  /** By ISO 3166 code of two letters. */
  readonly countries: Readonly<Record<string, number>>;
  readonly journals: Readonly<Record<'settlement' | 'cash', number>>;
  readonly accounts: Readonly<
    Record<'receivable' | 'payable' | 'revenue' | 'expense' | 'cash' | 'tax' | 'taxCollected', number>
  >;
  readonly fiscalYears: Readonly<Record<string, number>>;
}

/** Made at random with the seeded database and kept beside it, readable for its owner alone. */
export interface Passwords {
  readonly admin: string;
  readonly connector: string;
  readonly database: string;
}

export function newPasswords(): Passwords {
  const word = () => randomBytes(18).toString('base64url');
  return { admin: word(), connector: word(), database: word() };
}

/** What a seeded database is made of. The year, because its fiscal years begin with the last and end with the next. */
export function seedInputs(kind: DatabaseKind): CacheInput[] {
  const locks = kind === 'sqlite' ? ['tryton'] : ['tryton', 'postgresql'];
  return [
    { text: `${kind} ${new Date().getUTCFullYear()} ${MODULES.join(' ')}` },
    { path: SEED },
    { path: fileURLToPath(import.meta.url) },
    ...locks.map((lock) => ({ path: path.join(REQUIREMENTS, `${lock}.txt`) })),
  ];
}

/**
 * Initialises the empty database `seed` with the modules, fills it, and writes `ids.json` and `passwords.json`.
 *
 * @param between initialise in two steps, and call this after each: PostgreSQL wants its statistics renewed there
 */
export async function seedDatabase(
  kind: DatabaseKind,
  folder: string,
  configFile: string,
  passwords: Passwords,
  between?: () => Promise<void>,
): Promise<void> {
  const { python, scripts } = await trytonEnvironment(kind);
  const files = { admin: path.join(folder, 'admin-password'), connector: path.join(folder, 'connector-password') };
  await writeFile(files.admin, passwords.admin, { mode: 0o600 });
  await writeFile(files.connector, passwords.connector, { mode: 0o600 });
  const env = cleanEnvironment(folder, { TRYTONPASSFILE: files.admin, DB_NAME: ':memory:' });
  const call = (args: string[]) => run(python, ['-W', 'ignore', ...args], { env, cwd: folder, maxBuffer: 1 << 26 });
  const admin = [path.join(scripts, 'trytond-admin'), '-c', configFile, '-d', SEEDED];
  const base = ['--all', '--email', 'admin@example.test'];
  const modules = ['-u', ...MODULES, '--activate-dependencies'];
  if (between) {
    await call([...admin, ...base]);
    await between();
    await call([...admin, ...modules]);
    await between();
  } else {
    await call([...admin, ...base, ...modules]);
  }
  const { stdout } = await call([SEED, SEEDED, configFile, files.connector]);
  await writeFile(path.join(folder, 'ids.json'), stdout);
  await writeFile(path.join(folder, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 });
}

/** The server's configuration file. `database` holds the lines of its section. */
export function configuration(port: number, database: readonly string[]): string {
  return ['[web]', `listen = 127.0.0.1:${port}`, '[database]', ...database, '[session]', 'timeout = 86400', ''].join(
    '\n',
  );
}
