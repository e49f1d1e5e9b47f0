import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from './document.ts';

export const OPENAPI_FILE = join(import.meta.dirname, '../../docs/openapi.json');

/** The text of the committed file; a test fails when it is stale. */
export const openApiText = (): string => `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (import.meta.main) {
  writeFileSync(OPENAPI_FILE, openApiText());
  console.log('wrote docs/openapi.json');
}
