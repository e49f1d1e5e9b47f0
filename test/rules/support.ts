import { readFileSync } from 'node:fs';

/** Names of the stages in cdk.json. */
export const STAGES: readonly string[] = Object.keys(
  (JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: { stages: object } }).context.stages,
);
