import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReasonMapVersion, reasonMapAt } from '#core/returns/reasons/catalogue.ts';
import { CHANNEL_VOCABULARIES, type ReverseMap } from '#core/returns/reasons/channel-codes.ts';
import { isVague, reverseReason } from '#core/returns/reasons/reverse.ts';
import { REVERSE_MAPS } from '#core/returns/reasons/reverse-maps.ts';
import { MARKETPLACES, VOCABULARIES } from '#core/returns/reasons/vocabularies.ts';
import { CANONICAL_REASONS, type CanonicalReason, mapReason } from '#core/returns/reasons.ts';
import { NOW } from './samples.ts';

const merchant = (
  source: string,
  version: string,
  effectiveFrom: string,
  codes: Record<string, CanonicalReason>,
): ReasonMapVersion => ({ layer: 'merchant', source, version, effectiveFrom, codes });

describe('the map of a source at a time', () => {
  const catalogue = [
    ...VOCABULARIES,
    merchant('generic', 'house-1', '2026-01-01T00:00:00Z', { TOO_PINK: 'style-or-color', OTHER: 'no-reason' }),
    merchant('generic/main', 'm-1', '2026-02-01T00:00:00Z', { TOO_PINK: 'changed-mind' }),
    merchant('generic/main', 'm-2', '2026-06-01T00:00:00+02:00', { BLUE: 'style-or-color' }),
  ];
  const meaning = (source: string, at: string, code: string) =>
    mapReason(reasonMapAt(catalogue, source, at), code).canonical;

  it('is the vocabulary alone, for whom no merchant said anything', () => {
    expect(reasonMapAt(catalogue, 'amazon/eu', NOW)).toEqual(
      expect.objectContaining({ version: '2026-11-01', codes: MARKETPLACES.amazon }),
    );
  });

  it('has the words of the account over those of its platform over those of Crossdock', () => {
    const at = '2026-03-01T00:00:00Z';
    expect(meaning('generic/main', at, 'too_pink')).toBe('changed-mind');
    expect(meaning('generic/other', at, 'too_pink')).toBe('style-or-color');
    expect(meaning('generic/main', at, 'OTHER')).toBe('no-reason');
    expect(meaning('generic/main', at, 'CR-DEFECTIVE')).toBe('defective');
    expect(reasonMapAt(catalogue, 'generic/main', at).version).toBe('2026-11-01+generic:house-1+generic/main:m-1');
  });

  it.each([
    ['2025-12-31T23:59:59.999Z', undefined],
    ['2026-01-01T00:00:00.000Z', 'style-or-color'],
    ['2026-02-01T00:00:00.000Z', 'changed-mind'],
    // The version that ends took its word away with it.
    ['2026-05-31T22:00:00.000Z', 'style-or-color'],
  ])('at %s reads TOO_PINK as %s', (at, expected) => expect(meaning('generic/main', at, 'TOO_PINK')).toBe(expected));

  it('has every marketplace for a platform that nobody knows', () => {
    expect(meaning('loop/main', NOW, 'AMZ-PG-BAD-DESC')).toBe('not-as-described');
  });
});

describe('marketplaces', () => {
  it('mean the same by the same code, so that all can be read at once', () => {
    const meant = new Map<string, Set<string>>();
    for (const codes of Object.values(MARKETPLACES)) {
      for (const [code, reason] of Object.entries(codes)) meant.set(code, (meant.get(code) ?? new Set()).add(reason));
    }
    expect([...meant].filter(([, reasons]) => reasons.size > 1)).toEqual([]);
  });

  it('have each of their codes mapped to exactly one canonical reason, whatever its case', () => {
    const codes = Object.entries(MARKETPLACES).flatMap(([source, map]) =>
      Object.keys(map).map((code) => [source, code]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...codes), fc.boolean(), ([source = '', code = ''], lower) => {
        const { canonical } = mapReason(reasonMapAt(VOCABULARIES, source, NOW), lower ? code.toLowerCase() : code);
        expect(CANONICAL_REASONS).toContain(canonical);
      }),
    );
  });
});

