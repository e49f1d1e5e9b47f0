import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundleOptions, PROJECT_ROOT } from '../../../lib/config/bundling.ts';

/** Handlers as a connector composes them, without the connector: what the platform itself costs. */
const RECEIVE = `
  import { webhookHandler } from '#platform/handlers/http.ts';
  import { ids, webhookPorts } from '#platform/handlers/on-aws.ts';
  const verifier = { verify: () => ({ authentic: false, code: 'NONE', why: 'none' }) };
  const manifest = { id: 'x', webhook: { maxBodyBytes: 1, answers: {} } };
  export const handler = webhookHandler({ manifest, verifier, secretPart: 's', keepHeaders: [], ids, ports: webhookPorts });
`;
const INTAKE = `
  import { orderAggregate } from '#application/orders/order-aggregate.ts';
  import { takeOrder } from '#application/orders/take-order.ts';
  import { intakeHandler } from '#platform/handlers/intake.ts';
  import { ids, intakeBasis } from '#platform/handlers/on-aws.ts';
  const orders = orderAggregate({ orderRouting: () => undefined });
  const takers = (store) => ({ order: takeOrder({ store, orders }) });
  const translator = { translate: () => ({ kind: 'ignored', why: 'x' }) };
  export const handler = intakeHandler(() => ({ ...intakeBasis(), translator, takers: takers(intakeBasis().store) }), ids);
`;

/** The rest of each budget (250 and 450 KB) is the connector's. */
const OURS = { receive: 235_000, intake: 400_000 };

async function bundled(contents: string, faults: boolean) {
  const { entryPoints: _entry, outfile: _file, ...options } = bundleOptions('stdin', 'index.mjs', { faults });
  const stdin = { contents, resolveDir: `${PROJECT_ROOT}/functions/handlers`, loader: 'ts' as const };
  const result = await build({ ...options, stdin, write: false, metafile: true });
  const text = result.outputFiles[0]?.text ?? '';
  return { text, bytes: Buffer.byteLength(text), packages: packagesIn(result.metafile) };
}

function packagesIn({ outputs }: Metafile): Set<string> {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return new Set(
    inputs
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'own'),
  );
}

describe('bundles', () => {
  it('of receivers hold the clients of queue and secrets, and no other', async () => {
    const { bytes, packages } = await bundled(RECEIVE, false);
    expect(bytes).toBeLessThan(OURS.receive);
    expect([...packages].filter((name) => name.startsWith('@aws-sdk/client-')).sort()).toEqual([
      '@aws-sdk/client-secrets-manager',
      '@aws-sdk/client-sqs',
    ]);
    for (const unwanted of ['zod', '@aws-sdk/nested-clients', 'aws-cdk-lib']) expect(packages).not.toContain(unwanted);
  });

  it('of intakes hold the clients of tables and queue, and no other', async () => {
    const { bytes, packages } = await bundled(INTAKE, false);
    expect(bytes).toBeLessThan(OURS.intake);
    expect([...packages].filter((name) => name.startsWith('@aws-sdk/client-')).sort()).toEqual([
      '@aws-sdk/client-dynamodb',
      '@aws-sdk/client-sqs',
    ]);
  });

  it.each([
    ['receivers', RECEIVE],
    ['intakes', INTAKE],
  ])('of %s hold nothing of the fault points unless they are built for tests', async (_what, contents) => {
    const [plain, armed] = [await bundled(contents, false), await bundled(contents, true)];
    for (const trace of ['FAULT#', 'SIGKILL', 'armed fault']) {
      expect(plain.text).not.toContain(trace);
      expect(armed.text).toContain(trace);
    }
    expect(armed.text).not.toContain('__CROSSDOCK_FAULTS__');
  });
});
