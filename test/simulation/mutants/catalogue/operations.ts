import type { Mutant } from '../mutants.ts';

/** The protocol of writes to partners: lease before call, one key for ever, an outcome that may be unknown. */
export const OPERATIONS: readonly Mutant[] = [
  {
    name: 'lease-ignored',
    guards: 'of two executors with one operation only one calls',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/core/operations/protocol.ts',
        find: "  if (operation.status === 'attempting' && operation.lease && operation.lease.until > now) {",
        replace: '  if (false) {',
      },
    ],
  },
  {
    name: 'lease-not-written',
    guards: 'the lease is written, on condition, before the call',
    invariant: 'I3',
    edits: [
      {
        file: 'functions/application/operations/execute-operation.ts',
        find: '  if (!(await ports.operations.save(leased, row.revision)))\n    return',
        replace: '  if (!(await ports.operations.save(leased, row.revision)) && false)\n    return',
      },
    ],
  },
  {
    name: 'new-key-on-retry',
    guards: 'the key that the channel knows a refund by never changes',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/idempotency-key.ts',
        find: "export const idempotencyKey = ({ key, generation = 0 }: Pick<Operation, 'key' | 'generation'>): string =>\n  uuidV5(NAMESPACE, generation === 0 ? key : `${key}#${generation}`);",
        replace:
          "export const idempotencyKey = ({ key, revision = 0 }: Pick<Operation, 'key'> & { revision?: number }): string =>\n  uuidV5(NAMESPACE, `${key}#${revision}`);",
      },
    ],
  },
  {
    name: 'refund-known-by-its-attempt',
    guards: 'a refund is looked for, and keyed at the channel, by what it is for',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/refund.ts',
        find: '    .filter(({ note }) => note?.split(/\\s+/).includes(operationKey))',
        replace: '    .filter(({ note }) => note === operationKey)',
      },
      {
        file: 'functions/connectors/channels/shopify/idempotency-key.ts',
        find: '  uuidV5(NAMESPACE, generation === 0 ? key : `${key}#${generation}`);',
        replace: '  uuidV5(NAMESPACE, `${key}#${generation}#${Math.random()}`);',
      },
    ],
  },
  {
    name: 'fulfilment-by-tracking-alone',
    guards: 'two shipments under one tracking number are two fulfilments',
    invariant: 'I2',
    foundBy: 'quiet-day, seed 1',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/fulfillment.ts',
        find: '  ...(trackingNumber === undefined || trackingShared ? [shipmentId] : []),',
        replace: '  ...(trackingNumber === undefined ? [shipmentId] : []),',
      },
    ],
  },
  {
    name: 'user-errors-taken-as-applied',
    guards: 'a refusal inside a 200 is a refusal',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/fulfillment.ts',
        find: '  if (userErrors.length > 0 && fulfillment === null) {',
        replace:
          "  if (userErrors.length > 0 && fulfillment === null) return { kind: 'applied', ref: 'none' };\n  if (false) {",
      },
    ],
  },
  {
    name: 'lost-answer-taken-as-not-sent',
    guards: 'a call whose answer was lost may have been carried out',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/outcome.ts',
        find: "      return changed ? { kind: 'unknown', cause } : { kind: 'unavailable', cause };",
        replace: "      return { kind: 'rejected', reason: { code: 'NO_ANSWER', message: cause } };",
      },
    ],
  },
  {
    name: 'unknown-taken-as-refused',
    guards: 'an outcome that nobody saw is unknown, and holds its money until a probe has settled it',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/core/operations/protocol.ts',
        find: '      return { ...unknown(operation, operation.unknownSince ?? now, now, wait), reason };',
        replace: "      return ended(operation, { status: 'rejected', reason }, now);",
      },
    ],
  },
  {
    name: 'key-of-the-attempt',
    guards: 'the key that the ERP knows an order by is the order, never the attempt',
    invariant: 'I3',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/sale.ts',
        find: "  const values = { ...(await wanted.values()), web_id: wanted.webId, lines: [['create', lines]] };",
        replace:
          "  const values = { ...(await wanted.values()), web_id: `${wanted.webId}-${Math.floor(Math.random() * 1e9)}`, lines: [['create', lines]] };",
      },
    ],
  },
];
