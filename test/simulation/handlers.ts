import { FUNCTIONS } from '../../functions/topology.ts';
import type { LambdaHandler } from './services/lambda.ts';

const ROOT = new URL('../../', import.meta.url);

/** The handlers that are deployed, from their own files, linked to the simulated world (link/register.ts). */
export async function loadHandlers(): Promise<ReadonlyMap<string, LambdaHandler>> {
  const loaded = FUNCTIONS.map(async ({ id, entry }): Promise<[string, LambdaHandler]> => {
    const { handler } = await import(new URL(entry, ROOT).href);
    return [id, handler];
  });
  return new Map(await Promise.all(loaded));
}
