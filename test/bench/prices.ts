/**
 * List prices of us-east-1, first tier, without any free allowance, as of `PRICED_AT`. `confirmed` says how sure a price is:
 * `aws` read on a page of AWS, `others` told alike by several pages of others, for AWS's own page shows its figures only to
 * browsers.
 */
export const PRICED_AT = '2026-11-25';

export type Price = {
  readonly what: string;
  readonly usd: number;
  /** How many of them cost that much. */
  readonly per: number;
  readonly source: string;
  readonly confirmed: 'aws' | 'others';
};

const MILLION = 1_000_000;
const GB = 1_000_000_000;

export const PRICES = {
  apiRequests: {
    what: 'API Gateway requests (REST)',
    usd: 3.5,
    per: MILLION,
    source: 'AWS whitepaper "Best Practices for Designing Amazon API Gateway Private APIs", table 4',
    confirmed: 'aws',
  },
  invocations: {
    what: 'Lambda requests',
    usd: 0.2,
    per: MILLION,
    source: 'https://aws.amazon.com/lambda/pricing/',
    confirmed: 'others',
  },
  gbSeconds: {
    what: 'Lambda GB-seconds (arm64)',
    usd: 0.0000133334,
    per: 1,
    source: 'https://aws.amazon.com/lambda/pricing/',
    confirmed: 'others',
  },
  sqsRequests: {
    what: 'SQS requests (standard, for each 64 KB)',
    usd: 0.4,
    per: MILLION,
    source: 'https://cloudburn.io/blog/amazon-sqs-pricing (March 2026)',
    confirmed: 'others',
  },
  events: {
    what: 'EventBridge custom events (for each 64 KB)',
    usd: 1,
    per: MILLION,
    source: 'https://cloudburn.io/blog/amazon-eventbridge-pricing (March 2026)',
    confirmed: 'others',
  },
  writeUnits: {
    what: 'DynamoDB write request units',
    usd: 0.625,
    per: MILLION,
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
    confirmed: 'others',
  },
  readUnits: {
    what: 'DynamoDB read request units',
    usd: 0.125,
    per: MILLION,
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
    confirmed: 'others',
  },
  archivePuts: {
    what: 'S3 PUT requests',
    usd: 5,
    per: MILLION,
    source: 'https://aws.amazon.com/s3/pricing/',
    confirmed: 'others',
  },
  secretReads: {
    what: 'Secrets Manager calls',
    usd: 5,
    per: MILLION,
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
    confirmed: 'others',
  },
  logBytes: {
    what: 'CloudWatch Logs ingested bytes',
    usd: 0.5,
    per: GB,
    source: 'https://hykell.com/kb/platform-specific-guides/aws-cloudwatch-logs-pricing',
    confirmed: 'others',
  },
} as const satisfies Record<string, Price>;

/** How much of everything that has a price. */
export type Usage = Readonly<Record<keyof typeof PRICES, number>>;

export type BillLine = { readonly what: string; readonly usd: number };

/** What the usage of some orders comes to for so many, line by line, dearest first. Throws when there were no orders. */
export function billOf(usage: Usage, { orders, scaledTo }: { orders: number; scaledTo: number }): BillLine[] {
  if (!(orders > 0)) throw new RangeError(`a bill is scaled from some orders, not from ${orders}`);
  return (Object.entries(PRICES) as [keyof Usage, Price][])
    .map(([key, { what, usd, per }]) => ({ what, usd: (usage[key] / orders) * scaledTo * (usd / per) }))
    .sort((a, b) => b.usd - a.usd);
}

export const totalOf = (lines: readonly BillLine[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

const CHUNK = 64 * 1024;

/** SQS and EventBridge count a payload by the 64 KB begun. */
export const chunksOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / CHUNK));
