import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** The folder that holds package.json: entries in `functions/topology.ts` are given from here. */
export const PROJECT_ROOT = join(import.meta.dirname, '../..');

/**
 * How a handler's bundle is made; the bundle tests build with the same options, so what they measure is what is deployed.
 *
 * No source map goes along: it would be several times the bundle's size in every cold start's download. A stack trace is
 * read by building the deployed commit again with `sourcemap: true`, for the same input gives the same bundle.
 */
export function bundleOptions(entry: string, outfile: string, { faults }: { readonly faults: boolean }): BuildOptions {
  return {
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [join(PROJECT_ROOT, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    legalComments: 'none',
    // Packages that ship both kinds: the ES module tree is the one that can be shaken.
    mainFields: ['module', 'main'],
    // Parts of the SDK that no function uses: sign-on by profile, role file or instance, endpoint discovery, event streams.
    alias: {
      '@aws-sdk/credential-provider-node': join(PROJECT_ROOT, 'functions/platform/aws/lambda-credentials.ts'),
      '@aws-sdk/middleware-endpoint-discovery': join(PROJECT_ROOT, 'functions/platform/aws/no-endpoint-discovery.ts'),
      '@smithy/core/event-streams': join(PROJECT_ROOT, 'functions/platform/aws/no-event-streams.ts'),
    },
    define: { __CROSSDOCK_FAULTS__: String(faults) },
    // CommonJS dependencies ask for Node's own modules by require, which an ES module does not have. The names are long
    // because the minifier, which does not see this line, hands out the short ones.
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
    logLevel: 'error',
  };
}
