import type { Mutant } from '../mutants.ts';

/** Who decides on a return whose reason nobody knows. */
export const REASONS: readonly Mutant[] = [
  {
    name: 'unmapped-reason-approved',
    guards: 'an unmapped reason goes to a person, never to a default',
    invariant: 'I15',
    edits: [
      {
        file: 'functions/core/returns/policy.ts',
        find: '  if (reason.canonical === undefined) {',
        replace: '  if (false) {',
      },
    ],
  },
];

/** How a return's workflow goes on. */
export const WAITS: readonly Mutant[] = [
  {
    name: 'escalation-given-up',
    guards: 'whom an outage kept from being told is told later: no run ends in front of nobody',
    invariant: 'I20',
    foundBy: 'operator-chaos, seed 3',
    edits: [
      {
        file: 'lib/workflows/return-to-refund.ts',
        find: "Next: 'PauseBeforeEscalation' }]",
        replace: "Next: 'GivenUp' }]",
      },
    ],
  },
  {
    name: 'ended-return-fails-its-run',
    guards: 'a return that ends takes its workflow to the end, and to no failure',
    invariant: 'I20',
    foundBy: 'a run whose seed was not kept',
    edits: [
      {
        file: 'lib/workflows/return-to-refund.ts',
        find: "      { ErrorEquals: [...ENDINGS], ResultPath: '$.failure', Next: 'ReturnEnded' },",
        replace: "      { ErrorEquals: [...ENDINGS], ResultPath: '$.failure', Next: 'GivenUp' },",
      },
    ],
  },
  {
    name: 'waits-not-looked-after',
    guards: 'a step that begins to wait for what has come about already is let go on, at once or by the sweep',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/application/workflow/check-wait.ts',
        find: '  const taken = await carryOn(ports, subject, step, wait);',
        replace: "  const taken = 'waiting' as Awaited<ReturnType<typeof carryOn>>;",
      },
      {
        file: 'functions/application/workflow/take-wait-step.ts',
        find: '  return carryOn(ports, returnKey, step, wait);',
        replace: "  return isAskedFor(step) ? carryOn(ports, returnKey, step, wait) : 'waiting';",
      },
    ],
  },
];

/** The ways of a return: its money and claims, its goods, its approvers, closed books and duties. */
export const RETURNS: readonly Mutant[] = [
  {
    name: 'clawback-forgotten',
    guards: 'goods that never come for a refund that was paid before receipt are claimed',
    invariant: 'I11',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/claims.ts',
        find: "owes('never-arrived', paidInAdvance(state), at)",
        replace: "owes('never-arrived', 0, at)",
      },
    ],
  },
  {
    name: 'short-goods-not-claimed',
    guards: 'goods that are worth less than what was paid before receipt are claimed for the rest',
    invariant: 'I11',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/claims.ts',
        find: "owes('goods-short', paidInAdvance(state) - due, at)",
        replace: "owes('goods-short', 0, at)",
      },
    ],
  },
  {
    name: 'kept-goods-received',
    guards: 'goods that the buyer keeps are neither received nor put away',
    invariant: 'I20',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/decide-step.ts',
        find: "  return finance?.withoutGoods === true && step !== 'credit-memo';",
        replace: '  return false;',
      },
      {
        file: 'functions/core/returns/money/decide-finance.ts',
        find: '    ...(state.kept && { withoutGoods: true }),',
        replace: '',
      },
    ],
  },
  {
    name: 'damaged-sold-again',
    guards: 'a damaged unit never stands to be sold again, whatever the report says',
    invariant: 'I6',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/goods/goods.ts',
        find: "  condition === 'damaged' && disposition === 'restock' ? 'quarantine' : disposition;",
        replace: "  condition === 'damaged' && disposition === 'restock' ? 'restock' : disposition;",
      },
    ],
  },
  {
    name: 'four-eyes-skipped',
    guards: 'whoever prepared a refund does not approve it, and nobody approves twice',
    invariant: 'I21',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/decide-approval.ts',
        find: '  const involved = involvement(by, state);',
        replace: '  const involved = (involvement(by, state), undefined);',
      },
    ],
  },
  {
    name: 'same-person-by-another-spelling',
    guards: 'one person does not become two by a capital letter or a blank',
    invariant: 'I21',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/decide-approval.ts',
        find: '=> b !== undefined && personIn(a) === personIn(b);',
        replace: '=> b !== undefined && a === b;',
      },
    ],
  },
  {
    name: 'one-approver-for-two',
    guards: 'two must agree where the amount asks for two',
    invariant: 'I21',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/decide-approval.ts',
        find: '  const missing = needed - given.length - 1;',
        replace: '  const missing = 1 - given.length - 1;',
      },
    ],
  },
  {
    name: 'closed-period-ignored',
    guards: 'a credit is never dated into a closed period: it waits for the first open day',
    invariant: 'I10',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/books.ts',
        find: '  return opens === today ? { open: today } : { closedUntil: opens };',
        replace: '  return opens === today ? { open: today } : { open: today };',
      },
    ],
  },
  {
    name: 'duty-rings-twice',
    guards: 'a duty tells a person once for each of its stages',
    invariant: 'I17',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/duties/decide-duty.ts',
        find: "  if (told === 'breached' || (told === 'warned' && stage === 'warning')) return ignored('a person was told');",
        replace: '',
      },
    ],
  },
  {
    name: 'duty-in-utc',
    guards: 'business days end in the zone of their own calendar',
    invariant: 'I17',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/duties/business-days.ts',
        find: 'addDays(day, 1), calendar.timeZone)',
        replace: "addDays(day, 1), 'UTC')",
      },
    ],
  },
  {
    name: 'duty-never-stops',
    guards: 'a duty that is met is silent',
    invariant: 'I17',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/duties/deadlines.ts',
        find: "  if ((refund?.status === 'issued' && !refund.unconfirmed) || refund?.status === 'paid') return true;",
        replace: '  if (refund === null) return true;',
      },
    ],
  },
];
