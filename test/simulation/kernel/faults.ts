import type { Random } from './random.ts';

/**
 * Every way in which the world around Crossdock misbehaves, by name, with how often it does when a workload asks for
 * trouble (chance per occasion) and who says that it may. A summary names each with how often it struck; one that never
 * did is an error, for then nothing was tried.
 */
export const FAULTS = {
  // AWS Lambda: a sandbox can end at any time, and an event can be delivered more than once
  // (docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html, …/lambda-runtime-environment.html).
  'lambda.crash-before-effect': 0.003,
  'lambda.crash-after-effect': 0.003,
  'lambda.hangs': 0.0006,
  // A message that every function dies of that has it in hand, as of too little memory: chance per batch of several, for
  // then there are others beside it.
  'lambda.dies-of-a-message': 0.04,
  // SQS standard queues: at least once, best-effort order, per-entry results of a batch, visibility that ends during work
  // (…/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html, …/sqs-visibility-timeout.html).
  'sqs.delivered-twice': 0.02,
  'sqs.delivered-at-once': 0.05,
  'sqs.delivered-late': 0.03,
  'sqs.visibility-ends-early': 0.01,
  'sqs.send-refused': 0.004,
  'sqs.entry-refused': 0.01,
  'sqs.sent-twice': 0.005,
  'sqs.delete-lost': 0.01,
  // DynamoDB (…/amazondynamodb/latest/developerguide/Programming.Errors.html, …/transaction-apis.html, …/HowItWorks.ReadConsistency.html).
  'dynamodb.throttled': 0.004,
  'dynamodb.transaction-conflict': 0.006,
  'dynamodb.answer-lost': 0.003,
  'dynamodb.stale-index': 0.15,
  // Rights that were just granted take a while (docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html): an error that
  // nobody has classified, and so a bug to our handlers.
  'dynamodb.denied': 0.001,
  // Streams into Lambda: at least once, a batch comes again whole (…/lambda/latest/dg/services-dynamodb-eventsourcemapping.html).
  'stream.batch-comes-again': 0.02,
  'stream.late': 0.03,
  // EventBridge: no order, duplicates, per-entry failure (…/eventbridge/latest/userguide/eb-putevents.html).
  'bus.entry-refused': 0.01,
  'bus.call-refused': 0.004,
  'bus.delivered-twice': 0.02,
  'bus.delivered-late': 0.03,
  // The minute's rule (…/eventbridge/latest/userguide/eb-create-rule-schedule.html: at least once, and not to the second).
  'tick.twice': 0.03,
  'tick.late': 0.05,
  'tick.missed': 0.03,
  // Step Functions (…/step-functions/latest/dg/connect-to-resource.html).
  'workflow.token-lost': 0.02,
  'workflow.wait-sent-twice': 0.03,
  'workflow.answer-lost': 0.01,
  'secrets.unavailable': 0.002,
  'archive.unavailable': 0.05,
  // Any partner over HTTP.
  'network.not-connected': 0.01,
  'network.request-lost': 0.006,
  'network.answer-lost': 0.01,
  'network.answer-late': 0.006,
  'network.error-before': 0.006,
  'network.error-after': 0.005,
  // Troubles that last, of AWS's services and of the partners themselves: chances per quarter of an hour (retailer/troublemaker.ts). What each is in the
  // partner's own words stands with the partner (partners/tryton/switches.ts, partners/shopify/troubles.ts).
  'aws.dynamodb-away': 0.008,
  'aws.bus-away': 0.04,
  'aws.sqs-away': 0.008,
  // The same at the worst moment, per step that a workflow has us do: what is done about a failure fails too.
  'aws.dynamodb-away-at-a-step': 0.006,
  'erp.busy': 0.05,
  'erp.session-ends': 0.06,
  'erp.outage': 0.02,
  'erp.maintenance': 0.01,
  'erp.closed-period': 0.01,
  'shop.too-many-requests': 0.03,
  'shop.too-many-requests-with-time': 0.03,
  'shop.throttled': 0.03,
  'shop.user-error': 0.02,
  'shop.slow-mutation': 0.2,
  'shop.error-in-200': 0.15,
  'shop.token-refused': 0.01,
  'shop.reads-lag': 0.3,
  // Of shops whose returns go every way (returns-in-depth): a payment that was pending ends as failed, and nobody is told.
  'shop.gateway-fails-later': 0.1,
  // Shopify (shopify.dev/docs/apps/build/webhooks/ignore-duplicates, …/best-practices: late by a day, no order).
  'shop.webhook-twice': 0.08,
  'shop.webhook-late': 0.03,
  'shop.webhook-disordered': 0.1,
  // Per change by the staff: another in the same moment. `updated_at` knows seconds, X-Shopify-Triggered-At milliseconds
  // (shopify.dev/docs/apps/build/webhooks/subscribe, headers), so nothing says which of the two was the later one.
  'shop.changes-twice-at-once': 0.2,
  // A returns platform.
  'platform.event-twice': 0.06,
  'platform.event-late': 0.05,
  // The warehouse.
  'warehouse.ships-in-parts': 0.2,
  // Per call of ours that the ERP has answered: before the next one people there have gone on working on the latest order.
  'warehouse.works-meanwhile': 0.004,
  // What comes back of a return, and what does not: several receipts, unexpected items, no items
  // (developer.happyreturns.com/partner/webhooks/return); chances per return.
  'warehouse.receives-in-parts': 0.15,
  'warehouse.restocks-damaged': 0.06,
  'buyer.sends-nothing': 0.1,
  'buyer.sends-more': 0.08,
  'buyer.sends-something-else': 0.05,
  'buyer.sends-an-empty-box': 0.03,
  'carrier.parcel-lost': 0.05,
  'carrier.parcel-late': 0.1,
  // A channel's settlements, per transaction or file: deferred transactions (developer-docs.amazon.com/sp-api, finances:
  // DEFERRED), files that change after they were published and files that do not come to their own total (docs/settlements.md).
  'channel.settles-later': 0.15,
  'channel.forgets-refund': 0.15,
  'channel.settles-unknown-order': 0.15,
  'channel.changes-lines': 0.35,
  'channel.file-cut-off': 0.1,
  'channel.file-lacks-lines': 0.1,
  'channel.total-off-by-a-cent': 0.1,
  'channel.date-is-none': 0.08,
  'channel.word-unknown': 0.08,
} as const;

