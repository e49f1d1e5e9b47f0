import { describe, expect, it } from 'vitest';
import type { ConnectorManifest } from '#connectors/manifest.ts';
import { connectors, type RegisteredConnector } from '#connectors/registry.ts';
import { accountingPeriods } from './sections/accounting-periods.ts';
import { amounts } from './sections/amounts.ts';
import { deliveries } from './sections/deliveries.ts';
import { operations } from './sections/operations.ts';
import { orderStatus } from './sections/order-status.ts';
import { shipments } from './sections/shipments.ts';
import { signatures } from './sections/signatures.ts';
import { words } from './sections/words.ts';
import type { ConnectorUnderTest, WebhookSubject } from './under-test.ts';

/**
 * What every connector must pass, by what its manifest says that it can do. What the manifest declares and the connector's
 * kit file does not show is a failure, so that no new connector gets by without it.
 */
export function conformance(name: string, kit: ConnectorUnderTest): void {
  const registered = connectors[name];
  if (!registered) throw new Error(`the registry has no connector "${name}": give it a row there`);
  const { manifest } = registered;
  it('is shown to do all that its manifest declares, and nothing else', () => {
    expect(shown(kit)).toEqual(declared(manifest));
  });

  const subject = webhookSubject(registered, kit);
  if (subject) {
    describe('signatures', () => signatures(subject));
    describe('messages', () => deliveries(subject));
    describe('words', () => words(subject));
    describe('amounts', () => amounts(subject));
  }
  const { operations: partner, shipments: shipping, orderStatus: status, accountingPeriods: periods } = kit;
  if (partner) describe('operations', () => operations(manifest, partner));
  if (shipping) describe('shipments', () => shipments(shipping));
  if (status) describe('the status of an order', () => orderStatus(status));
  if (periods) describe('accounting periods', () => accountingPeriods(periods));
}

const declared = ({ webhook, operations, reads = [] }: ConnectorManifest) => ({
  webhook: webhook !== undefined,
  operations: Object.keys(operations).sort(),
  shipments: reads.includes('shipments'),
  orderStatus: reads.includes('order-status'),
  accountingPeriods: reads.includes('accounting-periods'),
});

const shown = ({ webhook, operations, shipments, orderStatus, accountingPeriods }: ConnectorUnderTest) => ({
  webhook: webhook !== undefined,
  operations: Object.keys(operations?.kinds ?? {}).sort(),
  shipments: shipments !== undefined,
  orderStatus: orderStatus !== undefined,
  accountingPeriods: accountingPeriods !== undefined,
});

function webhookSubject(
  { manifest, verifier, translator }: RegisteredConnector,
  kit: ConnectorUnderTest,
): WebhookSubject | undefined {
  const { webhook } = manifest;
  if (!webhook || !kit.webhook) return undefined;
  if (!verifier || !translator) throw new Error(`the registry has no verifier or no translator of ${manifest.id}`);
  return { manifest: { ...manifest, webhook }, verifier, translator, webhook: kit.webhook };
}
