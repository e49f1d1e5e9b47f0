import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFileLock } from './lock.ts';

/** The project's root folder, absolute. */
export const PROJECT_ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Folders of ended runs that are kept for a look at their logs. */
const RUNS_KEPT = 5;

/** The one folder that the local run writes to: `CROSSDOCK_CACHE`, or `.cache` in the project. */
export function cacheFolder(): string {
  const folder = path.resolve(PROJECT_ROOT, process.env.CROSSDOCK_CACHE || '.cache');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs `work` while no other process of this machine holds the lock of that name in the same cache. */
export function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = path.join(cacheFolder(), 'locks');
  mkdirSync(folder, { recursive: true });
  return withFileLock(path.join(folder, `${name}.lock`), work);
}

/** An input of something prepared: literal text, or the content of a file or of a folder's files. */
export type CacheInput = { readonly text: string } | { readonly path: string };

/**
 * Builds a folder once for given inputs and keeps it. The folder's name holds a hash of the inputs, so a changed
 * requirements file, seed or script makes a new one. It is built beside its place and renamed when complete: a folder
 * in place is a complete one, and what an interrupted build has left is swept away by the next.
 *
 * @param build fills the (empty) folder it is given; must not write that folder's own path into files it depends on,
 *   for the folder is renamed afterwards.
 */
export async function prepareOnce(
  name: string,
  inputs: readonly CacheInput[],
  build: (folder: string) => Promise<void>,
): Promise<{ folder: string; cached: boolean }> {
  const folder = path.join(cacheFolder(), `${name}-${hashOf(inputs)}`);
  if (await exists(folder)) return { folder, cached: true };
  return withLock(name, async () => {
    if (await exists(folder)) return { folder, cached: true };
    await sweepUnfinished(name);
    const unfinished = `${folder}.unfinished-${process.pid}-${randomBytes(3).toString('hex')}`;
    await mkdir(unfinished, { recursive: true });
    try {
      await build(unfinished);
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
    return { folder, cached: false };
  });
}

let currentRun: string | undefined;

/** This process's own folder below the cache (logs, scratch data); those of ended runs but the latest few are removed. */
export function runFolder(): string {
  if (!currentRun) {
    const runs = path.join(cacheFolder(), 'runs');
    mkdirSync(runs, { recursive: true });
    removeOldRuns(runs);
    currentRun = path.join(runs, `${new Date().toISOString().replace(/[:.]/g, '')}-${process.pid}`);
    mkdirSync(currentRun);
    writeFileSync(path.join(currentRun, 'pid'), String(process.pid));
  }
  mkdirSync(currentRun, { recursive: true });
  return currentRun;
}

/** First 16 hex digits of a SHA-256 over the inputs, independent of where the project lies. */
export function hashOf(inputs: readonly CacheInput[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    if ('text' in input) hash.update(`text ${input.text.length} ${input.text}\n`);
    else hashFiles(hash, input.path, path.basename(input.path));
  }
  return hash.digest('hex').slice(0, 16);
}

function hashFiles(hash: ReturnType<typeof createHash>, file: string, name: string): void {
  if (statSync(file).isDirectory()) {
    for (const entry of readdirSync(file).sort()) {
      if (entry !== '__pycache__') hashFiles(hash, path.join(file, entry), `${name}/${entry}`);
    }
    return;
  }
  const content = readFileSync(file);
  hash.update(`file ${name} ${content.length}\n`).update(content);
}

async function sweepUnfinished(name: string): Promise<void> {
  for (const entry of await readdir(cacheFolder())) {
    if (entry.startsWith(`${name}-`) && entry.includes('.unfinished-')) {
      await rm(path.join(cacheFolder(), entry), { recursive: true, force: true });
    }
  }
}

function removeOldRuns(runs: string): void {
  const ended = readdirSync(runs)
    .sort()
    .filter((run) => !isAlive(Number(run.split('-').at(-1))));
  for (const run of ended.slice(0, -RUNS_KEPT)) rmSync(path.join(runs, run), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
