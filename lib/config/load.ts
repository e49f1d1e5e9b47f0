import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Node } from 'constructs';
import * as z from 'zod';
import { checkAccountSettings } from './accounts.ts';
import { type Stage, stageSchema } from './stage.ts';

export const DEFAULT_STAGE = 'dev';

/** A configuration that can't be deployed; its text is all that a person sees, so it says what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * The stage to synthesize: `-c stage=NAME` (default `dev`) from `cdk.json`, with the JSON file of `-c config=FILE` laid over
 * it (objects are merged, anything else is replaced). Throws ConfigurationError, naming every fault at once.
 */
export function loadStage(context: Pick<Node, 'tryGetContext'>): Stage {
  const name = text(context.tryGetContext('stage')) ?? DEFAULT_STAGE;
  const file = text(context.tryGetContext('config'));
  const stages = asObject(context.tryGetContext('stages') ?? {}, '"stages" in the context of cdk.json');
  const base = stages[name];
  if (base === undefined && file === undefined) {
    throw new ConfigurationError(
      `stage "${name}" is not known: cdk.json has ${Object.keys(stages).join(', ') || 'none'}. ` +
        'Add it to "stages" in the context of cdk.json, name another with -c stage=NAME, or give a file with -c config=FILE.',
    );
  }
  const given = merge(asObject(base ?? {}, `stage "${name}" in cdk.json`), file === undefined ? {} : readConfig(file));
  return parseStage({ ...given, name }, file === undefined ? 'cdk.json' : `cdk.json with ${file}`);
}

/** Checks a stage and gives it its defaults. `source` is named in the error. */
export function parseStage(given: unknown, source: string): Stage {
  const parsed = stageSchema.safeParse(given);
  const faults = parsed.success ? checkAccountSettings(parsed.data) : z.prettifyError(parsed.error);
  if (faults !== undefined) {
    const name = (given as { name?: unknown }).name;
    throw new ConfigurationError(`stage "${name}" from ${source} can not be deployed:\n${faults}`);
  }
  return parsed.data as Stage;
}

function readConfig(file: string): Record<string, unknown> {
  const path = resolve(file);
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`-c config=${file}: ${path} can not be read. Give the path of a JSON file.`, {
      cause,
    });
  }
  try {
    return asObject(JSON.parse(content), path);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(`-c config=${file}: ${path} is not JSON (${(cause as Error).message}).`, { cause });
  }
}

function asObject(given: unknown, what: string): Record<string, unknown> {
  if (isObject(given)) return given;
  throw new ConfigurationError(`${what} is ${JSON.stringify(given)}: give a JSON object.`);
}

const isObject = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = base[key];
    merged[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

const text = (given: unknown): string | undefined => (typeof given === 'string' && given !== '' ? given : undefined);
