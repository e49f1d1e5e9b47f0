import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { OPERATIONS, openApiDocument } from '../../bin/openapi/document.ts';
import { EXAMPLES } from '../../bin/openapi/examples.ts';
import { OPENAPI_FILE, openApiText } from '../../bin/openapi/generate.ts';
import { handler } from '../../functions/handlers/returns/describe-api.ts';
import { FUNCTIONS } from '../../functions/topology.ts';

type Document = {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
};
const document = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8')) as Document;

describe('docs/openapi.json', () => {
  it('is what the code says: else run npm run generate', () => {
    expect(readFileSync(OPENAPI_FILE, 'utf8')).toBe(openApiText());
  });

  it('is a valid OpenAPI 3.1 document whose references all lead somewhere', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, kind = '', name = ''] of references) {
      const parts = (openApiDocument() as unknown as { components: Record<string, object> }).components;
      expect(Object.keys(parts[kind] ?? {})).toContain(name);
    }
  });

  it('would be refused if it were not valid', async () => {
    const { valid } = await new Validator().validate({ ...structuredClone(document), paths: { 'no-slash': {} } });
    expect(valid).toBe(false);
  });

  it('has the routes that clients can call, and no other', () => {
    const deployed = FUNCTIONS.flatMap(({ trigger }) => (trigger.on === 'api' ? trigger.routes : []));
    const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual(deployed.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('is served as it is', async () => {
    const answer = await handler({});
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toEqual(document);
  });
});

describe('the examples', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'crossdock', components: document.components });
  const cases = Object.entries(EXAMPLES).flatMap(([schema, examples]) =>
    Object.entries(examples).map(([name, value]) => [schema, name, value] as const),
  );

  it.each(cases)('of %s: %s is one', (schema, _name, value) => {
    const validate = ajv.compile({ $ref: `crossdock#/components/schemas/${schema}` });
    expect(validate(value) ? [] : validate.errors).toEqual([]);
    // A schema that lets anything through would prove nothing.
    expect(validate({ ...value, surprise: 1 })).toBe(false);
  });

  it('are there for everything that is sent or answered', () => {
    for (const { body, answer } of OPERATIONS) {
      if (body) expect(Object.keys(EXAMPLES[body.schema] ?? {})).not.toEqual([]);
      expect(Object.keys(EXAMPLES[answer] ?? {})).not.toEqual([]);
    }
  });
});
