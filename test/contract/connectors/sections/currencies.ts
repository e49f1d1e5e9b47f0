import { expect, it } from 'vitest';
import { isLeftOut } from '../under-test.ts';
import { execute, type OperationSubject, probe } from './calls.ts';
import { leftOut } from './left-out.ts';

/** Amounts go out with the decimals of their currency; the tape holds the requests to it. */
export function currencies({ partner, under }: OperationSubject): void {
  if (isLeftOut(under.currencies)) leftOut('yen and dinars', under.currencies);
  else {
    it.each(Object.entries(under.currencies))('%s: is applied and found to the last digit', async (currency, one) => {
      expect(one.operation.content.currency).toBe(currency);
      expect(await execute(partner, one, one.applied)).toEqual({ kind: 'applied', ...one.outcome });
      expect(await probe(partner, one, one.found)).toEqual({ kind: 'found', ...one.outcome });
    });
  }
}
