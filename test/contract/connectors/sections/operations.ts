import { describe, expect, it } from 'vitest';
import type { ConnectorManifest } from '#connectors/manifest.ts';
import type { OperationKind } from '#core/operations/operation.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import type { OperationsUnderTest } from '../under-test.ts';
import { execute, type OperationSubject, probe } from './calls.ts';
import { credentials } from './credentials.ts';
import { currencies } from './currencies.ts';
import { throttling } from './throttling.ts';
import { unknownOutcomes } from './unknown-outcomes.ts';

/** Writes to a partner: made once, proved, and never believed on the strength of an answer alone. */
export function operations(manifest: ConnectorManifest, partner: OperationsUnderTest): void {
  it('are those that the manifest declares, with its probe policies', () => {
    const executor = partner.open('http://127.0.0.1:9', new MemoryClock());
    expect([...executor.kinds].sort()).toEqual(Object.keys(manifest.operations).sort());
    for (const kind of executor.kinds) expect(executor.probePolicy(kind)).toEqual(manifest.operations[kind]);
  });

  for (const [name, under] of Object.entries(partner.kinds)) {
    const kind = name as OperationKind;
    describe(kind, () => operation({ manifest, partner, kind, under }));
  }
}

function operation(subject: OperationSubject): void {
  const { partner, under, kind } = subject;
  const { outcome } = under;

  it(`is of this kind, and ${under.looks ? 'only looks' : 'changes something'} at the partner`, () => {
    expect(under.operation.kind).toBe(kind);
    expect(under.applied.some(({ effect }) => effect)).toBe(under.looks !== true);
    for (const tape of [under.absent, under.found, under.standing]) {
      expect(tape.filter(({ effect }) => effect).map(({ name }) => name)).toEqual([]);
    }
  });

  it('is applied, request for request as on the tape', async () => {
    expect(await execute(partner, under, under.applied)).toEqual({ kind: 'applied', ...outcome });
  });

  it('is absent to a probe before, and found by one after', async () => {
    expect(await probe(partner, under, under.absent)).toEqual({ kind: 'absent' });
    expect(await probe(partner, under, under.found)).toEqual({ kind: 'found', ...outcome });
  });

  it('that stands is left alone', async () => {
    expect(await execute(partner, under, under.standing)).toEqual({ kind: 'applied', ...outcome });
  });

  it('is not sent when no time is left', async () => {
    const spent = { signal: AbortSignal.abort() };
    expect(await execute(partner, under, [], spent)).toMatchObject({ kind: 'unavailable' });
    expect(await probe(partner, under, [], spent)).toMatchObject({ kind: 'unavailable' });
  });

  describe('is not applied when', () => {
    it('somebody has thought of how the partner may deceive', () => expect(under.deceptions.length).toBeGreaterThan(0));

    it.each(under.deceptions)('$name', async ({ exchanges, outcome: kind, code }) => {
      if (kind === 'thrown') {
        await expect(execute(partner, under, exchanges)).rejects.toThrow(/another form/);
        return;
      }
      const told = await execute(partner, under, exchanges);
      expect(told).toMatchObject({ kind, ...(code !== undefined && { reason: { code } }) });
    });
  });

  describe('throttled', () => throttling(subject));
  describe('with credentials that expire', () => credentials(subject));
  if (!under.looks) describe('with an outcome that nobody saw', () => unknownOutcomes(subject));
  describe('in other currencies', () => currencies(subject));
}
