import type { Mutant } from '../mutants.ts';

/** What becomes of an order that the ERP refuses. */
export const REFUSED_BOOKINGS: readonly Mutant[] = [
  {
    name: 'refusal-without-case',
    guards: 'a refusal of the ERP is a case',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/core/orders/reactions.ts',
        find: "      return order.status === 'cancelled' ? NO_EFFECTS : effects({ openCases: [bookingRefused(order, event.reason)] });",
        replace: '      return NO_EFFECTS;',
      },
    ],
  },
  {
    name: 'old-look-taken-as-refusal',
    guards: 'what was read of a sale before the warehouse split its moves says nothing against the order',
    invariant: 'I8',
    foundBy: 'black-friday, seed 163',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/failure.ts',
        find: "code === 'ERP_RECORD_GONE' ? 'stale' : 'refused'",
        replace: "'refused'",
      },
    ],
  },
];

/** What the ERP may make of an order that it takes. */
export const BOOKED_TOTALS: readonly Mutant[] = [
  {
    name: 'erp-total-not-compared',
    guards: 'what the ERP makes of an order is compared with the channel to the cent',
    invariant: 'I9',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/sale.ts',
        find: "  if (quoted.state !== 'quotation' || total === wanted.total) return quoted;",
        replace: "  if (quoted.state !== 'quotation' || total !== -1) return quoted;",
      },
      {
        file: 'functions/connectors/erps/tryton/sale.ts',
        find: '    const asWanted = totalOf(sale, wanted.currency) === wanted.total;',
        replace: '    const asWanted = true;',
      },
      {
        file: 'functions/connectors/erps/tryton/sale.ts',
        find: '  if (totalOf(sale, wanted.currency) !== wanted.total) throw totalMismatch(sale, wanted);',
        replace: '  if (false) throw totalMismatch(sale, wanted);',
      },
    ],
  },
];
