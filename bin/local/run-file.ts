import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cache.ts';

/** Where the local run that is up can be reached: written by `npm start`, read by the command line with `--stage local`. */
export type RunFile = {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Base of Crossdock's own API. */
  readonly apiUrl: string;
  readonly controlUrls?: Readonly<Record<string, string>>;
};

const file = (): string => path.join(cacheFolder(), 'local-run.json');

export const writeRunFile = (run: RunFile): void => writeFileSync(file(), JSON.stringify(run), { mode: 0o600 });

export const readRunFile = (): RunFile | undefined =>
  existsSync(file()) ? (JSON.parse(readFileSync(file(), 'utf8')) as RunFile) : undefined;

export const removeRunFile = (): void => rmSync(file(), { force: true });
