import { describe, expect, it } from 'vitest';
import { CANONICAL_REASONS, isSellerFault, MARKETPLACE_REASONS, mapReason } from '#core/returns/reasons.ts';
import fixture from './fixtures/marketplace-reasons.json' with { type: 'json' };

describe('reasons for a return', () => {
  it.each(fixture.vocabularies.map(({ name, values }) => [name, values] as const))(
    'are all understood: %s',
    (_name, values) => {
      expect(values.length).toBeGreaterThan(9);
      const unknown = values.filter((code) => mapReason(MARKETPLACE_REASONS, code).canonical === undefined);
      expect(unknown).toEqual([]);
    },
  );

  it('become "other" only when the partner said so', () => {
    const others = Object.entries(MARKETPLACE_REASONS.codes).filter(([, meaning]) => meaning === 'other');
    expect(others.map(([code]) => code).sort()).toEqual(['OTHER', 'RETURN_OTHER']);
    expect(mapReason(MARKETPLACE_REASONS, 'TOO_PINK').canonical).toBeUndefined();
  });

  it('keep what was given and the version of the map', () => {
    expect(mapReason(MARKETPLACE_REASONS, ' unwanted ')).toEqual({
      given: ' unwanted ',
      canonical: 'changed-mind',
      mappingVersion: MARKETPLACE_REASONS.version,
    });
  });

  it('are not looked up in what every object has', () => {
    expect(mapReason({ version: '1', codes: {} }, 'constructor').canonical).toBeUndefined();
  });

  it('are each in use, and say whose fault it is', () => {
    const used = new Set(Object.values(MARKETPLACE_REASONS.codes));
    expect(CANONICAL_REASONS.filter((reason) => !used.has(reason))).toEqual([]);
    expect(isSellerFault('defective')).toBe(true);
    expect(isSellerFault('changed-mind')).toBe(false);
  });
});
