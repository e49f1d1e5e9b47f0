import { describe, expect, it } from 'vitest';
import {
  CAPABILITIES,
  type Capability,
  capabilitiesOf,
  capabilityTable,
  supports,
} from '../../bin/local/engines/capabilities.ts';

describe('capabilities of the engines', () => {
  it('counts only what was seen to work', () => {
    expect(supports('localstack', 'moveTask')).toBe(true);
    expect(supports('ministack', 'moveTask')).toBe(false);
    const untried = (Object.keys(CAPABILITIES) as Capability[]).filter(
      (name) => CAPABILITIES[name].localstack === ('untried' as string),
    );
    for (const name of untried) expect(capabilitiesOf('localstack').has(name)).toBe(false);
    expect(capabilitiesOf('ministack').has('iamEnforcement')).toBe(true);
  });

  it('is rendered as one table with a row a capability', () => {
    const lines = capabilityTable().split('\n');
    expect(lines[0]).toBe('| capability | as on AWS | MiniStack | LocalStack |');
    expect(lines).toHaveLength(2 + Object.keys(CAPABILITIES).length);
    expect(lines).toContain(
      '| `moveTask` | SQS `StartMessageMoveTask` (a DLQ is redriven by the service itself) | no | yes |',
    );
    // A pipe in a cell would shift the columns.
    for (const line of lines) expect(line.split('|')).toHaveLength(6);
  });
});
