import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../functions/topology.ts';
import { paceOf } from '../../lib/config/pace.ts';

describe('the pace of a stage', () => {
  it.each([
    ['as deployed', paceOf({ drillSeconds: undefined })],
    ['of a crash drill', paceOf({ drillSeconds: 12 })],
  ])('%s lets a function end before its message shows again and before the lease it holds ends', (_which, pace) => {
    for (const { timeoutSeconds, needs } of FUNCTIONS) {
      const timeout = pace.functionTimeout(timeoutSeconds);
      expect(timeout).toBeLessThanOrEqual(timeoutSeconds);
      expect(pace.visibility(timeout)).toBeGreaterThan(timeout);
      // Only executors hold one.
      if (needs.configuration?.includes('operation-lease')) expect(pace.leaseSeconds).toBeGreaterThan(timeout);
    }
  });
});
