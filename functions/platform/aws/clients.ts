import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { once } from '../env.ts';

/**
 * The SDK's clients, each made at its first use and kept for the life of the sandbox. Where and as whom they call comes from
 * the environment (AWS_REGION, AWS_ENDPOINT_URL, credentials): nothing of it is set here.
 */

// The SDK would try for minutes otherwise; a message or a webhook that comes again is the better retry.
export const PATIENCE = { maxAttempts: 3 };

// A queue's URL names AWS's own host; with an endpoint of our own the client must go there instead.
export const sqsClient = /* @__PURE__ */ once(() => new SQSClient({ ...PATIENCE, useQueueUrlAsEndpoint: false }));

export const eventBridgeClient = /* @__PURE__ */ once(() => new EventBridgeClient(PATIENCE));

export const workflowClient = /* @__PURE__ */ once(() => new SFNClient(PATIENCE));

export const secretsClient = /* @__PURE__ */ once(() => new SecretsManagerClient(PATIENCE));
