import { expect, it } from 'vitest';
import type { LeftOut } from '../under-test.ts';

/** A check that is left out says so in the report, with a reason that somebody took the time to write. */
export function leftOut(check: string, { leftOut: reason }: LeftOut): void {
  it(`${check}: left out, because ${reason || '?'}`, () => {
    expect(reason.length, `say in the connector's kit why "${check}" can't be tried`).toBeGreaterThan(30);
  });
}
