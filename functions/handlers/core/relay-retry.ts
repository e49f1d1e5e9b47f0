import { ids, relayRetryPorts } from '#platform/handlers/on-aws.ts';
import { relayRetryHandler } from '#platform/handlers/relay-retry.ts';

export const handler = relayRetryHandler(relayRetryPorts, ids);
