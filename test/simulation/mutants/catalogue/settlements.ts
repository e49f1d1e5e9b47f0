import type { Mutant } from '../mutants.ts';

/** Settlement files against orders, and what of them is posted. */
export const SETTLEMENTS: readonly Mutant[] = [
  {
    name: 'residual-posted',
    guards: 'lines that do not come to the announced deposit, to the minor unit, post nothing',
    invariant: 'I9',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/connectors/settlements/kit/control.ts',
        find: '    if (off === 0n) return;',
        replace: '    if (off === off) return;',
      },
      {
        file: 'functions/core/settlements/journal.ts',
        find: '    ...(off === 0\n',
        replace: '    ...(off === off\n',
      },
      {
        file: 'functions/connectors/erps/tryton/journal-lines.ts',
        find: '  if (sound && sum === 0) return;',
        replace: '  if (sound) return;',
      },
    ],
  },
  {
    name: 'posted-again-instead-of-adjusted',
    guards: 'a settlement is posted once; what changes afterwards is posted as the difference',
    invariant: 'I9',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/core/settlements/decider.ts',
        find: 'adjustmentOf(state.posted, header',
        replace: 'adjustmentOf({ ...state.posted, announced: 0, months: {} }, header',
      },
    ],
  },
  {
    name: 'adjustment-without-reference',
    guards: 'an adjustment names the first posting',
    invariant: 'I10',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/journal.ts',
        find: '    ...(content.adjusts !== undefined && { origin',
        replace: '    ...(content.adjusts === null && { origin',
      },
    ],
  },
  {
    name: 'closed-month-written',
    guards: 'nothing of a settlement is dated into a closed period',
    invariant: 'I10',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/core/settlements/journal.ts',
        find: '  const closed = closedThrough !== undefined && day <= closedThrough;',
        replace: '  const closed = closedThrough !== undefined && day < closedThrough.slice(0, 4);',
      },
    ],
  },
  {
    name: 'share-told-twice-counts-twice',
    guards: 'an order takes what a collection says of it once',
    invariant: 'I11',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/core/orders/decide-settlement.ts',
        find: '  if (known && !isNews(share, known)) return ignored(`collection ${known.revision} is recorded`);',
        replace: '',
      },
      {
        file: 'functions/core/orders/evolve.ts',
        find: 'withSettlement(state.settlements ?? [], event.share)',
        replace: '[...(state.settlements ?? []), event.share]',
      },
    ],
  },
  {
    name: 'differences-kept-quiet',
    guards: 'what does not agree between orders and a settlement is a case of somebody',
    invariant: 'I11',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/core/settlements/reactions.ts',
        find: '        effects(cases.differences(state)),\n',
        replace: '',
      },
    ],
  },
  {
    name: 'unknown-orders-dropped',
    guards: 'lines of an order that never arrived are a difference until it does',
    invariant: 'I11',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/application/settlements/tell-order.ts',
        find: '    return settled ? matchOrder(settled, undefined, terms).differences : [];',
        replace: '    return [];',
      },
    ],
  },
  {
    name: 'poll-passes-what-is-open',
    guards: 'the cursor of the poll stands at what is open or was not imported',
    invariant: 'I2',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/application/settlements/poll-settlements.ts',
        find: '  const cursor = held ?? overlapping(newest, from);',
        replace: '  const cursor = newest;',
      },
    ],
  },
];
