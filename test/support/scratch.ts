import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runFolder } from '../../bin/local/cache.ts';

/**
 * Has this process and all that it starts put their temporary files into its run folder in the cache, which goes with the
 * process. Whoever makes such files asks the environment for their place: tests, the CDK (an app without `outdir`), Vitest,
 * Python. Answers a home for those who write into the user's own without asking.
 */
export function keepTemporaryFiles(): { readonly home: string } {
  const folder = runFolder();
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [temporary, home] = [join(folder, 'tmp'), join(folder, 'home')];
  for (const one of [temporary, home]) mkdirSync(one);
  // XDG_DATA_HOME: Vitest has a token among the user's data.
  Object.assign(process.env, { TMPDIR: temporary, TMP: temporary, TEMP: temporary, XDG_DATA_HOME: home });
  return { home };
}
