import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConnectorManifest } from '#connectors/manifest.ts';
import { REGISTRY } from '#events/registry.ts';
import { FUNCTIONS, outputName, QUEUES } from '../../functions/topology.ts';

const ROOT = join(import.meta.dirname, '../..');
const consumersOf = (queue: string) =>
  FUNCTIONS.filter(({ trigger }) => trigger.on === 'queue' && trigger.queue === queue);

describe('the topology', () => {
  it('names everything once, also in outputs', () => {
    const outputs = [
      ...QUEUES.map(({ id }) => outputName('Queue', id)),
      ...FUNCTIONS.map(({ id }) => outputName('Function', id)),
    ];
    expect(new Set(outputs).size).toBe(outputs.length);
    expect(outputName('Queue', 'shopify-intake')).toBe('QueueShopifyIntake');
    expect(outputName('Function', 'tryton/poll-shipments')).toBe('FunctionTrytonPollShipments');
  });

  it.each(FUNCTIONS.map(({ id, entry }) => [id, entry] as const))('%s has its handler', (_id, entry) => {
    expect(existsSync(join(ROOT, entry)), entry).toBe(true);
  });

  it.each(QUEUES.map(({ id }) => [id] as const))('%s feeds one function, so that a flood starves no other', (id) => {
    expect(consumersOf(id)).toHaveLength(1);
  });

  it('sends to queues that there are', () => {
    const ids = QUEUES.map(({ id }) => id);
    for (const { needs } of FUNCTIONS) {
      if (needs.intakeQueue) expect(ids).toContain(needs.intakeQueue);
      for (const connector of needs.operationQueues ?? []) expect(ids).toContain(`${connector}-operations`);
    }
  });

  it('subscribes to events that somebody publishes', () => {
    const published = REGISTRY.map(({ type }) => type);
    for (const { events = [] } of QUEUES) expect(events.filter((type) => !published.includes(type))).toEqual([]);
  });

  it('has one place that publishes: the relay', () => {
    expect(FUNCTIONS.filter(({ needs }) => needs.publishes).map(({ id }) => id)).toEqual([
      ...['core/relay-journal', 'core/relay-retry'],
    ]);
  });

  it('gives a partner no more calls at once, and no shorter a time, than its manifest says', async () => {
    const manifests: ConnectorManifest[] = await Promise.all(
      globSync('functions/connectors/**/manifest.ts', { cwd: ROOT })
        .filter((path) => path !== join('functions/connectors', 'manifest.ts'))
        .map(async (path) => (await import(join(ROOT, path))).manifest),
    );
    expect(manifests.length).toBeGreaterThan(0);
    for (const { id, limits } of manifests) {
      for (const { trigger, timeoutSeconds } of consumersOf(`${id}-operations`)) {
        expect(trigger).toMatchObject({ batchSize: 1, maxConcurrency: limits.concurrency });
        expect(timeoutSeconds).toBeGreaterThan(limits.callTimeoutSeconds);
      }
    }
  });
});