describe('telling a channel why', () => {
  const ask = (maps: readonly ReverseMap[], canonical: CanonicalReason, channel = 'walmart', at = NOW) =>
    reverseReason(maps, { channel, purpose: 'refund', canonical, at });
  const own = (changes: Partial<ReverseMap>): ReverseMap => ({
    ...{
      layer: 'merchant',
      channel: 'walmart',
      purpose: 'refund',
      version: 'm-1',
      effectiveFrom: '2026-01-01T00:00:00Z',
    },
    ...{ exact: {}, nearest: {} },
    ...changes,
  });

  it('uses only codes that the channel takes, and no vague one but where a map names it', () => {
    for (const { channel, purpose, exact, nearest } of REVERSE_MAPS) {
      const taken = CHANNEL_VOCABULARIES[channel]?.[purpose]?.codes ?? [];
      expect(taken).toEqual(expect.arrayContaining([...Object.values(exact), ...Object.values(nearest)]));
      expect(Object.values(nearest).filter((code) => isVague(channel, purpose, code))).toEqual([]);
    }
  });

  it('comes back to the same reason where the channel has a code for just it', () => {
    const pairs = REVERSE_MAPS.filter(({ purpose }) => purpose === 'return').flatMap(({ channel, exact }) =>
      Object.keys(exact).map((reason) => ({ channel, canonical: reason as CanonicalReason })),
    );
    expect(pairs.length).toBeGreaterThan(15);
    for (const { channel, canonical } of pairs) {
      const told = reverseReason(REVERSE_MAPS, { channel, purpose: 'return', canonical, at: NOW });
      const code = told.kind === 'mapped' ? told.code : '';
      expect(mapReason(reasonMapAt(VOCABULARIES, channel, NOW), code).canonical, `${channel} ${code}`).toBe(canonical);
    }
  });

  it('says the exact code, else the nearest one, and which of both', () => {
    expect(ask(REVERSE_MAPS, 'damaged')).toMatchObject({ code: 'DamagedItem', fidelity: 'exact' });
    expect(ask(REVERSE_MAPS, 'expired')).toMatchObject({ code: 'DefectiveItem', fidelity: 'nearest' });
  });

  it('refuses what no map names, and a channel that nobody knows', () => {
    expect(ask(REVERSE_MAPS, 'customized')).toMatchObject({ reason: { code: 'REASON_NOT_IN_CHANNEL' } });
    expect(ask(REVERSE_MAPS, 'damaged', 'bazaar')).toMatchObject({ reason: { code: 'REASON_CHANNEL_UNKNOWN' } });
  });

  it.each(['General adjustment', 'Others'])('refuses the vague default "%s" for any reason but "other"', (fallback) => {
    const maps = [...REVERSE_MAPS, own({ fallback })];
    expect(ask(maps, 'customized')).toMatchObject({ kind: 'refused', reason: { code: 'REASON_TOO_VAGUE' } });
    expect(ask([own({ fallback })], 'other')).toMatchObject({ kind: 'mapped', code: fallback, fidelity: 'fallback' });
  });

  it('takes a vague code that the merchant names for just this reason, and a default that says something', () => {
    const named = own({ nearest: { customized: 'General adjustment' } });
    expect(ask([...REVERSE_MAPS, named], 'customized')).toMatchObject({ code: 'General adjustment' });
    const plain = own({ fallback: 'Customer returned item' });
    expect(ask([...REVERSE_MAPS, plain], 'customized')).toMatchObject({ code: 'Customer returned item' });
  });

  it('knows a vague word in a channel of which it has no list', () => {
    const bazaar = own({ channel: 'bazaar', fallback: 'RETURN_OTHER' });
    expect(ask([bazaar], 'damaged', 'bazaar')).toMatchObject({ reason: { code: 'REASON_TOO_VAGUE' } });
  });

  it('refuses a code that the channel does not take', () => {
    const wrong = own({ exact: { damaged: 'BROKEN' } });
    expect(ask([...REVERSE_MAPS, wrong], 'damaged')).toMatchObject({ reason: { code: 'REASON_CODE_INVALID' } });
  });

  it('goes by the version of the day, the merchant before Crossdock', () => {
    const later = own({ exact: { damaged: 'Shipping & Delivery -> Damaged' }, effectiveFrom: '2026-12-01T00:00:00Z' });
    const maps = [...REVERSE_MAPS, later];
    expect(ask(maps, 'damaged')).toMatchObject({ code: 'DamagedItem' });
    expect(ask(maps, 'damaged', 'walmart', '2026-12-01T00:00:00Z')).toMatchObject({
      code: 'Shipping & Delivery -> Damaged',
      mappingVersion: 'm-1',
    });
  });
});
