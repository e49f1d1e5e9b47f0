import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectors } from '#connectors/registry.ts';

describe('the registry of connectors', () => {
  it('has every connector that there is', () => {
    const folders = globSync('functions/connectors/**/manifest.ts').filter(
      (file) => file !== 'functions/connectors/manifest.ts',
    );
    expect(folders.map((file) => file.split('/').at(-2)).sort()).toEqual(Object.keys(connectors).sort());
  });

  it.each(Object.entries(connectors))('keeps %s under its own name', (name, { manifest }) => {
    expect(manifest.id).toBe(name);
    expect(manifest.id).toMatch(/^[a-z0-9-]+$/);
  });

  it.each(Object.entries(connectors))('can check and read the webhooks of %s, where it has any', (_name, one) => {
    expect(one.verifier !== undefined).toBe(one.manifest.webhook !== undefined);
    expect(one.translator !== undefined).toBe(one.manifest.webhook !== undefined);
  });

  it.each(Object.entries(connectors))('gives %s less time for a call than a lease lasts', (_name, { manifest }) => {
    expect(manifest.limits.callTimeoutSeconds).toBeLessThan(90);
  });

  it.each(Object.entries(connectors))('signs with a secret that can be rotated, for %s', (_name, { manifest }) => {
    const rotating = Object.values(manifest.secrets).includes('rotating');
    expect(rotating).toBe(manifest.webhook !== undefined);
  });
});
