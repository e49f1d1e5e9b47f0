import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { envelopeOf } from '#events/envelope.ts';
import { generated, samples } from '#events/generate.ts';
import { contractOf, REGISTRY } from '#events/registry.ts';

describe('event contracts', () => {
  it('have unique types that say their source and major version', () => {
    const types = REGISTRY.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    for (const { type, source } of REGISTRY) {
      expect(type).toMatch(/^[a-z]+\.[a-z-]+\.v\d+$/);
      expect(source).toBe(`crossdock.${type.split('.')[0]}`);
    }
  });

  it.each(REGISTRY.map((contract) => [contract.type, contract] as const))(
    '%s has a sample of its version',
    (type, contract) => {
      expect(
        samples()
          .filter((one) => one.type === type)
          .map((one) => one.schemaVersion),
      ).toContain(contract.schemaVersion);
    },
  );

  it.each(samples().map((one) => [`${one.type} ${one.schemaVersion}`, one] as const))(
    'sample %s is valid',
    (_name, sample) => {
      const parsed = envelopeOf(contractOf(sample.type)).safeParse(sample.envelope);
      expect(parsed.error?.issues).toBeUndefined();
    },
  );

  it.each(samples().map((one) => [`${one.type} ${one.schemaVersion}`, one] as const))(
    'sample %s is valid by the generated JSON Schema and an independent validator',
    (_name, sample) => {
      const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true, date: true } });
      const schema = JSON.parse(readFileSync(`events/schemas/${sample.type}.json`, 'utf8'));
      const validate = ajv.compile(schema);
      expect(validate(sample.envelope), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  it('refuses fields that no contract names, so that personal data can not slip out', () => {
    const [sample] = samples();
    if (!sample) throw new Error('no samples');
    const schema = envelopeOf(contractOf(sample.type));
    const envelope = sample.envelope as { metadata: object; data: object };
    expect(schema.safeParse({ ...envelope, data: { ...envelope.data, email: 'a@example.test' } }).success).toBe(false);
    expect(schema.safeParse({ ...envelope, metadata: { ...envelope.metadata, name: 'x' } }).success).toBe(false);
  });

  it('match the committed schemas and catalogue (npm run generate)', () => {
    for (const { path, text } of generated()) expect(readFileSync(path, 'utf8'), `${path} is stale`).toBe(text);
  });
});
