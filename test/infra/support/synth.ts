import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type CrossdockApp, crossdockApp } from '../../../lib/app.ts';

/** The context that the CDK command line would give the app: feature flags and stages. */
export const CONTEXT: Record<string, unknown> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../cdk.json'), 'utf8'),
).context;

export type StageName = 'dev' | 'prod' | 'local';

/** A resource as it stands in a template. */
export type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are JSON of many shapes
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};

export type Synthesized = {
  readonly crossdock: CrossdockApp;
  readonly assembly: CloudAssembly;
  /** The template of `State`, `Core` or `Operations`. */
  readonly template: (stack: string) => Template;
};

export type Template = {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly ofType: (type: string) => Resource[];
  /** The resource that a construct ended as, by its path below the stack. */
  readonly at: (path: string) => { readonly id: string; readonly resource: Resource };
};

/** The app as a stage of cdk.json makes it, without bundles. Refused findings make it throw. */
export function synthesize(stage: StageName, context: Record<string, unknown> = {}): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'crossdock-synth-'));
  const crossdock = crossdockApp({
    outdir,
    context: { ...CONTEXT, 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true, stage, ...context },
  });
  const assembly = crossdock.app.synth();
  return {
    crossdock,
    assembly,
    template: (stack) => templateOf(assembly.getStackByName(`Crossdock${stack}-${stage}`).template),
  };
}

function templateOf(json: {
  Resources: Record<string, Resource & { Metadata?: Record<string, string> }>;
  Outputs?: object;
}): Template {
  const resources = json.Resources;
  return {
    resources,
    outputs: (json.Outputs ?? {}) as Template['outputs'],
    ofType: (type) => Object.values(resources).filter((one) => one.Type === type),
    at: (path) => {
      const found = Object.entries(resources).find(
        ([, { Metadata }]) => Metadata?.['aws:cdk:path']?.split('/').slice(1).join('/') === path,
      );
      if (!found) throw new Error(`no resource at ${path}`);
      return { id: found[0], resource: found[1] };
    },
  };
}
