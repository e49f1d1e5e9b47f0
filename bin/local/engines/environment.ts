import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../cache.ts';

/** The folder of the project's own pinned Node, or of the one that runs us where the project has none. */
export function nodeFolder(): string {
  const own = path.join(PROJECT_ROOT, 'node_modules', '.bin');
  return existsSync(path.join(own, 'node')) ? own : path.dirname(process.execPath);
}

/**
 * A process's whole environment: what programs need to run at all, home and temporary folder inside `folder`, and
 * what the caller adds. Nothing else of ours: engines hand their environment on to the functions they run.
 */
export function cleanEnvironment(folder: string, more: Record<string, string>): Record<string, string> {
  const home = path.join(folder, 'home');
  const temporary = path.join(folder, 'tmp');
  mkdirSync(home, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  // Functions are unpacked below: without this, Node takes the project's own package.json for theirs.
  writeFileSync(path.join(folder, 'package.json'), '{}');
  const systemPath = (process.env.PATH ?? '/usr/bin:/bin')
    .split(':')
    .filter((entry) => !entry.includes('node_modules'));
  return {
    PATH: [nodeFolder(), ...systemPath].join(':'),
    HOME: home,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...more,
  };
}
