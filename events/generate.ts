import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type Contract, envelopeOf } from './envelope.ts';
import { REGISTRY } from './registry.ts';

/**
 * Writes what follows from the registry: a JSON Schema for every contract and the event catalogue. `npm run generate`
 * writes the files; a test calls `generated` and fails when a committed file is stale.
 */
const root = join(import.meta.dirname, '..');

export type GeneratedFile = { readonly path: string; readonly text: string };

/** Every generated file, by its path from the project's root. */
export function generated(): GeneratedFile[] {
  const schemas = REGISTRY.map((contract) => ({
    path: `events/schemas/${contract.type}.json`,
    text: `${JSON.stringify(schemaOf(contract), null, 2)}\n`,
  }));
  return [...schemas, { path: 'docs/events.md', text: catalogue() }];
}

function schemaOf(contract: Contract): object {
  return { title: contract.type, description: contract.summary, ...z.toJSONSchema(envelopeOf(contract)) };
}

function catalogue(): string {
  const rows = REGISTRY.map(
    ({ type, source, schemaVersion, summary }) =>
      `| [\`${type}\`](../events/schemas/${type}.json) | \`${source}\` | ${schemaVersion} | ${summary} |`,
  );
  return [
    '# Event catalogue',
    '',
    'Generated from `events/registry.ts` by `npm run generate`. Each event is published once per fact and may arrive more',
    'than once and out of order: `metadata.id` is the same at each delivery, `metadata.sequence` orders the events of one',
    'subject. Samples are in `events/samples/`.',
    '',
    '| type (EventBridge detail-type) | source | schema version | when |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** Committed samples: one valid envelope a version, kept for ever so that old events stay readable. */
export function samples(): { readonly type: string; readonly schemaVersion: number; readonly envelope: unknown }[] {
  const folder = join(root, 'events/samples');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const [, type, version] = /^(.+\.v\d+)\.(\d+)\.json$/.exec(name) ?? [];
      if (!type) throw new Error(`events/samples/${name}: name samples <type>.<schemaVersion>.json`);
      return { type, schemaVersion: Number(version), envelope: JSON.parse(readFileSync(join(folder, name), 'utf8')) };
    });
}

if (import.meta.main) {
  mkdirSync(join(root, 'events/schemas'), { recursive: true });
  mkdirSync(join(root, 'docs'), { recursive: true });
  for (const { path, text } of generated()) writeFileSync(join(root, path), text);
  console.log(`wrote ${generated().length} files`);
}
