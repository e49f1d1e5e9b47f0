import type { Mutant } from '../mutants.ts';

/** Where a buyer may be named. */
export const PRIVACY: readonly Mutant[] = [
  {
    name: 'buyer-in-the-events',
    guards: 'personal data lies in one attribute of one row',
    invariant: 'I16',
    edits: [
      {
        file: 'functions/platform/aws/rows.ts',
        find: '    state: rest,',
        replace: '    state: { ...rest, buyer: (personal as { email?: string } | undefined)?.email ?? null },',
      },
    ],
  },
  {
    name: 'buyer-in-the-log',
    guards: 'a line of a log names ids, never what a message holds',
    invariant: 'I16',
    edits: [
      {
        file: 'functions/application/intake/take-message.ts',
        find: '{ topic, subject, why, deliveryId }',
        replace: '{ topic, subject, why, body: new TextDecoder().decode(message.body) }',
      },
    ],
  },
];
