import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleOptions } from '../../lib/config/bundling.ts';
import { NodeFunction, type NodeFunctionProps } from '../../lib/constructs/node-function.ts';

const ENTRY = 'test/fixtures/handlers/probe.ts';
const folder = mkdtempSync(join(tmpdir(), 'crossdock-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function synthesized(
  props: Partial<NodeFunctionProps> = {},
  context: object = { 'aws:cdk:bundling-stacks': [] },
): Template {
  const stack = new Stack(new App({ context: { ...context } }), 'Test');
  new NodeFunction(stack, 'Probe', { entry: ENTRY, logRetention: RetentionDays.ONE_WEEK, faults: false, ...props });
  return Template.fromStack(stack);
}

const HEAP_LIMIT_MB = "require('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20";

const only = (template: Template, type: string) => Object.values(template.findResources(`AWS::${type}`))[0]?.Properties;

describe('NodeFunction', () => {
  it('has defaults for size and time', () => {
    expect(only(synthesized(), 'Lambda::Function')).toMatchObject({ MemorySize: 512, Timeout: 30 });
  });

  it.each<[string, Partial<NodeFunctionProps>, object]>([
    ['memory', { memoryMb: 1024 }, { MemorySize: 1024 }],
    ['time-out', { timeout: Duration.seconds(7) }, { Timeout: 7 }],
    ['description', { description: 'probes' }, { Description: 'probes' }],
    ['environment', { environment: { A: '1' } }, { Environment: { Variables: { A: '1' } } }],
    ['share of concurrency', { reservedConcurrency: 3 }, { ReservedConcurrentExecutions: 3 }],
  ])("keeps the caller's %s", (_what, props, expected) => {
    expect(only(synthesized(props), 'Lambda::Function')).toMatchObject(expected);
  });

  it('takes no share of the concurrency unless it is told to: a new account has none to give', () => {
    expect(only(synthesized(), 'Lambda::Function').ReservedConcurrentExecutions).toBeUndefined();
  });

  it('does not let a caller change what every function must be', () => {
    const sly = { runtime: 'nodejs18.x', architecture: 'x86', tracing: 'Disabled', handler: 'other' } as object;
    expect(only(synthesized(sly), 'Lambda::Function')).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      Handler: 'index.handler',
    });
  });

  it('holds the nursery as small as it is told, and says the size of the old space with it', () => {
    const { Variables } = only(synthesized({ nurseryMb: 4, memoryMb: 1000 }), 'Lambda::Function').Environment;
    expect(Variables).toEqual({ NODE_OPTIONS: '--max-semi-space-size=4 --max-old-space-size=800' });
    const env = { ...process.env, ...Variables };
    const limit = execFileSync(process.execPath, ['-p', HEAP_LIMIT_MB], { env, encoding: 'utf8' });
    expect(Number(limit)).toBe(800 + 3 * 4);
  });

  it("keeps the caller's options of Node beside its own, and sets none where there is nothing to say", () => {
    const environment = { NODE_OPTIONS: '--enable-source-maps' };
    const optionsOf = (props: Partial<NodeFunctionProps>) =>
      only(synthesized(props), 'Lambda::Function').Environment?.Variables.NODE_OPTIONS;
    expect(optionsOf({ environment, nurseryMb: 8 })).toBe(
      '--enable-source-maps --max-semi-space-size=8 --max-old-space-size=409',
    );
    expect(optionsOf({ environment })).toBe('--enable-source-maps');
    expect(optionsOf({})).toBeUndefined();
  });

  it.each([0, -1, 0.5, Number.NaN])('refuses a nursery of %s MB', (nurseryMb) => {
    expect(() => synthesized({ nurseryMb })).toThrow(/V8 takes whole megabytes from 1 on/);
  });

  it('logs to a group of its own with the given retention', () => {
    expect(only(synthesized(), 'Logs::LogGroup')).toMatchObject({ RetentionInDays: 7 });
    expect(only(synthesized(), 'Lambda::Function').LoggingConfig.LogGroup).toBeDefined();
  });

  it('refuses an environment that Lambda would refuse, and says what is large', () => {
    const environment = { CROSSDOCK_ACCOUNTS: 'x'.repeat(4000), OTHER: 'y'.repeat(100) };
    expect(() => synthesized({ environment })).toThrow(
      /Probe has 4123 bytes, Lambda takes 4096; the largest: CROSSDOCK_ACCOUNTS 4018/,
    );
    expect(() => synthesized({ environment: { A: 'x'.repeat(4095) } })).not.toThrow();
  });

  it('counts names that are known at deployment only for as long as they may get', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Test');
    const environment = { URLS: Array.from({ length: 40 }, () => stack.stackId).join() };
    new NodeFunction(stack, 'Probe', {
      entry: ENTRY,
      logRetention: RetentionDays.ONE_WEEK,
      faults: false,
      environment,
    });
    expect(() => Template.fromStack(stack)).toThrow(/Lambda takes 4096/);
  });
});

describe('a bundle', () => {
  const build = (faults: boolean): string => {
    const outfile = join(folder, `${faults}.mjs`);
    buildSync(bundleOptions(ENTRY, outfile, { faults }));
    return outfile;
  };

  it('is one module that runs by itself, CommonJS dependencies included', async () => {
    const { handler } = await import(build(false));
    expect(await handler()).toEqual({ faults: 'absent', sdk: 'function', commonjs: 'function' });
  });

  it('holds fault points only where they are asked for', async () => {
    expect(readFileSync(build(false), 'utf8')).not.toContain('armed fault points');
    const { handler } = await import(build(true));
    expect(await handler()).toMatchObject({ faults: 'armed fault points' });
  });

  it('becomes the code of the function, with its files beside it', () => {
    const outdir = join(folder, 'cdk.out');
    const app = new App({ outdir });
    const stack = new Stack(app, 'Test');
    const files = { 'policy.json': '{"version":"1"}' };
    new NodeFunction(stack, 'Probe', { entry: ENTRY, logRetention: RetentionDays.ONE_WEEK, faults: false, files });
    app.synth();
    const [bundle = ''] = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
    expect(readFileSync(join(outdir, bundle, 'index.mjs'), 'utf8')).toBe(readFileSync(build(false), 'utf8'));
    expect(readFileSync(join(outdir, bundle, 'policy.json'), 'utf8')).toBe(files['policy.json']);
  });
});
