import type { PublishableEvent } from '#application/ports/publisher.ts';
import type { AggregateWrite, Commit, InboxMark } from '#application/ports/store.ts';
import type { CaseToOpen } from '#core/cases/case.ts';
import type { Operation } from '#core/operations/operation.ts';
import { plan } from '#core/operations/protocol.ts';

export const KEY = 'ORDER#shopify#main#5001';
export const NOW = '2026-11-20T10:00:00.000Z';

export const at = (minutes: number): string => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();

export function aWrite(changes: Partial<AggregateWrite> = {}): AggregateWrite {
  return {
    key: KEY,
    expectedVersion: 0,
    state: { status: 'captured', number: '#1001' },
    sequence: 0,
    openCases: [],
    events: [],
    operations: [],
    casesToOpen: [],
    casesToClose: [],
    timersToSet: [],
    timersToClear: [],
    ...changes,
  };
}

export const aCommit = (write: Partial<AggregateWrite> = {}, also: Partial<Commit> = {}): Commit => ({
  now: NOW,
  aggregates: [aWrite(write)],
  ...also,
});

export function anEvent(sequence: number, data: unknown = { orderId: '5001' }): PublishableEvent {
  return {
    type: 'order.captured.v1',
    source: 'crossdock.order',
    envelope: {
      metadata: {
        id: `${KEY}/${sequence}`,
        schemaVersion: 1,
        occurredAt: NOW,
        correlationId: 'correlation-1',
        causationId: 'shopify/main/delivery-1',
        channel: 'shopify',
        account: 'main',
        subject: KEY,
        sequence,
      },
      data,
    },
  };
}

export function anOperation(id = '5001', changes: Partial<Operation> = {}): Operation {
  const planned = plan(
    {
      key: `erp/sales-order/shopify/main/${id}`,
      kind: 'erp/sales-order',
      target: { connector: 'tryton', account: 'main' },
      subject: KEY,
      content: { number: '#1001', total: 3650, lines: [{ sku: 'MUG-BLUE', quantity: 1 }] },
    },
    NOW,
    'correlation-1',
  );
  return { ...planned, ...changes };
}

export const aMark = (changes: Partial<InboxMark> = {}): InboxMark => ({
  mailbox: 'shopify#main',
  deliveryId: 'delivery-1',
  outcome: 'applied',
  subject: KEY,
  receivedAt: NOW,
  ...changes,
});

export const aCase = (changes: Partial<CaseToOpen> = {}): CaseToOpen => ({
  code: 'BOOKING_REFUSED',
  owner: 'erp',
  message: 'the ERP refuses order #1001',
  suggestedFix: 'mend the cause and retry',
  ...changes,
});
