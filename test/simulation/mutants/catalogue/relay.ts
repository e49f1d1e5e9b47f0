import type { Mutant } from '../mutants.ts';

/** What keeps that which is under way from lying still: relay, sweep and queues. */
export const RELAY: readonly Mutant[] = [
  {
    name: 'relay-ignores-refused-events',
    guards: 'events that the bus refused inside a 200 are published again',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/platform/aws/publisher.ts',
        find: '      if (FailedEntryCount === 0) return [];',
        replace: '      if (FailedEntryCount >= 0) return [];',
      },
    ],
  },
  {
    name: 'relay-loses-its-rows',
    guards: 'journal rows that could not be relayed are kept for another try',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/platform/handlers/stream.ts',
        find: '      const lost = await retryLater(later);',
        replace: '      const lost: unknown[] = [];',
      },
    ],
  },
  {
    name: 'operations-swept-never',
    guards: 'an operation that is due is handed out again',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/application/timers/sweep-timers.ts',
        find: '    await handOut(ports, stillDue, now);',
        replace: '',
      },
    ],
  },
  {
    name: 'throttling-burns-receives',
    guards: 'a message that is put off is sent anew, its receives uncounted',
    invariant: 'I20',
    foundBy: 'operator-chaos, seeds 104, 566 and 923',
    edits: [
      {
        file: 'functions/platform/aws/queue-control.ts',
        find: "    if (next.do === 'park') return this.park(record, next.error, about);\n",
        replace: "    if (next.do === 'park') return this.park(record, next.error, about);\n    throw error;\n",
      },
    ],
  },
  {
    name: 'batch-dies-as-one',
    guards: 'messages that came before are taken one by one, so that a death does not count against the whole batch',
    invariant: 'I20',
    foundBy: 'operator-chaos, seeds 104, 566 and 923',
    edits: [
      {
        file: 'functions/platform/handlers/queue.ts',
        find: '    if (Records.length === 1 || suspects.length === 0) return together(Records, take);',
        replace: '    if (suspects.length >= 0) return together(Records, take);',
      },
    ],
  },
  {
    name: 'put-off-case-left-open',
    guards: 'the case of a message that was put off for long closes when it is taken',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/platform/handlers/queue.ts',
        find: '    await options.control().done(record);',
        replace: '',
      },
    ],
  },
];
