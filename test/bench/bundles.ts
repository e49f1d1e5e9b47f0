import { FUNCTIONS } from '../../functions/topology.ts';
import { budgetOf, bundleEntry } from '../support/handler-bundles.ts';
import { type Bench, type Measure, rounds } from './bench.ts';

const BYTES_PER_KB = 1000;

/** Size of every handler's bundle, minified, with its SDK; test/unit/platform/bundles.test.ts fails above the budgets. */
export const bundles: Bench = {
  name: 'bundles',
  does: 'size of every handler as it is deployed',
  async run(context) {
    const measures: Measure[] = [];
    await rounds(context, 'bundles', FUNCTIONS.length, async (index) => {
      const spec = FUNCTIONS[index];
      if (!spec) return;
      const { bytes } = await bundleEntry(spec.entry);
      measures.push({
        name: spec.id,
        value: bytes / BYTES_PER_KB,
        unit: 'KB',
        target: budgetOf(spec) / BYTES_PER_KB,
      });
    });
    return { bench: this.name, measures, notes: ['KB of 1,000 bytes, minified, not compressed'] };
  },
};
