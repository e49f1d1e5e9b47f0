import { LOCAL } from '../config/stage.ts';

/**
 * Findings of cdk-nag that are known and accepted, each for a reason and for a time. A finding that is not listed stops the
 * synth; an entry that has expired or that no finding needs any more fails `test/infra`.
 */
export type Acknowledgement = {
  /** cdk-nag's id of the rule. */
  readonly rule: string;
  /** For rules that report several findings on a resource: exactly this one; `*` stands for any text. */
  readonly finding?: string;
  /** Path of the resource, without the stage's name; `*` stands for one segment. Never a whole stack. */
  readonly scope: string;
  /** Only for this stage. */
  readonly stage?: string;
  readonly reason: string;
  readonly since: string;
  readonly expires: string;
};

const YEAR = { since: '2026-11-23', expires: '2027-11-30' } as const;

const API_ROUTES = [
  'v1/returns/authorizations/POST',
  'v1/returns/eligibility/POST',
  'v1/returns/{returnId}/GET',
  'v1/returns/{returnId}/cancel/POST',
  'v1/orders/{reference}/GET',
];

export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    rule: 'AwsSolutions-S1',
    scope: 'CrossdockState/Archive/Resource',
    reason:
      'Objects are written and read by the functions alone; every access is in CloudTrail as a use of our key. An access log would be a second bucket with the same question.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-S1',
    scope: 'CrossdockState/Drop/Resource',
    reason:
      'Files are laid down by people and partners with rights of their own, and read by one function; every access is in CloudTrail as a use of our key.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-SMG4',
    scope: 'CrossdockState/*/Resource',
    reason:
      'Partners issue these secrets and have no interface to rotate them; two may be active at a time, so a person can.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: 'Resource::*',
    scope: 'CrossdockCore/*/Role/DefaultPolicy/Resource',
    reason:
      'Sending trace segments to X-Ray, and answering task tokens: AWS knows no resources for them. test/infra holds every wildcard to these actions.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: 'Resource::*',
    scope: 'CrossdockCore/ReturnToRefund/Machine/Role/DefaultPolicy/Resource',
    reason: 'Sending trace segments to X-Ray and setting up the delivery of logs: AWS knows no resources for them.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: 'Resource::*Archive*/raw/*',
    scope: 'CrossdockCore/*/Role/DefaultPolicy/Resource',
    reason: 'Raw messages are named when they come in; the right is for their prefix only.',
    ...YEAR,
  },
  ...['Archive*/settlements/*', 'Drop*/settlements/*', 'Drop*/mappings/*'].map((objects) => ({
    rule: 'AwsSolutions-IAM5',
    finding: `Resource::*${objects}`,
    scope: 'CrossdockCore/*/Role/DefaultPolicy/Resource',
    reason: 'Files and lines of settlements are named by those who lay them down; the right is for their prefix only.',
    ...YEAR,
  })),
  {
    rule: 'AwsSolutions-IAM5',
    finding: 'Resource::*State*/stream/*',
    scope: 'CrossdockCore/core-relay-journal/Role/DefaultPolicy/Resource',
    reason: 'Listing the streams of one table: AWS checks it against all streams of that table.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-IAM4',
    finding: 'Policy::*AmazonAPIGatewayPushToCloudWatchLogs',
    scope: 'CrossdockCore/Api/Api/CloudWatchRole/Resource',
    reason: 'The role that API Gateway uses for the logs of a whole account; AWS prescribes this policy for it.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-SF1',
    scope: 'CrossdockCore/ReturnToRefund/Machine/Resource',
    reason: 'Every transition is in the execution history for 90 days; the log holds errors, and pays for errors.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-APIG2',
    scope: 'CrossdockCore/Api/Api/Resource',
    reason:
      'Bodies pass byte for byte: signatures are over raw bytes, and senders differ. Size and form are checked behind.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-APIG6',
    scope: 'CrossdockCore/Api/Api/*/Resource',
    reason: 'Execution logs would hold headers with signatures. Access log and function logs find a request again.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-APIG3',
    scope: 'CrossdockCore/Api/Api/*/Resource',
    reason:
      'Throttled as a whole, and a forged message costs one short call. A web ACL is the choice of an account, not of an app.',
    ...YEAR,
  },
  {
    rule: 'AwsSolutions-COG4',
    scope: 'CrossdockCore/Api/Api/Default/v1/settlements/{channel}/{account}/{settlement}/GET/Resource',
    reason: 'Callers are systems and people of the retailer with roles of their own: IAM decides who may read.',
    ...YEAR,
  },
  ...['AwsSolutions-APIG4', 'AwsSolutions-COG4'].flatMap((rule) =>
    ['webhooks/shopify/{account}/POST', 'webhooks/generic/{account}/POST', ...API_ROUTES].map((route) => ({
      rule,
      scope: `CrossdockCore/Api/Api/Default/${route}/Resource`,
      reason:
        'Senders sign their messages or bring a token of their own authorization server; the function behind the route checks it before anything else.',
      ...YEAR,
    })),
  ),
  ...['AwsSolutions-APIG4', 'AwsSolutions-COG4'].map((rule) => ({
    rule,
    scope: 'CrossdockCore/Api/Api/Default/v1/openapi.json/GET/Resource',
    reason: 'The description of the API is for everybody, and holds nothing of anybody.',
    ...YEAR,
  })),
  ...API_ROUTES.map((route) => ({
    rule: 'AwsSolutions-COG4',
    scope: `CrossdockCore/Api/Api/Default/iam/${route}/Resource`,
    reason: 'Callers sign with AWS credentials, which API Gateway checks (AWS_IAM). No people sign in here.',
    ...YEAR,
  })),
  ...[
    ['AwsSolutions-S10', 'CrossdockState/Archive/Resource'],
    ['AwsSolutions-S10', 'CrossdockState/Drop/Resource'],
    ['AwsSolutions-SQS4', 'CrossdockCore/*/*/Resource'],
    ['AwsSolutions-SQS4', 'CrossdockCore/trigger-core-relay-journal/Failures/Dlq/Resource'],
  ].map(([rule = '', scope = '']) => ({
    rule,
    scope,
    stage: LOCAL,
    reason: 'Emulators on the loopback address speak plain HTTP; no other stage can be set up without TLS.',
    ...YEAR,
  })),
  {
    rule: 'AwsSolutions-SQS3',
    scope: 'CrossdockCore/trigger-core-relay-journal/Failures/Dlq/Resource',
    reason:
      'It is the dead-letter queue of the stream consumer, which cdk-nag does not look at; an alarm tells of anything in it.',
    ...YEAR,
  },
];
