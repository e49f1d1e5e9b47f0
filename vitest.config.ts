import { defineConfig } from 'vitest/config';
import { keepTemporaryFiles } from './test/support/scratch.ts';

const { home } = keepTemporaryFiles();

/**
 * Projects by what they need. `quick` needs nothing but Node; `infra` synthesizes the app; `simulation` runs seeds and
 * mutants; `ports` holds the adapters on AWS to the contracts that `quick` holds those in memory to, on one local engine;
 * `servers` starts real servers one after another; `e2e` deploys the whole.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'quick', include: ['test/{unit,contract,rules}/**/*.test.ts'], testTimeout: 20_000 } },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          // The CDK keeps fingerprints of assets in the user's home.
          env: { HOME: home },
          // The CDK takes seconds to load, and its tests keep no state: one load for all files.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          // Each of its files takes all cores.
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'ports',
          include: ['test/contract/ports/**/*.test.ts'],
          globalSetup: 'test/contract/ports/engine.ts',
          // An engine loads each of its services at the first call.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['test/{local,integration}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          // Where nothing is in the cache yet, an engine and an ERP are installed and seeded before the app is deployed.
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
