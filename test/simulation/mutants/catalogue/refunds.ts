import type { Mutant } from '../mutants.ts';

/** The ledger of an order: its ceilings, what is held in it, and money that the channel paid back on its own. */
export const REFUNDS: readonly Mutant[] = [
  {
    name: 'ceiling-skipped',
    guards: 'refunds settled and pending stay within what was captured',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/core/orders/decide-refund.ts',
        find: '  const refusal = partsFault(refundId, share) ?? unitsRefusal(share, state) ?? moneyRefusal(share, state);',
        replace: '  const refusal = partsFault(refundId, share);',
      },
    ],
  },
  {
    name: 'refused-refund-keeps-its-money',
    guards: 'a refund that the channel refused frees what it held',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/core/orders/decide-refund.ts',
        find: "    : accepted({ type: 'order.refund-freed', refundId });",
        replace: "    : ignored('kept');",
      },
    ],
  },
  {
    name: 'own-refund-counted-as-the-channels',
    guards: 'a refund of ours that the channel reports is confirmed, not recorded once more',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/application/refunds/take-channel-refund.ts',
        find: '  const ours = await findOurs(ports, orderId, note, ref, order.state);',
        replace: '  const ours = (await findOurs(ports, orderId, undefined, `${ref}x`, order.state)) && undefined;',
      },
    ],
  },
  {
    name: 'excess-without-case',
    guards: 'money that was paid back beyond a ceiling is a case at once',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/core/orders/decide-refund.ts',
        find: '  return excessTotal(excess) === 0',
        replace: '  return excessTotal(excess) === excessTotal(excess)',
      },
    ],
  },
  {
    name: 'wrong-rounding',
    guards: 'units of a line sum to the line, to the minor unit, and a ceiling stands behind it',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/core/kernel/money.ts',
        find: '  return upTo(from + count) - upTo(from);',
        replace: '  return Math.round((total / quantity) * count + 0.4999);',
      },
      {
        file: 'functions/core/orders/decide-refund.ts',
        find: ' ?? moneyRefusal(share, state);',
        replace: ' ?? (moneyRefusal(share, state) && undefined);',
      },
    ],
  },
];
