/** What the simulated DynamoDB must know of a table. All key attributes are strings, as in every table of ours. */
export type TableSpec = {
  readonly name: string;
  readonly pk: string;
  readonly sk?: string;
  readonly indexes?: readonly IndexSpec[];
  /** Whether changes are told to the stream's listeners. */
  readonly stream?: boolean;
};

export type IndexSpec = {
  readonly name: string;
  readonly pk: string;
  readonly sk?: string;
  readonly projection: 'keys-only' | 'all';
};

const index = (name: string, pk: string, sk: string): IndexSpec => ({ name, pk, sk, projection: 'keys-only' });

/** The tables as the state stack makes them: test/infra/state.test.ts compares them with its template. */
export const crossdockTables = (names: {
  readonly state: string;
  readonly operations: string;
  readonly inbox: string;
}): TableSpec[] => [
  {
    name: names.state,
    pk: 'pk',
    sk: 'sk',
    indexes: [
      index('foreignId', 'foreignId', 'pk'),
      index('openCases', 'openOwner', 'lastSeenAt'),
      index('due', 'dueShard', 'dueAt'),
    ],
    stream: true,
  },
  { name: names.operations, pk: 'key', indexes: [index('due', 'dueShard', 'dueAt')] },
  { name: names.inbox, pk: 'mailbox', sk: 'deliveryId' },
];
