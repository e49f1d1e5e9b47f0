import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { prepareOnce } from '../cache.ts';
import { configuration, newPasswords, SEEDED, seedDatabase, seedInputs } from './seeding.ts';
import type { Store } from './store.ts';

/** The seeded SQLite database, made once. */
export function seededSqlite(): Promise<{ folder: string; cached: boolean }> {
  return prepareOnce('tryton-sqlite', seedInputs('sqlite'), async (folder) => {
    const config = path.join(folder, 'seed.conf');
    await writeFile(path.join(folder, `${SEEDED}.sqlite`), '');
    await writeFile(config, configuration(0, settingsFor(folder)));
    await seedDatabase('sqlite', folder, config, newPasswords());
  });
}

/** A copy of the seeded database named `name` in `folder`. */
export async function openSqlite(folder: string, name: string): Promise<Store> {
  const { folder: seeded } = await seededSqlite();
  const reset = async () => {
    // A journal left by a killed server belongs to the file that is thrown away.
    await rm(path.join(folder, `${name}.sqlite-journal`), { force: true });
    await copyFile(path.join(seeded, `${SEEDED}.sqlite`), path.join(folder, `${name}.sqlite`));
  };
  await reset();
  return {
    ids: JSON.parse(await readFile(path.join(seeded, 'ids.json'), 'utf8')),
    passwords: JSON.parse(await readFile(path.join(seeded, 'passwords.json'), 'utf8')),
    settings: settingsFor(folder),
    reset,
    close: () => rm(path.join(folder, `${name}.sqlite`), { force: true }),
  };
}

function settingsFor(folder: string): string[] {
  return ['uri = sqlite://', `path = ${folder}`];
}
