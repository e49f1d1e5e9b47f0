import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../bin/local/cache.ts';
import { keepTemporaryFiles } from './support/scratch.ts';

/**
 * `npm test`: lint, types, then every test project in an order that fails early. Arguments name projects to run alone
 * (`npm test -- quick infra`). The last line is always `N passed, N failed`.
 */
const PROJECTS = ['quick', 'infra', 'simulation', 'ports', 'servers', 'e2e'] as const;

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(PROJECTS as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`"${unknown.join(' ')}" is no test project: name some of ${PROJECTS.join(', ')}, or none for all`);
  process.exit(2);
}
if (process.versions.node.split('.')[0] !== '24') {
  console.error(
    `tests need Node 24 and run on ${process.version}: run them by "npm test", after "npm ci" with install scripts allowed`,
  );
  process.exit(2);
}

const { home } = keepTemporaryFiles();

type Counts = { passed: number; failed: number };

function step(name: string, command: string, ...args: string[]): Counts {
  console.log(`\n── ${name}`);
  // Biome makes itself a folder in the user's cache; Vitest must not, for pip looks there before it fetches an engine.
  const env = command === 'vitest' ? process.env : { ...process.env, XDG_CACHE_HOME: home };
  const { status } = spawnSync(join('node_modules/.bin', command), args, { stdio: 'inherit', env });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function project(name: string): Counts {
  const results = join(cacheFolder(), 'test-results', `${name}.json`);
  mkdirSync(join(cacheFolder(), 'test-results'), { recursive: true });
  rmSync(results, { force: true });
  const { failed } = step(
    name,
    'vitest',
    'run',
    '--project',
    name,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
  );
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8'));
    // A file that can't be loaded fails without a failed test; it must not count as nothing.
    return { passed: numPassedTests, failed: Math.max(numFailedTests, failed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const all = positionals.length === 0;
const counts: Counts[] = all ? [step('lint and format', 'biome', 'check'), step('types', 'tsc', '--noEmit')] : [];
for (const name of PROJECTS) if (all || positionals.includes(name)) counts.push(project(name));
const sum = (what: keyof Counts): number => counts.reduce((total, count) => total + count[what], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
