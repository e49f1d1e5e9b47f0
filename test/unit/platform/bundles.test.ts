import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../../functions/topology.ts';
import { budgetOf, bundleEntry, bundleText } from '../../support/handler-bundles.ts';

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

describe('bundles', () => {
  it.each(FUNCTIONS)('$id is within its budget and holds the small form of zod at most', async (spec) => {
    const { bytes, files } = await bundleEntry(spec.entry);
    expect(bytes).toBeLessThanOrEqual(budgetOf(spec));
    // The large form is 100 KB, and building its schemas takes as long as all of the SDK.
    expect(files.filter((file) => file.includes('/zod/v4/classic/'))).toEqual([]);
  });

  it('have 250 KB when a sender waits for them, 460 KB else; executors have 540 KB and the authorization 560 KB', () => {
    expect(budgetOf({ id: 'shopify/receive' })).toBe(250_000);
    expect(budgetOf({ id: 'shopify/intake' })).toBe(460_000);
    expect(budgetOf({ id: 'tryton/execute' })).toBe(540_000);
    expect(budgetOf({ id: 'returns/receive-authorization' })).toBe(560_000);
  });

  it('of receivers hold the clients of queue and secrets, and no other', async () => {
    const { packages } = await bundleText(RECEIVE);
    expect([...packages].filter((name) => name.startsWith('@aws-sdk/client-')).sort()).toEqual([
      '@aws-sdk/client-secrets-manager',
      '@aws-sdk/client-sqs',
    ]);
    for (const unwanted of ['zod', '@aws-sdk/nested-clients', 'aws-cdk-lib']) expect(packages).not.toContain(unwanted);
  });

  it('of intakes hold the clients of tables and queue, and no other', async () => {
    const { packages } = await bundleText(INTAKE);
    expect([...packages].filter((name) => name.startsWith('@aws-sdk/client-')).sort()).toEqual([
      '@aws-sdk/client-dynamodb',
      '@aws-sdk/client-sqs',
    ]);
  });

  it.each([
    ['receivers', RECEIVE],
    ['intakes', INTAKE],
  ])('of %s hold nothing of the fault points unless they are built for tests', async (_what, contents) => {
    const [plain, armed] = [await bundleText(contents), await bundleText(contents, true)];
    for (const trace of ['FAULT#', 'SIGKILL', 'armed fault']) {
      expect(plain.text).not.toContain(trace);
      expect(armed.text).toContain(trace);
    }
    expect(armed.text).not.toContain('__CROSSDOCK_FAULTS__');
  });
});
