import { build, type Metafile } from 'esbuild';
import type { FunctionSpec } from '../../functions/topology.ts';
import { bundleOptions, PROJECT_ROOT } from '../../lib/config/bundling.ts';

export type HandlerBundle = {
  readonly text: string;
  readonly bytes: number;
  /** Source files of which something got in, from the project's root. */
  readonly files: readonly string[];
  /** Names of packages of which something got in; our own files are `own`. */
  readonly packages: ReadonlySet<string>;
};

/** A platform waits for it too, but it reads the ERP, checks tokens, knows zones and remembers answers: that is 100 KB. */
const AUTHORIZATION = 'returns/receive-authorization';

/**
 * Bytes that a handler's bundle may have: a sender waits for a receiver's cold start, a queue does not mind. An executor holds
 * the decider of every kind of aggregate that its partner writes for.
 */
export function budgetOf({ id }: Pick<FunctionSpec, 'id'>): number {
  if (id.endsWith('/receive')) return 250_000;
  if (id === AUTHORIZATION) return 560_000;
  return id.endsWith('/execute') ? 540_000 : 460_000;
}

/** A handler's bundle as it is deployed. Answers it without writing anything. */
export const bundleEntry = (entry: string, faults = false): Promise<HandlerBundle> =>
  bundled(bundleOptions(entry, 'index.mjs', { faults }));

/** The same of a source text; it resolves imports as a file of `functions/platform/aws` does. */
export function bundleText(contents: string, faults = false): Promise<HandlerBundle> {
  const { entryPoints: _entry, ...options } = bundleOptions('stdin', 'index.mjs', { faults });
  const resolveDir = `${PROJECT_ROOT}/functions/platform/aws`;
  return bundled({ ...options, stdin: { contents, resolveDir, loader: 'ts' } });
}

async function bundled(options: ReturnType<typeof bundleOptions>): Promise<HandlerBundle> {
  const result = await build({ ...options, write: false, metafile: true });
  const text = result.outputFiles[0]?.text ?? '';
  const files = filesIn(result.metafile);
  const packages = new Set(files.map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'own'));
  return { text, bytes: Buffer.byteLength(text), files, packages };
}

const filesIn = ({ outputs }: Metafile): string[] =>
  Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => file);