export type Fault = keyof typeof FAULTS;

/** One fault that struck: which, and the how-manieth occasion for it. */
export type Struck = { readonly fault: Fault; readonly occasion: number };

const nameOf = ({ fault, occasion }: Struck): string => `${fault}#${occasion}`;

export type DiceOptions = {
  /** Multiplies every chance; 0 is a world without faults. */
  readonly intensity: number;
  /** Strike just these, whatever the dice say: how a failing run is made smaller. */
  readonly only?: readonly Struck[];
};

/** Decides, occasion by occasion, whether a fault strikes. Each fault has its own stream of chance. */
export class Dice {
  readonly struck: Struck[] = [];
  readonly #streams = new Map<Fault, { readonly random: Random; occasions: number }>();
  readonly #only: ReadonlySet<string> | undefined;
  #intensity: number;
  readonly #random: Random;

  constructor(random: Random, { intensity, only }: DiceOptions) {
    this.#random = random;
    this.#intensity = intensity;
    this.#only = only && new Set(only.map(nameOf));
  }

  /** From now on the world behaves. */
  heal(): void {
    this.#intensity = 0;
  }

  strikes(fault: Fault): boolean {
    if (this.#intensity === 0) return false;
    let stream = this.#streams.get(fault);
    if (!stream) {
      stream = { random: this.#random.fork(fault), occasions: 0 };
      this.#streams.set(fault, stream);
    }
    const occasion = stream.occasions++;
    const rolled = stream.random.real() < FAULTS[fault] * this.#intensity;
    const struck = this.#only ? this.#only.has(nameOf({ fault, occasion })) : rolled;
    if (struck) this.struck.push({ fault, occasion });
    return struck;
  }
}
