/**
 * Every queue and function of Crossdock as plain data: what sets a function off, what it may touch, how it is run. The CDK
 * app makes resources and permissions of it, the command line and the docs list it. Nothing here is a token or a client.
 */

export type TableId = 'state' | 'operations' | 'inbox';

export type QueueSpec = {
  readonly id: string;
  /** What its messages are. */
  readonly carries: string;
  /** Receives after which a message goes to the DLQ. Only bugs get there: everything expected is acknowledged or parked. */
  readonly receives: number;
  /** Age of the oldest message, in seconds, from which somebody is told. */
  readonly alarmAgeSeconds: number;
  /** Types of the events that the bus puts on it, each event whole. */
  readonly events?: readonly string[];
  /** S3's news of files that are laid into the drop under this prefix are put on it. */
  readonly filesUnder?: string;
};

export type Route = { readonly method: 'GET' | 'POST'; readonly path: string };

/** How often something is looked for that nobody tells us of. */
export type Period = 'minute' | 'hour';

export type Trigger =
  /** `caller`: who may call, whoever AWS lets (IAM); left out where the function itself checks who sent a message. */
  | ({ readonly on: 'http'; readonly caller?: 'iam' } & Route)
  /** Routes of our own API, for clients that show who they are; also below `/iam`, for those with AWS credentials. */
  | { readonly on: 'api'; readonly routes: readonly Route[] }
  | {
      readonly on: 'queue';
      readonly queue: string;
      readonly batchSize: number;
      /** Messages under way at once, where a partner bears no more; SQS takes 2 at least. */
      readonly maxConcurrency?: number;
    }
  /** Journal rows of the state table, as they are inserted. */
  | { readonly on: 'journal'; readonly batchSize: number }
  | { readonly on: 'schedule'; readonly every: Period }
  | { readonly on: 'workflow' };

/** What a function may reach. Permissions and environment follow from it, and nothing else grants any. */
export type Needs = {
  readonly tables?: Readonly<Partial<Record<TableId, 'read' | 'write'>>>;
  readonly indexes?: readonly ('state/due' | 'state/foreignId' | 'operations/due')[];
  readonly archive?: 'read' | 'write';
  /** Files that people and partners lay down, and what their columns mean; or it lays down files itself. */
  readonly drop?: 'read' | 'write';
  /** Lines of settlements in the archive; who writes them reads them too. */
  readonly settlementLines?: 'read' | 'write';
  /** Hands out batches of orders that a settlement speaks of. */
  readonly settlementWorkQueue?: true;
  /** Asks for a settlement to be classified anew by whoever reads files. */
  readonly settlementFilesQueue?: true;
  /** The queue on which it asks for settlements to be collected. */
  readonly settlementRequestsQueue?: string;
  /** Puts events on the bus. */
  readonly publishes?: true;
  /** The intake queue that it feeds. */
  readonly intakeQueue?: string;
  /** Connectors whose operation queues it feeds. */
  readonly operationQueues?: readonly string[];
  readonly relayRetryQueue?: true;
  /** Connectors whose accounts it serves: their settings alone, or their secrets too. */
  readonly accounts?: Readonly<Record<string, 'settings' | 'secrets'>>;
  /** `start` begins return-to-refund; `answer` lets waiting steps go on. */
  readonly workflow?: readonly ('start' | 'answer')[];
  readonly configuration?: readonly (
    | 'routing'
    | 'returns-policy'
    | 'operation-lease'
    | 'workflow-pause'
    | 'settlement-terms'
    | 'return-reasons'
    | 'fraud-rules'
    | 'supplier-claims'
  )[];
};

export type FunctionSpec = {
  /** `<context>/<name>`; also the base of its names in the stack and in logs. */
  readonly id: string;
  /** Source file from the project's root; exports `handler`. */
  readonly entry: string;
  readonly does: string;
  readonly trigger: Trigger;
  /** Also its share of a core. Executors have less: nearly all of their time they wait for a partner, and it is paid for. */
  readonly memoryMb: number;
  /**
   * Most that one of the three spaces of V8's nursery (its young generation) may take, where memory must not grow with the
   * work: V8 lets them grow while much is allocated, however little of it lives. By the function's memory when left out.
   */
  readonly nurseryMb?: number;
  readonly timeoutSeconds: number;
  /** Room for temporary files; 512 MB when left out. */
  readonly temporaryMb?: number;
  readonly needs: Needs;
};

