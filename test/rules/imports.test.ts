import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom (architecture, section 4). A file belongs to the first room whose prefix it has; an import is allowed
 * when the room names its target's prefix, or the package.
 */
type Room = { readonly prefix: string; readonly may: readonly (string | RegExp)[] };

const ZOD = /^zod(\/|$)/;
const SDK = /^@aws-sdk\/|^@smithy\//;
const CONNECTOR_CORE = [
  'functions/core/',
  'functions/application/',
  'functions/platform/http-client.ts',
  'functions/connectors/manifest.ts',
  'functions/connectors/wire.ts',
  'events/',
  'zod',
  'zod/mini',
  /^node:/,
];

const PORTS = 'functions/application/ports/';
const SETTLEMENT_KIT = 'functions/connectors/settlements/kit/';

const ROOMS: readonly Room[] = [
  { prefix: 'events/', may: ['events/', ZOD, /^node:(fs|path)$/] },
  // Days and time zones are computed by Temporal: it reads no clock unless it is asked to.
  { prefix: 'functions/core/', may: ['functions/core/', 'node:crypto', /^temporal-polyfill\/fns\//] },
  {
    prefix: 'functions/application/',
    may: ['functions/application/', 'functions/core/', 'events/', ZOD, 'node:crypto'],
  },
  // The list of all connectors: for the command line and the docs, never for a bundle.
  { prefix: 'functions/connectors/registry.ts', may: ['functions/connectors/', PORTS] },
  { prefix: 'functions/connectors/manifest.ts', may: ['functions/core/'] },
  { prefix: 'functions/connectors/wire.ts', may: ['functions/core/', /^zod\//] },
  ...['channels/shopify', 'generic', 'erps/tryton'].flatMap((name): Room[] => [
    { prefix: `functions/connectors/${name}/handlers/`, may: ['functions/', 'events/', /^node:/] },
    { prefix: `functions/connectors/${name}/`, may: [`functions/connectors/${name}/`, ...CONNECTOR_CORE] },
  ]),
  // Formats of settlement files share a kit and never know each other; their list is for whoever may be given any of them.
  { prefix: 'functions/connectors/settlements/registry.ts', may: ['functions/connectors/settlements/', PORTS] },
  { prefix: 'functions/connectors/settlements/kit/', may: [SETTLEMENT_KIT, ...CONNECTOR_CORE, 'csv-parse'] },
  ...['amazon-v2', 'csv', 'ebay', 'mirakl', 'shopify-payouts', 'walmart'].map(
    (name): Room => ({
      prefix: `functions/connectors/settlements/${name}/`,
      may: [`functions/connectors/settlements/${name}/`, SETTLEMENT_KIT, ...CONNECTOR_CORE],
    }),
  ),
  {
    prefix: 'functions/platform/',
    may: [
      'functions/platform/',
      'functions/application/',
      'functions/core/',
      'functions/connectors/manifest.ts',
      'events/',
      SDK,
      /^@middy\//,
      /^@aws-lambda-powertools\//,
      'aws-lambda',
      'ulid',
      'jose',
      'zod/mini',
      /^temporal-polyfill\/fns\//,
      /^node:/,
    ],
  },
  { prefix: 'functions/handlers/', may: ['functions/', 'events/', 'docs/openapi.json', /^node:/, 'aws-lambda'] },
  { prefix: 'functions/topology.ts', may: [] },
  {
    prefix: 'lib/',
    may: [
      'lib/',
      'functions/topology.ts',
      /^functions\/connectors\/.*(manifest|settings)\.ts$/,
      // What a stage's configuration says in the words of the core.
      'functions/core/kernel/calendar.ts',
      /^functions\/core\/returns\/(policy|reasons|return|reasons\/channel-codes|fraud\/judge)\.ts$/,
      'events/',
      'aws-cdk-lib',
      /^aws-cdk-lib\//,
      'constructs',
      'cdk-nag',
      'esbuild',
      'zod',
      /^node:/,
    ],
  },
  { prefix: 'bin/app.ts', may: ['lib/', 'aws-cdk-lib', /^node:/] },
  // The simulated ERP shares nothing with the connector that is tried on it, so that both can't be wrong alike.
  {
    prefix: 'test/simulation/partners/tryton/',
    may: ['test/simulation/partners/tryton/', 'test/simulation/partners/partner.ts', 'node:crypto'],
  },
  // The command line and the local run stand outside: all of the house and the tools, but never a test.
  { prefix: 'bin/', may: ['bin/', 'lib/', 'functions/', 'events/', 'test/fixtures/', /^[@a-z]/] },
];

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/^(?:import|export)\b[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm);
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** A specifier as a path from the project's root, or the package's name as it stands. */
function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('#')) {
    const room = specifier.slice(1, specifier.indexOf('/'));
    const rest = specifier.slice(specifier.indexOf('/') + 1);
    return room === 'events' ? `events/${rest}` : `functions/${room}/${rest}`;
  }
  return specifier.startsWith('.') ? relative('.', join(dirname(file), specifier)) : specifier;
}

const allows = (rule: string | RegExp, target: string): boolean =>
  typeof rule === 'string' ? target === rule || (rule.endsWith('/') && target.startsWith(rule)) : rule.test(target);

function forbidden(file: string): string[] {
  const room = ROOMS.find(({ prefix }) => file.startsWith(prefix));
  if (!room) return [`${file} lies in no room: give its folder a row in this table`];
  return importsOf(file)
    .map((specifier) => resolve(file, specifier))
    .filter((target) => !room.may.some((rule) => allows(rule, target)))
    .map((target) => `${file} imports ${target}`);
}

describe('import rules', () => {
  const files = globSync('{bin,lib,functions,events,test/simulation/partners/tryton}/**/*.ts').filter(
    (file) => !file.endsWith('.d.ts'),
  );

  it('finds the code', () => expect(files.length).toBeGreaterThan(50));

  it('hold in every file', () => expect(files.flatMap(forbidden)).toEqual([]));

  it('see imports of every form', () => {
    expect(importsOf('functions/application/aggregate.ts')).toContain('#core/kernel/errors.ts');
  });

  it('keep clock, chance, environment and floats out of the core and the use cases', () => {
    const impure = /Date\.now\(|new Date\(\)|Math\.random\(|process\.env|parseFloat\(|setTimeout\(/;
    const found = globSync('functions/{core,application}/**/*.ts').filter((file) =>
      impure.test(readFileSync(file, 'utf8')),
    );
    expect(found).toEqual([]);
  });
});
