import type { Mutant } from '../mutants.ts';

/** What an order takes of what its channel and the warehouse say, in whatever order they say it. */
export const ORDERS: readonly Mutant[] = [
  {
    name: 'stale-version-accepted',
    guards: 'a lower version of the source never overwrites a higher one',
    invariant: 'I5',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: '  a.updatedAt - b.updatedAt || a.triggeredAt - b.triggeredAt;',
        replace: '  Math.abs(a.updatedAt - b.updatedAt) || Math.abs(a.triggeredAt - b.triggeredAt);',
      },
    ],
  },
  {
    name: 'late-cancellation-lost',
    guards: 'a cancellation counts in whatever order it comes',
    invariant: 'I5',
    foundBy: 'quiet-day, seed 4',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: '  const cancelled = order.cancelledAt !== undefined && state.cancelledAt === undefined;',
        replace:
          '  const cancelled = order.cancelledAt !== undefined && state.cancelledAt === undefined && order.version.updatedAt > state.version.updatedAt;',
      },
    ],
  },
  {
    name: 'second-content-of-a-version-dropped',
    guards: 'of two contents with one version none is dropped: a person hears of it',
    invariant: 'I4',
    foundBy: 'quiet-day, seed 4',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: '  if (age === 0 && known && !cancelled) return',
        replace: '  if (age === 0 && !cancelled) return',
      },
    ],
  },
  {
    name: 'cancel-before-create-dropped',
    guards: 'an order that arrives cancelled is kept',
    invariant: 'I5',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: '    return order.cancelledAt ? accepted(captured, cancelledEvent(order)) : accepted(captured);',
        replace: '    return accepted(captured);',
      },
    ],
  },
  {
    name: 'amendment-without-case',
    guards: 'an order that was changed after it was taken is a case',
    invariant: 'I9',
    edits: [
      {
        file: 'functions/core/orders/reactions.ts',
        find: '      return effects({ openCases: [amendedCase(order, event.changes)], closeCases: curedExcesses(order) });',
        replace: '      return NO_EFFECTS;',
      },
    ],
  },
  {
    name: 'shipment-counted-twice',
    guards: 'a shipment that is known is not recorded again',
    invariant: 'I6',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: "  if (state.shipments.some(({ shipmentId }) => shipmentId === shipment.shipmentId)) return ignored('shipment known');",
        replace: '',
      },
    ],
  },
  {
    name: 'shipment-read-forgotten',
    guards: 'the cursor of a poll moves only when every shipment read was recorded',
    invariant: 'I6',
    edits: [
      {
        file: 'functions/application/orders/poll-shipments.ts',
        find: '  const counts = { read: shipments.length, recorded: 0, refused: 0 };',
        replace:
          '  const counts = { read: shipments.length, recorded: 0, refused: 0 };\n  if (cursor !== before) await ports.cursors.set(`${name}`, new Date(Date.parse(cursor) + 3_600_000).toISOString());',
      },
    ],
  },
];