/** What starts return-to-refund, ends one of its waits, or tells a return of its refund. A test holds them to the registry. */
const RETURN_EVENTS = [
  'return.authorized.v1',
  'return.received.v1',
  'return.inspected.v1',
  'return.approved.v1',
  'return.refused.v1',
  'return.receipted.v1',
  'return.credited.v1',
  'return.stocked.v1',
  'return.refunded.v1',
  'return.closed.v1',
  'return.cancelled.v1',
  'return.expired.v1',
  'return.dispatched.v1',
  'return.receipt-closed.v1',
  'return.kept.v1',
  'return.store-credit-issued.v1',
  'return.exchanged.v1',
  'return.clawback-due.v1',
  'return.clawback-ended.v1',
  'return.reversed.v1',
  'refund.planned.v1',
  'refund.issued.v1',
  'refund.confirmed.v1',
  'refund.refused.v1',
  'refund.unconfirmed.v1',
  'refund.recorded.v1',
];

/** What is kept of returns beside their own life: reasons that no map knows, what fraud rules look back on, and what
 * suppliers owe. */
const SIGNAL_EVENTS = [
  'return.authorized.v1',
  'return.rejected.v1',
  'return.referred.v1',
  'return.reason-renormalized.v1',
  'return.received.v1',
  'return.inspected.v1',
  'return.refunded.v1',
  'return.refused.v1',
  'return.cancelled.v1',
  'return.expired.v1',
  'return.closed.v1',
  'refund.recorded.v1',
];

const CONNECTORS_WITH_OPERATIONS = ['shopify', 'tryton'];

/** Reads and writes aggregates in one transaction: state, journal, operations. */
const DECIDES = { state: 'write', operations: 'write' } as const;

/** Where what is decided goes. */
const ROUTING = ['routing'] as const;

/**
 * Counted are deaths of functions, time-outs and bugs, never trouble that passes (platform/queue-policy.ts) nor the batch's
 * other messages (platform/handlers/queue.ts). With eight even an executor that dies once in seven calls, as it does where
 * the simulator is at its worst, gives up one innocent message in five million; with five it would be one in seventeen thousand.
 */
const RECEIVES = 8;
/** And by which rules returns are settled: when books are open, what is paid before receipt. */
const WORKFLOW = ['routing', 'returns-policy'] as const;

export const QUEUES: readonly QueueSpec[] = [
  {
    id: 'shopify-intake',
    carries: 'authentic Shopify webhooks as they came in',
    receives: RECEIVES,
    alarmAgeSeconds: 300,
  },
  {
    id: 'generic-intake',
    carries: 'authentic Standard Webhooks as they came in',
    receives: RECEIVES,
    alarmAgeSeconds: 300,
  },
  {
    id: 'shopify-payouts',
    carries: 'payouts of Shopify to be collected, and settlements that are due to be collected again',
    receives: RECEIVES,
    alarmAgeSeconds: 7200,
    events: ['settlement.collection-due.v1'],
  },
  { id: 'shopify-operations', carries: 'keys of operations for Shopify', receives: RECEIVES, alarmAgeSeconds: 600 },
  { id: 'tryton-operations', carries: 'keys of operations for Tryton', receives: RECEIVES, alarmAgeSeconds: 600 },
  { id: 'relay-retry', carries: 'keys of journal rows that were not relayed', receives: 20, alarmAgeSeconds: 300 },
  {
    id: 'return-events',
    carries: 'events of returns and refunds',
    receives: RECEIVES,
    alarmAgeSeconds: 300,
    events: RETURN_EVENTS,
  },
  {
    id: 'return-signals',
    carries: 'events of returns that something is kept of',
    receives: RECEIVES,
    alarmAgeSeconds: 600,
    events: SIGNAL_EVENTS,
  },
  { id: 'workflow-waits', carries: 'waiting steps of return-to-refund', receives: RECEIVES, alarmAgeSeconds: 300 },
  {
    id: 'settlement-files',
    carries: 'news of settlement files in the drop, and settlements to be classified anew',
    receives: RECEIVES,
    alarmAgeSeconds: 3600,
    filesUnder: 'settlements/',
  },
  {
    id: 'settlement-work',
    carries: 'imported settlements, and batches of orders that they speak of',
    receives: RECEIVES,
    alarmAgeSeconds: 1800,
    events: ['settlement.imported.v1'],
  },
  {
    id: 'captured-orders',
    carries: 'orders that have come, for settlements that speak of them already',
    receives: RECEIVES,
    alarmAgeSeconds: 600,
    events: ['order.captured.v1'],
  },
];

