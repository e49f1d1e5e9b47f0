import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutantNamed, mutate } from '../mutants/mutants.ts';

/**
 * Preloaded before the simulator (`node --import`): links the shipped handlers to the simulated world. The seam is as far
 * down as it can be: SDK clients, sandbox, clock and ids, fault points, sleep, the writers of logs and metrics. All above it,
 * the adapters on AWS included, is the code that is deployed. With CROSSDOCK_MUTANT set, one guard of it is taken out on loading (mutants/mutants.ts);
 * nothing of this exists in a bundle.
 */
const ROOT = new URL('../../../', import.meta.url);
const SWAPPED = new Map(
  [
    ['functions/platform/sandbox.ts', 'sandbox.ts'],
    ['functions/platform/aws/clients.ts', 'clients.ts'],
    ['functions/platform/aws/document-client.ts', 'document-client.ts'],
    ['functions/platform/aws/runtime.ts', 'runtime.ts'],
    ['functions/platform/faults.ts', 'faults.ts'],
    ['functions/platform/temporary-spool.ts', 'temporary-spool.ts'],
  ].map(([from, to]) => [new URL(from as string, ROOT).href, new URL(`swapped/${to}`, import.meta.url).href]),
);
/** What shipped code imports from outside of itself. */
const OUTSIDE = new Map(
  [
    ['node:timers/promises', 'timers.ts'],
    ['@aws-lambda-powertools/logger', 'logger.ts'],
    ['@aws-lambda-powertools/logger/middleware', 'logger.ts'],
    ['@aws-lambda-powertools/metrics', 'metrics.ts'],
  ].map(([from, to]) => [from as string, new URL(`swapped/${to}`, import.meta.url).href]),
);
const mutant = mutantNamed(process.env.CROSSDOCK_MUTANT);
const mutated = new Map(mutant?.edits.map(({ file }) => [new URL(file, ROOT).href, file]));

registerHooks({
  resolve(specifier, context, next) {
    const outside = OUTSIDE.get(specifier);
    if (outside !== undefined && context.parentURL?.startsWith(`${ROOT.href}functions/`)) {
      return { url: outside, format: 'module-typescript', shortCircuit: true };
    }
    const resolved = next(specifier, context);
    const instead = SWAPPED.get(resolved.url);
    return instead === undefined ? resolved : { ...resolved, url: instead };
  },
  load(url, context, next) {
    const loaded = next(url, context);
    const file = mutated.get(url);
    if (!mutant || file === undefined) return loaded;
    return { ...loaded, source: mutate(readFileSync(fileURLToPath(url), 'utf8'), file, mutant) };
  },
});
