import type { Mutant } from '../mutants.ts';

/** What a commit is conditional on, and what it holds together. */
export const COMMITS: readonly Mutant[] = [
  {
    name: 'version-check-dropped',
    guards: 'a commit is conditional on the version it was decided on',
    invariant: 'I5',
    edits: [
      {
        file: 'functions/platform/aws/commit-items.ts',
        find: "          ConditionExpression: '#version = :expected',",
        replace: "          ConditionExpression: '#version > :expected OR #version <= :expected',",
      },
    ],
  },
  {
    name: 'inbox-outside-the-transaction',
    guards: 'the inbox mark is written with what the message decided',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/aws/commit-items.ts',
        find: '    ...(inbox ? [inboxItem(inbox, now, tables)] : []),',
        replace: '',
      },
    ],
  },
];

/** How long the tables know what they know. */
export const RETENTION: readonly Mutant[] = [
  {
    name: 'order-forgotten-after-six-hours',
    guards: 'what is known of an order never expires',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/platform/aws/state-store.ts',
        find: '    return Item && storedOf<S>(Item);',
        replace:
          "    const placedAt = (Item?.state as { placedAt?: string } | undefined)?.placedAt ?? '9';\n    return Item && placedAt > new Date(Date.now() - 21_600_000).toISOString() ? storedOf<S>(Item) : undefined;",
      },
      {
        file: 'functions/platform/aws/commit-items.ts',
        find: "      ? { ConditionExpression: 'attribute_not_exists(pk)' }",
        replace: '      ? {}',
      },
    ],
  },
];
