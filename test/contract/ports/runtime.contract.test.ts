import '../../unit/platform/support.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Clock,
  FAULT_POINTS,
  type Faults,
  type IdSource,
  type Log,
  type Metrics,
} from '#application/ports/runtime.ts';
import { StateTableFaults } from '#platform/aws/armed-faults.ts';
import { documentsOver } from '#platform/aws/document-client.ts';
import { systemClock, ulids } from '#platform/aws/runtime.ts';
import { lambdaHandler } from '#platform/handlers/invocation.ts';
import { MemoryClock, MemoryIds, MemoryLog, MemoryMetrics, noFaults } from '#platform/memory/runtime.ts';
import { context, writtenDuring } from '../../unit/platform/support.ts';
import { clientOptions, oneOf, WORLDS } from './worlds.ts';

describe.each(
  oneOf(
    { name: 'memory', clock: new MemoryClock() as Clock, ids: new MemoryIds() as IdSource },
    { name: 'AWS', clock: systemClock, ids: ulids() },
  ),
)('clock and ids ($name)', ({ clock, ids }) => {
  it('tell the time in UTC to the millisecond, and never backwards', () => {
    const [first, second] = [clock.now(), clock.now()];
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(second >= first).toBe(true);
  });

  it('are never the same twice', () => {
    const made = Array.from({ length: 1_000 }, () => ids.next());
    expect(new Set(made).size).toBe(1_000);
    for (const id of made) expect(id).toMatch(/^[A-Za-z0-9-]+$/);
  });
});

type Written = {
  readonly lines: { readonly level: string; readonly message: string; readonly order: unknown }[];
  readonly counts: { readonly name: string; readonly value: number; readonly connector: unknown }[];
};
type Place = {
  readonly name: string;
  readonly writing: (work: (log: Log, metrics: Metrics) => void) => Promise<Written>;
};

const WRITERS = oneOf<Place>({ name: 'memory', writing: inMemory }, { name: 'Powertools', writing: onPowertools });

describe.each(WRITERS)('log and metrics ($name)', ({ writing }) => {
  it('write lines by level with their fields', async () => {
    const { lines } = await writing((log) => {
      log.info('order taken', { order: '5001', why: undefined });
      log.warn('order put off', { order: '5002' });
      log.error('order failed');
    });
    expect(lines).toEqual([
      { level: 'info', message: 'order taken', order: '5001' },
      { level: 'warn', message: 'order put off', order: '5002' },
      { level: 'error', message: 'order failed', order: undefined },
    ]);
  });

  it('count by name and dimensions', async () => {
    const { counts } = await writing((_log, metrics) => {
      metrics.count('OrderIngested', 2, { connector: 'shopify' });
      metrics.count('OrderIngested', 3, { connector: 'generic' });
    });
    expect(counts).toEqual([
      { name: 'OrderIngested', value: 2, connector: 'shopify' },
      { name: 'OrderIngested', value: 3, connector: 'generic' },
    ]);
  });
});

describe.each(oneOf({ name: 'memory', aws: false }, { name: 'the state table', aws: true }))(
  'faults that nobody armed ($name)',
  ({ aws }) => {
    let faults: Faults;
    beforeAll(async () => {
      await WORLDS[0]?.open();
    });
    beforeEach(() => {
      faults = aws ? new StateTableFaults(documentsOver(new DynamoDBClient(clientOptions))) : noFaults;
    });

    it.each(FAULT_POINTS)('do not happen at %s', async (point) => {
      await expect(faults.at(point, 'any')).resolves.toBeUndefined();
    });
  },
);

async function inMemory(work: (log: Log, metrics: Metrics) => void): Promise<Written> {
  const [log, metrics] = [new MemoryLog(), new MemoryMetrics()];
  work(log, metrics);
  return {
    lines: log.lines.map(({ level, message, fields }) => ({ level, message, order: fields.order })),
    counts: metrics.counts.map(({ name, value, dimensions }) => ({ name, value, connector: dimensions.connector })),
  };
}

/** As they come out of a function: log lines, and metrics in their embedded format. */
async function onPowertools(work: (log: Log, metrics: Metrics) => void): Promise<Written> {
  const handler = lambdaHandler<unknown, void>(async (_event, { log, metrics }) => work(log, metrics));
  const { lines } = await writtenDuring(() => handler({}, context));
  return {
    lines: lines
      .filter(({ message }) => message !== undefined)
      .map(({ level, message = '', order }) => ({ level: String(level).toLowerCase(), message, order })),
    counts: lines
      .filter((line) => line._aws !== undefined)
      .map((line) => ({ name: 'OrderIngested', value: Number(line.OrderIngested), connector: line.connector })),
  };
}