/** Holds what the stream relay could not even begin to read; its messages name the place in the stream. */
export const STREAM_FAILURES = 'journal-stream';

export const FUNCTIONS: readonly FunctionSpec[] = [
  {
    id: 'shopify/receive',
    entry: 'functions/connectors/channels/shopify/handlers/receive.ts',
    does: 'Checks the signature of a Shopify webhook on its raw bytes, queues it and answers.',
    trigger: { on: 'http', method: 'POST', path: '/webhooks/shopify/{account}' },
    memoryMb: 512,
    timeoutSeconds: 10,
    needs: { archive: 'write', intakeQueue: 'shopify-intake', accounts: { shopify: 'secrets' } },
  },
  {
    id: 'shopify/intake',
    entry: 'functions/connectors/channels/shopify/handlers/intake.ts',
    does: 'Translates a Shopify webhook and commits what it decides.',
    trigger: { on: 'queue', queue: 'shopify-intake', batchSize: 10 },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: {
      tables: { ...DECIDES, inbox: 'write' },
      archive: 'read',
      accounts: { shopify: 'settings' },
      configuration: ROUTING,
    },
  },
  {
    id: 'shopify/execute',
    entry: 'functions/connectors/channels/shopify/handlers/execute.ts',
    does: 'Carries out operations at Shopify: fulfilments and refunds.',
    trigger: { on: 'queue', queue: 'shopify-operations', batchSize: 1, maxConcurrency: 4 },
    memoryMb: 256,
    timeoutSeconds: 60,
    needs: {
      tables: DECIDES,
      operationQueues: ['shopify'],
      accounts: { shopify: 'secrets' },
      configuration: [...ROUTING, 'operation-lease'],
    },
  },
  {
    id: 'shopify/poll-payouts',
    entry: 'functions/connectors/channels/shopify/handlers/poll-payouts.ts',
    does: 'Looks for payouts of Shopify that are paid out and unknown here, and asks for them to be collected.',
    trigger: { on: 'schedule', every: 'hour' },
    memoryMb: 256,
    timeoutSeconds: 120,
    needs: {
      tables: { state: 'write' },
      settlementRequestsQueue: 'shopify-payouts',
      accounts: { shopify: 'secrets' },
    },
  },
  {
    id: 'shopify/collect-payout',
    entry: 'functions/connectors/channels/shopify/handlers/collect-payout.ts',
    does: 'Fetches a payout of Shopify with all that is in it and lays it into the drop.',
    // One at a time leaves points of the shop's bucket to refunds; SQS takes no less than two.
    trigger: { on: 'queue', queue: 'shopify-payouts', batchSize: 1, maxConcurrency: 2 },
    memoryMb: 512,
    timeoutSeconds: 600,
    needs: { tables: { state: 'write' }, drop: 'write', accounts: { shopify: 'secrets' } },
  },
  {
    id: 'generic/receive',
    entry: 'functions/connectors/generic/handlers/receive.ts',
    does: 'Checks the signature of a Standard Webhooks message on its raw bytes, queues it and answers.',
    trigger: { on: 'http', method: 'POST', path: '/webhooks/generic/{account}' },
    memoryMb: 512,
    timeoutSeconds: 10,
    needs: { archive: 'write', intakeQueue: 'generic-intake', accounts: { generic: 'secrets' } },
  },
  {
    id: 'generic/intake',
    entry: 'functions/connectors/generic/handlers/intake.ts',
    does: 'Translates a Standard Webhooks message (returns, orders, notifications) and commits what it decides.',
    trigger: { on: 'queue', queue: 'generic-intake', batchSize: 10 },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: {
      tables: { ...DECIDES, inbox: 'write' },
      archive: 'read',
      accounts: { generic: 'settings' },
      configuration: ROUTING,
    },
  },
  {
    id: 'tryton/execute',
    entry: 'functions/connectors/erps/tryton/handlers/execute.ts',
    does: 'Carries out operations at Tryton: sales orders, item receipts, credit memos, stock moves, journals, supplier claims.',
    trigger: { on: 'queue', queue: 'tryton-operations', batchSize: 1, maxConcurrency: 4 },
    memoryMb: 256,
    timeoutSeconds: 60,
    needs: {
      tables: DECIDES,
      operationQueues: ['tryton'],
      accounts: { tryton: 'secrets' },
      configuration: [...ROUTING, 'operation-lease'],
    },
  },
  {
    id: 'tryton/poll-shipments',
    entry: 'functions/connectors/erps/tryton/handlers/poll-shipments.ts',
    does: 'Reads what Tryton has shipped since the last minute and tells the orders.',
    trigger: { on: 'schedule', every: 'minute' },
    memoryMb: 512,
    timeoutSeconds: 50,
    needs: { tables: DECIDES, accounts: { tryton: 'secrets' }, configuration: ROUTING },
  },
  {
    id: 'core/relay-journal',
    entry: 'functions/handlers/core/relay-journal.ts',
    does: 'Publishes the events of inserted journal rows and hands their operations to their queues.',
    trigger: { on: 'journal', batchSize: 100 },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: { publishes: true, operationQueues: CONNECTORS_WITH_OPERATIONS, relayRetryQueue: true },
  },
  {
    id: 'core/relay-retry',
    entry: 'functions/handlers/core/relay-retry.ts',
    does: 'Relays journal rows that the stream relay could not.',
    trigger: { on: 'queue', queue: 'relay-retry', batchSize: 10 },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: {
      tables: { state: 'read' },
      publishes: true,
      operationQueues: CONNECTORS_WITH_OPERATIONS,
    },
  },
  {
    id: 'core/sweep-timers',
    entry: 'functions/handlers/core/sweep-timers.ts',
    does: 'Hands out due operations, does what due timers ask, keeps waiting steps alive.',
    trigger: { on: 'schedule', every: 'minute' },
    memoryMb: 512,
    timeoutSeconds: 50,
    needs: {
      tables: DECIDES,
      indexes: ['state/due', 'operations/due'],
      operationQueues: CONNECTORS_WITH_OPERATIONS,
      settlementWorkQueue: true,
      settlementFilesQueue: true,
      workflow: ['answer'],
      configuration: WORKFLOW,
    },
  },
  {
    id: 'returns/receive-authorization',
    entry: 'functions/handlers/returns/receive-authorization.ts',
    does: 'Decides a request for a return while the returns platform waits.',
    trigger: {
      on: 'api',
      routes: [
        { method: 'POST', path: '/v1/returns/authorizations' },
        { method: 'POST', path: '/v1/returns/eligibility' },
      ],
    },
    memoryMb: 1024,
    timeoutSeconds: 15,
    needs: {
      tables: { ...DECIDES, inbox: 'write' },
      accounts: { generic: 'secrets', tryton: 'secrets' },
      configuration: ['routing', 'returns-policy', 'return-reasons', 'fraud-rules'],
    },
  },
  {
    id: 'returns/serve-returns',
    entry: 'functions/handlers/returns/serve-returns.ts',
    does: 'Shows returns platforms their returns and the orders they ask about, and cancels a return.',
    trigger: {
      on: 'api',
      routes: [
        { method: 'GET', path: '/v1/returns/{returnId}' },
        { method: 'POST', path: '/v1/returns/{returnId}/cancel' },
        { method: 'GET', path: '/v1/orders/{reference}' },
      ],
    },
    memoryMb: 512,
    timeoutSeconds: 15,
    needs: {
      tables: { ...DECIDES, inbox: 'write' },
      indexes: ['state/foreignId'],
      accounts: { generic: 'secrets' },
      configuration: ROUTING,
    },
  },
  {
    id: 'returns/describe-api',
    entry: 'functions/handlers/returns/describe-api.ts',
    does: 'Serves the OpenAPI document of the API to anybody.',
    trigger: { on: 'http', method: 'GET', path: '/v1/openapi.json' },
    memoryMb: 256,
    timeoutSeconds: 10,
    needs: {},
  },
  {
    id: 'returns/on-return-event',
    entry: 'functions/handlers/returns/on-return-event.ts',
    does: 'Starts return-to-refund, lets its waiting steps go on, tells a return of its refund.',
    trigger: { on: 'queue', queue: 'return-events', batchSize: 10 },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: { tables: DECIDES, workflow: ['start', 'answer'], configuration: WORKFLOW },
  },
  {
    id: 'returns/keep-signals',
    entry: 'functions/handlers/returns/keep-signals.ts',
    does: 'Keeps what returns show beside their own life: unknown reasons, what fraud rules look back on, supplier claims.',
    trigger: { on: 'queue', queue: 'return-signals', batchSize: 10 },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: { tables: { state: 'write', inbox: 'write' }, configuration: ['fraud-rules', 'supplier-claims'] },
  },
  {
    id: 'returns/step-wait',
    entry: 'functions/handlers/returns/step-wait.ts',
    does: 'Registers a waiting step, asks for what it waits for, and lets it go on at once if that is there.',
    trigger: { on: 'queue', queue: 'workflow-waits', batchSize: 10 },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: { tables: DECIDES, workflow: ['answer'], configuration: WORKFLOW },
  },
  {
    id: 'returns/step-return',
    entry: 'functions/handlers/returns/step-return.ts',
    does: 'Does the steps of return-to-refund that need no waiting: validate, close, escalate.',
    trigger: { on: 'workflow' },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: { tables: DECIDES, configuration: ['routing', 'returns-policy', 'workflow-pause', 'fraud-rules'] },
  },
  {
    id: 'settlements/import',
    entry: 'functions/handlers/settlements/import.ts',
    does: 'Reads a settlement file whole, lays its lines into the archive and commits its settlements.',
    trigger: { on: 'queue', queue: 'settlement-files', batchSize: 1, maxConcurrency: 2 },
    memoryMb: 1769,
    nurseryMb: 4,
    timeoutSeconds: 600,
    temporaryMb: 4096,
    needs: {
      tables: DECIDES,
      drop: 'read',
      settlementLines: 'write',
      configuration: ['routing', 'settlement-terms'],
    },
  },
  {
    id: 'settlements/on-order-captured',
    entry: 'functions/handlers/settlements/on-order-captured.ts',
    does: 'Has settlements that speak of an order told again when it comes after them.',
    trigger: { on: 'queue', queue: 'captured-orders', batchSize: 10, maxConcurrency: 4 },
    memoryMb: 512,
    timeoutSeconds: 30,
    needs: { tables: DECIDES, configuration: ROUTING },
  },
  {
    id: 'settlements/read-settlement',
    entry: 'functions/handlers/settlements/read-settlement.ts',
    does: 'Answers what is known of a settlement: differences by cause and age, journal and documents in the ERP.',
    trigger: { on: 'http', method: 'GET', path: '/v1/settlements/{channel}/{account}/{settlement}', caller: 'iam' },
    memoryMb: 512,
    timeoutSeconds: 15,
    needs: { tables: { state: 'read', operations: 'read' } },
  },
  {
    id: 'settlements/record-orders',
    entry: 'functions/handlers/settlements/record-orders.ts',
    does: 'Tells orders what a settlement says of them, batch by batch, and the settlement what does not agree.',
    trigger: { on: 'queue', queue: 'settlement-work', batchSize: 1, maxConcurrency: 4 },
    memoryMb: 1024,
    timeoutSeconds: 300,
    needs: {
      tables: DECIDES,
      indexes: ['state/foreignId'],
      settlementLines: 'write',
      settlementWorkQueue: true,
      configuration: ['routing', 'settlement-terms'],
    },
  },
];

/** Routes by which a function is called over HTTP. */
export function routesOf({ trigger }: Pick<FunctionSpec, 'trigger'>): readonly Route[] {
  if (trigger.on === 'http') return [{ method: trigger.method, path: trigger.path }];
  return trigger.on === 'api' ? trigger.routes : [];
}

/** The key of a stack output: `outputName('Queue', 'shopify-intake')` is `QueueShopifyIntake`. */
export const outputName = (kind: 'Queue' | 'Dlq' | 'Function' | 'LogGroup' | 'SetSecret', id: string): string =>
  `${kind}${pascalCase(id)}`;

/** `shopify/poll-orders` → `ShopifyPollOrders`. */
export const pascalCase = (id: string): string =>
  id
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
