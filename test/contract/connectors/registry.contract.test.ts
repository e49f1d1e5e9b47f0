import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { connectors } from '#connectors/registry.ts';

it.each(Object.keys(connectors))('%s is held to the conformance kit', (name) => {
  const file = new URL(`${name}.contract.test.ts`, import.meta.url);
  expect(existsSync(file), `write test/contract/connectors/${name}.contract.test.ts; docs/connectors.md says how`).toBe(
    true,
  );
  expect(readFileSync(file, 'utf8')).toContain(`conformance('${name}',`);
});
